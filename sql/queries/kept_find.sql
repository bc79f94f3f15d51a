-- A raw record that outlived its segment.
SELECT s.topic, s.incarnation, s.partition, k.leaf_index, k.leaf_count, k.timestamp_type,
       (extract(epoch FROM k.kafka_time) * 1000000)::bigint, k.key, k.value, k.headers, k.sha256,
       k.merkle_path, k.root, k.leaf_version::integer
FROM evidence.kept k JOIN evidence.stream s USING (stream_id)
WHERE k.stream_id = $1::bigint AND k.record_offset = $2::bigint
