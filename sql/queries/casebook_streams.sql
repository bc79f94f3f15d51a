SELECT stream_id, topic, incarnation, partition, cluster_id FROM evidence.stream ORDER BY stream_id
