-- The columns of part_batches.sql of the batches above the positions $3 ({"stream": seq, ...}) that say something to a scope, and their stream's
-- seq: as many, in order of streams, as account for $2 offsets, one at least, and the next one.
SELECT stream_id, first_offset, next_offset, min_us, max_us, anew, seq
FROM (
    SELECT b.stream_id, b.first_offset, b.next_offset, (extract(epoch FROM b.min_event_time) * 1000000)::bigint AS min_us,
           (extract(epoch FROM b.max_event_time) * 1000000)::bigint AS max_us, b.kind = 'redecode' AS anew, b.seq,
           coalesce(sum(b.next_offset - b.first_offset) OVER (ORDER BY b.stream_id, b.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING), 0) AS before
    FROM evidence.stream s
    CROSS JOIN LATERAL (
        SELECT a.* FROM evidence.batch a
        WHERE a.stream_id = s.stream_id AND a.seq > coalesce(($3::jsonb ->> s.stream_id::text)::bigint, 0)
          AND a.scopes IS DISTINCT FROM '{}' AND (a.scopes IS NULL OR $1::text = ANY (a.scopes))
        OFFSET 0) b
    WHERE s.stream_id > 0) n
WHERE before < $2::bigint
ORDER BY stream_id, seq
