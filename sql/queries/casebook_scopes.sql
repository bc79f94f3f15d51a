-- The distinct scopes by hopping through the index, not by reading every event.
WITH RECURSIVE hop AS (
    (SELECT scope FROM ingest.event ORDER BY scope LIMIT 1)
    UNION ALL
    SELECT (SELECT e.scope FROM ingest.event e WHERE e.scope > hop.scope ORDER BY e.scope LIMIT 1)
    FROM hop WHERE hop.scope IS NOT NULL
)
SELECT scope FROM (
    SELECT scope FROM hop WHERE scope IS NOT NULL
    UNION SELECT scope FROM review.declaration
    UNION SELECT scope FROM correlate.cursor
) s ORDER BY scope COLLATE "C"
