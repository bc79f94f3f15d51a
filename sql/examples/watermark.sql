SELECT scope, watermark, newest_event_time, batches_behind FROM analyst.watermark;
