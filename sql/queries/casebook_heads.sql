-- $1: also those that are not raised; $2: of this scope, NULL: of all.
SELECT i.scope, coalesce(v.incident, ''), encode(i.digest, 'hex'), i.incident_key, i.title, i.raised,
       i.declared, (extract(epoch FROM i.first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM i.last_time) * 1000000)::bigint * 1000,
       i.severity, to_json(i.services), i.nodes, i.entries, i.alerts, i.records
FROM correlate.incident i
JOIN analyst.incidents v USING (scope, incident_key)
WHERE ($1::boolean OR i.raised) AND ($2::text IS NULL OR i.scope = $2::text)
ORDER BY i.first_time, i.incident_key COLLATE "C", i.scope COLLATE "C"
