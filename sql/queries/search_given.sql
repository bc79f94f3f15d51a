-- The incident that somebody who sees masked text alone asks about: by number, also one that was merged into
-- another's, or by key.
SELECT incident_key FROM analyst.incidents WHERE incident = upper($1::text) OR incident_key COLLATE "C" = $1::text
UNION
SELECT incident_key FROM analyst.incident_numbers WHERE incident = upper($1::text)
LIMIT 1
