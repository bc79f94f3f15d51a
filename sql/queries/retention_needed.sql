-- Of the segments written on the days [$1, $2): which records does an event or a line that the
-- correlator reads come from, and are they not kept yet? One row per segment that holds any.
WITH bounds AS (
    SELECT stream_id, min(first_offset) AS lo,
           max(coalesce(offsets[records], first_offset + records - 1)) AS hi
    FROM evidence.segment WHERE day >= $1::date AND day < $2::date GROUP BY stream_id
), needed AS (
    SELECT e.stream_id, e.record_offset FROM bounds b
    JOIN ingest.event e ON e.stream_id = b.stream_id AND e.record_offset BETWEEN b.lo AND b.hi
    UNION
    SELECT l.stream_id, l.record_offset FROM bounds b
    JOIN ingest.log l ON l.stream_id = b.stream_id AND l.record_offset BETWEEN b.lo AND b.hi
    WHERE l.severity >= 13 OR l.format = 'hindcast'
       OR (l.uid IS NOT NULL AND ingest.came_again(l.scope, l.uid))
    UNION
    SELECT l.stream_id, l.record_offset FROM bounds b
    JOIN ingest.log_kept l ON l.stream_id = b.stream_id AND l.record_offset BETWEEN b.lo AND b.hi
    WHERE l.severity >= 13 OR l.format = 'hindcast'
       OR (l.uid IS NOT NULL AND ingest.came_again(l.scope, l.uid))
    EXCEPT
    SELECT k.stream_id, k.record_offset FROM bounds b
    JOIN evidence.kept k ON k.stream_id = b.stream_id AND k.record_offset BETWEEN b.lo AND b.hi
)
SELECT n.stream_id, g.first_offset, g.day, array_agg(n.record_offset ORDER BY n.record_offset)
FROM needed n
CROSS JOIN LATERAL (
    SELECT s.first_offset, s.day FROM evidence.segment s
    WHERE s.stream_id = n.stream_id AND s.first_offset <= n.record_offset
      AND s.day >= $1::date AND s.day < $2::date
    ORDER BY s.first_offset DESC LIMIT 1) g
GROUP BY n.stream_id, g.first_offset, g.day
ORDER BY n.stream_id, g.first_offset
