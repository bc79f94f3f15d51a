-- The segments of a stream that may hold these offsets ($2, an array), each once.
SELECT DISTINCT ON (g.first_offset) g.first_offset, g.records, g.offsets, g.ends, g.data
FROM unnest($2::bigint[]) w(o)
CROSS JOIN LATERAL (
    SELECT s.first_offset, s.records, s.offsets, s.ends, s.data FROM evidence.segment s
    WHERE s.stream_id = $1::bigint AND s.first_offset <= w.o
    ORDER BY s.first_offset DESC LIMIT 1) g
WHERE coalesce(g.offsets[g.records], g.first_offset + g.records - 1) >= w.o
ORDER BY g.first_offset
