SELECT configuration_no, derivation FROM analyst.configuration WHERE counts;
