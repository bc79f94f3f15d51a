-- The distinct scopes by hopping through the indexes, not by reading every row. Log lines that only
-- their coordinates identify make no scope: alone they open no incident and have no duplicates.
-- $1: also those that derived rows name and nothing else, such as what was correlated of records that
-- are gone; that reads the derived tables.
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
    UNION SELECT scope FROM review.decision
    UNION SELECT scope FROM correlate.cursor
    UNION SELECT scope FROM correlate.node WHERE $1::boolean
    UNION SELECT scope FROM correlate.incident WHERE $1::boolean
    UNION SELECT scope FROM correlate.entry WHERE $1::boolean
    UNION SELECT scope FROM correlate.milestone WHERE $1::boolean
    UNION SELECT scope FROM correlate.member WHERE $1::boolean
    UNION SELECT scope FROM correlate.delivery WHERE $1::boolean
) s ORDER BY scope COLLATE "C"
