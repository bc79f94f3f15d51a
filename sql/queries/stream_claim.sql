-- Only what was looked at: who claimed it since, or reconnected, has a backend that nobody ended.
UPDATE evidence.stream
SET epoch = epoch + 1, owner_pid = pg_backend_pid(), owner_start = $2::timestamptz,
    owner_name = $3::text, tail_verified = NULL, decoding_no = $7::bigint
WHERE stream_id = $1::bigint AND epoch = $4::bigint
  AND owner_pid IS NOT DISTINCT FROM $5::integer AND owner_start IS NOT DISTINCT FROM $6::timestamptz
RETURNING stream_id, epoch, next_offset, seq, tail_offset, tail_sha256, incarnation, partition, topic,
    CASE WHEN tail_time_offset = tail_offset
         THEN (extract(epoch FROM tail_time) * 1000000)::bigint END AS tail_time_us
