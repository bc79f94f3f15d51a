-- The distinct scopes by hopping through the indexes, not by reading every row. Log lines that only
-- their coordinates identify make no scope: alone they open no incident and have no duplicates.
WITH RECURSIVE hop AS (
    (SELECT scope FROM ingest.event ORDER BY scope LIMIT 1)
    UNION ALL
    SELECT (SELECT e.scope FROM ingest.event e WHERE e.scope > hop.scope ORDER BY e.scope LIMIT 1)
    FROM hop WHERE hop.scope IS NOT NULL
), log_hop AS (
    (SELECT scope FROM ingest.log WHERE uid IS NOT NULL ORDER BY scope LIMIT 1)
    UNION ALL
    SELECT (SELECT l.scope FROM ingest.log l WHERE l.uid IS NOT NULL AND l.scope > log_hop.scope
            ORDER BY l.scope LIMIT 1)
    FROM log_hop WHERE log_hop.scope IS NOT NULL
)
SELECT scope FROM (
    SELECT scope FROM hop WHERE scope IS NOT NULL
    UNION SELECT scope FROM log_hop WHERE scope IS NOT NULL
    UNION SELECT scope FROM review.declaration
    UNION SELECT scope FROM correlate.cursor
) s ORDER BY scope COLLATE "C"
