-- Who is at the head of the queue in which backend $1 waits for a lock; no row where it waits for none.
-- Times of other logins' backends are hidden from most logins.
WITH RECURSIVE ahead AS (
    SELECT unnest(pg_blocking_pids($1::integer)) AS pid
    UNION
    SELECT unnest(pg_blocking_pids(a.pid)) FROM ahead a
)
SELECT format('backend %s (role %s, %s%s)', h.pid,
              regexp_replace(coalesce(s.usename::text, 'unknown'), '[^ -~]', '?', 'g'),
              CASE s.application_name WHEN '' THEN 'no application name'
                   ELSE coalesce(regexp_replace(s.application_name, '[^ -~]', '?', 'g'),
                                 'a prepared transaction') END,
              ', in a transaction since ' || to_char(s.xact_start, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
FROM ahead h
LEFT JOIN pg_stat_activity s ON s.pid = h.pid
ORDER BY cardinality(pg_blocking_pids(h.pid)) > 0, s.xact_start, h.pid
LIMIT 1
