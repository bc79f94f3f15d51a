-- The first segment of a stream that begins at offset $2 or later and was written on day $3 or later;
-- the columns of segment_find.sql, then the day.
SELECT s.topic, s.incarnation, s.partition, g.first_offset, g.records, g.offsets, g.ends, g.root,
       g.data, g.leaf_version::integer
FROM evidence.segment g JOIN evidence.stream s USING (stream_id)
WHERE g.stream_id = $1::bigint AND g.first_offset >= $2::bigint AND g.day >= $3::date
ORDER BY g.first_offset
LIMIT 1
