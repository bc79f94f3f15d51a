-- The columns of casebook_kept_digests.sql of these offsets ($2, an array) of a stream.
SELECT record_offset, sha256, key, headers, octet_length(value)
FROM evidence.kept
WHERE stream_id = $1::bigint AND record_offset = ANY ($2::bigint[])
ORDER BY record_offset
