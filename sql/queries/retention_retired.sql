-- Note what goes with the segments of the days [$1, $2).
INSERT INTO evidence.retired (stream_id, first_offset, next_offset, day)
SELECT stream_id, min(first_offset),
       max(coalesce(offsets[records], first_offset + records - 1)) + 1, day
FROM evidence.segment WHERE day >= $1::date AND day < $2::date GROUP BY stream_id, day
ON CONFLICT DO NOTHING
