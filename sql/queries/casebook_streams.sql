SELECT stream_id, topic, incarnation, partition FROM evidence.stream ORDER BY stream_id
