-- Streams with records, in order of their numbers.
SELECT stream_id, cluster_id, topic, incarnation, partition, next_offset
FROM evidence.stream WHERE records > 0
ORDER BY stream_id
