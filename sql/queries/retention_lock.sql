-- One retention run at a time in a database; held until the session ends.
SELECT pg_try_advisory_lock(7526483902)
