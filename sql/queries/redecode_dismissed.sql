-- What people dismissed stays dismissed where it still cannot be read.
UPDATE evidence.quarantine SET state = 'dismissed'
WHERE stream_id = $1::bigint AND record_offset = ANY ($2::bigint[])
