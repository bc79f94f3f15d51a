-- Partitions of log lines that are frozen and have no index of words yet, or half of one.
SELECT p.name
FROM evidence.partition p
JOIN pg_inherits i ON i.inhrelid = to_regclass(p.name)
WHERE p.parent = 'ingest.log' AND p.frozen AND NOT p.searchable AND NOT p.retiring AND NOT i.inhdetachpending
ORDER BY p.lo
