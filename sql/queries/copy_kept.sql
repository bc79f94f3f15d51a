-- The order of columns is that of the fields in store/evidence/kept.c.
COPY evidence.kept (stream_id, record_offset, kafka_time, leaf_index, leaf_count, timestamp_type,
    key, value, headers, sha256, merkle_path, root, leaf_version)
FROM STDIN (FORMAT binary)
