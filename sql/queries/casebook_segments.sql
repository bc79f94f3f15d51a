-- Segments of a stream from the one that may hold offset $2 on.
SELECT first_offset, records, offsets, ends, data
FROM evidence.segment
WHERE stream_id = $1::bigint
  AND first_offset >= coalesce((SELECT max(first_offset) FROM evidence.segment
                                WHERE stream_id = $1::bigint AND first_offset <= $2::bigint), 0)
ORDER BY first_offset
LIMIT 32
