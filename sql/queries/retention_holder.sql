-- The oldest transaction that detaching from $1 may wait for.
SELECT a.pid, a.xact_start, a.application_name
FROM pg_stat_activity a
WHERE a.pid <> pg_backend_pid() AND a.datname = current_database()
  AND (a.backend_xmin IS NOT NULL
       OR EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'relation'
                  AND l.relation = to_regclass($1::text) AND l.granted))
ORDER BY a.xact_start LIMIT 1
