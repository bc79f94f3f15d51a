-- When this connection's backend began; with its pid it names the backend for good.
SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()
