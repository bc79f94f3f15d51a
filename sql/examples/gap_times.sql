SELECT topic, partition, kind, after_time, before_time FROM analyst.gap_times ORDER BY topic, partition, from_offset;
