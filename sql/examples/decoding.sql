SELECT count(*) AS applied FROM analyst.decoding;
