-- When this connection's backend began, which with its pid names the backend for good, and what time
-- it is there, in microseconds.
SELECT backend_start, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
FROM pg_stat_activity WHERE pid = pg_backend_pid()
