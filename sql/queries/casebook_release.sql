DELETE FROM correlate.claim
WHERE scope = $1::text AND pid = pg_backend_pid() AND backend_start = $2::timestamptz
