SELECT topic, partition, from_offset, to_offset, kind FROM analyst.source_gaps ORDER BY topic, partition, from_offset;
