-- After a reconnect: this backend holds the stream now. No claim: the epoch stays.
UPDATE evidence.stream SET owner_pid = pg_backend_pid(), owner_start = $3::timestamptz
WHERE stream_id = $1::bigint AND epoch = $2::bigint
