SELECT configuration_no, counts FROM analyst.configuration ORDER BY configuration_no;
