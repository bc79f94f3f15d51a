-- SHA-256 of the records of a stream that outlived their segments, offsets from $2 to $3, and what the
-- frame digest is made of beside it.
SELECT record_offset, sha256, key, headers, octet_length(value)
FROM evidence.kept
WHERE stream_id = $1::bigint AND record_offset BETWEEN $2::bigint AND $3::bigint
ORDER BY record_offset
