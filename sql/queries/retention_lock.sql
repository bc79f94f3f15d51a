-- One retention run at a time in a database: this backend (started at $1) takes the row unless the one
-- that it names is still there. The start of other logins' backends may be hidden.
UPDATE evidence.lock k
SET pid = pg_backend_pid(), backend_start = $1::timestamptz, login = session_user
WHERE k.name = 'retention' AND NOT EXISTS (
    SELECT FROM pg_stat_activity a
    WHERE a.pid = k.pid AND a.pid <> pg_backend_pid() AND a.usename = k.login
      AND a.datname = current_database()
      AND (a.backend_start IS NULL OR a.backend_start = k.backend_start))
