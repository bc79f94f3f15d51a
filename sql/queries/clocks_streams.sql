-- Partitions that have records of a time, each with its first and last one. $1, $2: event time in
-- microseconds, from (included) and to; null: no bound.
SELECT stream_id, min(record_offset), max(record_offset)
FROM (SELECT stream_id, record_offset, event_time FROM ingest.log
      UNION ALL SELECT stream_id, record_offset, event_time FROM ingest.event) r
WHERE ($1::bigint IS NULL OR event_time >= '1970-01-01Z'::timestamptz + $1::bigint * interval '1 microsecond')
  AND ($2::bigint IS NULL OR event_time < '1970-01-01Z'::timestamptz + $2::bigint * interval '1 microsecond')
GROUP BY stream_id ORDER BY stream_id
