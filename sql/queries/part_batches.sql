-- The batches above a scope's cursor that say something to it, $2 at most: offsets, event times in microseconds, and whether what was there was
-- decoded anew.
SELECT b.stream_id, b.first_offset, b.next_offset, (extract(epoch FROM b.min_event_time) * 1000000)::bigint,
       (extract(epoch FROM b.max_event_time) * 1000000)::bigint, b.kind = 'redecode'
FROM evidence.stream s
LEFT JOIN correlate.cursor c ON c.scope = $1::text AND c.stream_id = s.stream_id
CROSS JOIN LATERAL (
    SELECT a.* FROM evidence.batch a
    WHERE a.stream_id = s.stream_id AND a.seq > coalesce(c.seq, 0)
      AND a.scopes IS DISTINCT FROM '{}' AND (a.scopes IS NULL OR $1::text = ANY (a.scopes))
    OFFSET 0) b
WHERE s.stream_id > 0
ORDER BY b.stream_id, b.first_offset, b.next_offset
LIMIT $2::bigint
