SELECT topic, incarnation, partition, from_offset, to_offset, kind, seen_at
FROM analyst.source_gaps
WHERE seen_at > now() - $1::bigint * interval '1 microsecond'
ORDER BY seen_at DESC, topic COLLATE "C", partition, from_offset
LIMIT 100
