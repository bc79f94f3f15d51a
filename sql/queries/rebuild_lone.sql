-- Incidents that are stored of a scope without any node, $2 at most.
SELECT i.incident_key FROM correlate.incident i
WHERE i.scope = $1::text AND NOT EXISTS (SELECT FROM correlate.node n WHERE n.scope = $1::text AND n.incident_no = i.incident_no)
LIMIT $2::bigint
