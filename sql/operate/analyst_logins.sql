-- Gives every login that asks as an analyst a limit on how long a statement may run, and one processor for each: no parallel
-- workers, which ingest on the same server would lack. PostgreSQL takes such settings from the
-- login, never from a role that it is a member of. Run it after a login was made, as one with CREATEROLE:
--
--     psql -v timeout=30s -f sql/operate/analyst_logins.sql
--
-- Logins that are members of another role of hindcast, too, and superusers keep what they have. It says whom it changed.

\if :{?timeout}
\else
\set timeout 30s
\endif
SELECT format('ALTER ROLE %I SET statement_timeout = %L', rolname, :'timeout'),
       format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', rolname, :'timeout'),
       format('ALTER ROLE %I SET max_parallel_workers_per_gather = 0', rolname)
FROM pg_roles l
WHERE rolcanlogin AND NOT rolsuper AND pg_has_role(l.oid, 'hindcast_analyst', 'MEMBER')
  AND NOT EXISTS (SELECT FROM pg_roles o
                  WHERE o.rolname IN ('hindcast_owner', 'hindcast_ingest', 'hindcast_correlate', 'hindcast_responder')
                    AND pg_has_role(l.oid, o.oid, 'MEMBER'))
ORDER BY rolname COLLATE "C" \gexec
SELECT r.rolname AS login, array_to_string(s.setconfig, ', ') AS settings
FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
WHERE s.setdatabase = 0 AND pg_has_role(r.oid, 'hindcast_analyst', 'MEMBER') AND r.rolcanlogin
ORDER BY r.rolname COLLATE "C";
