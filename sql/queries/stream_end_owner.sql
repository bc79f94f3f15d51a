-- End the backend that held the stream; its start time makes sure that the pid was not used again.
SELECT pg_terminate_backend(pid, 5000)
FROM pg_stat_activity
WHERE pid = $1::integer AND backend_start = $2::timestamptz AND pid <> pg_backend_pid()
