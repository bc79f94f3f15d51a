SELECT scope, watermark, newest_event_time, batches_behind, held_by_topic, held_by_partition
FROM analyst.watermark ORDER BY scope COLLATE "C"
