-- Our own backend of before a reconnect, where the stream is still ours and still names it.
SELECT owner_pid, owner_start FROM evidence.stream
WHERE stream_id = $1::bigint AND epoch = $2::bigint AND owner_pid IS NOT NULL
  AND (owner_pid, owner_start) IS DISTINCT FROM (pg_backend_pid(), $3::timestamptz)
