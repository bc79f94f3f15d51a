SELECT partitions_behind FROM analyst.decoding_use;
