-- Partitions whose last day is over for a day or more and that were not frozen since, but none that
-- are older than $1 (log lines) and $2 (raw records): those go.
SELECT p.name
FROM evidence.partition p
JOIN pg_inherits i ON i.inhrelid = to_regclass(p.name)
WHERE p.hi < current_date AND NOT p.frozen AND NOT p.retiring AND NOT i.inhdetachpending
  AND p.hi > coalesce(current_date - CASE p.parent WHEN 'ingest.log' THEN $1::integer
                                                   ELSE $2::integer END, '-infinity'::date)
ORDER BY p.parent, p.lo
