-- This backend (started at $2) computes the scope now, unless another one that is still there does. The start of other logins' backends
-- may be hidden.
INSERT INTO correlate.claim AS k (scope, pid, backend_start, login)
VALUES ($1::text, pg_backend_pid(), $2::timestamptz, session_user)
ON CONFLICT (scope) DO UPDATE
SET (pid, backend_start, login, claimed_at) = (excluded.pid, excluded.backend_start, excluded.login, now())
WHERE NOT EXISTS (
    SELECT FROM pg_stat_activity a
    WHERE a.pid = k.pid AND a.pid <> pg_backend_pid() AND a.usename = k.login
      AND a.datname = current_database()
      AND (a.backend_start IS NULL OR a.backend_start = k.backend_start))
RETURNING true
