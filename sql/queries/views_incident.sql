-- What an incident is named by ($1: number, also one that was merged; key; uid of a record; latest), asked of the
-- views, which analysts may read. $2: of this scope, null: of any.
WITH found AS (
    SELECT n.scope, n.incident_key FROM analyst.incident_numbers n WHERE n.incident = upper($1::text)
    UNION
    SELECT i.scope, i.incident_key FROM analyst.incidents i WHERE i.incident_key = $1::text
    UNION
    SELECT m.scope, m.incident_key FROM analyst.members m
    WHERE m.uid = CASE WHEN $1::text ~ '^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$'
                  THEN $1::uuid END
    UNION
    (SELECT i.scope, i.incident_key FROM analyst.incidents i
     WHERE $1::text = 'latest' AND i.raised AND ($2::text IS NULL OR i.scope = $2::text)
     ORDER BY i.first_time DESC, i.incident_key COLLATE "C" DESC, i.scope COLLATE "C" LIMIT 1)
)
SELECT i.scope, i.incident_key, coalesce(i.incident, '')
FROM found f JOIN analyst.incidents i ON i.scope = f.scope AND i.incident_key = f.incident_key
WHERE $2::text IS NULL OR i.scope = $2::text
ORDER BY i.scope COLLATE "C", i.incident_key COLLATE "C" LIMIT 2
