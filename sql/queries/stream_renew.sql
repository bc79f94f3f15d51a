-- The next incarnation of a partition whose topic was created again.
INSERT INTO evidence.stream (cluster_id, topic, partition, incarnation)
SELECT cluster_id, topic, partition, incarnation + 1 FROM evidence.stream WHERE stream_id = $1::bigint
ON CONFLICT DO NOTHING
