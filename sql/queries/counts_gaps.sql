-- Offsets that could not be read and lie within [$1, $2] as far as known, at most 100, in order of time.
SELECT topic, incarnation, partition, from_offset, to_offset, kind, after_time, before_time
FROM analyst.gap_times
WHERE greatest(after_time, before_time) >= $1::timestamptz AND least(after_time, before_time) <= $2::timestamptz
ORDER BY least(after_time, before_time), topic COLLATE "C", incarnation, partition, from_offset
LIMIT 100
