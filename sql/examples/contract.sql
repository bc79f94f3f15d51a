SELECT version, oldest_compatible FROM analyst.contract;
