-- Only what was looked at: who claimed it since has a backend that nobody ended.
UPDATE evidence.stream
SET epoch = epoch + 1, owner_pid = pg_backend_pid(), owner_start = $2::timestamptz,
    owner_name = $3::text, tail_verified = NULL
WHERE stream_id = $1::bigint AND epoch = $4::bigint
RETURNING stream_id, epoch, next_offset, seq, tail_offset, tail_sha256, incarnation, partition, topic,
    CASE WHEN tail_time_offset = tail_offset
         THEN (extract(epoch FROM tail_time) * 1000000)::bigint END AS tail_time_us
