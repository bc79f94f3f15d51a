-- Partitions that end $1 (log lines) or $2 (raw records) days before today or earlier, and those
-- that an earlier run began to remove. One that is half detached comes first: the others of its
-- parent must wait for it.
SELECT p.parent, p.name, p.lo, p.hi
FROM evidence.partition p
LEFT JOIN pg_inherits i ON i.inhrelid = to_regclass(p.name)
WHERE p.retiring
   OR p.hi <= current_date - CASE p.parent WHEN 'ingest.log' THEN $1::integer
                                           ELSE $2::integer END
ORDER BY p.parent DESC, i.inhdetachpending IS NOT TRUE, p.lo
