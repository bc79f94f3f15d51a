-- Incidents of very many records that wait: how many records are not in yet; of a scope ($1), of an incident ($2), or of all (null).
SELECT f.scope, coalesce(v.incident, f.incident_key), f.waiting
FROM correlate.group_flood f
LEFT JOIN analyst.incidents v ON v.scope = f.scope AND v.incident_key = f.incident_key
WHERE (f.waiting > 0 OR f.stale OR f.unsettled)
  AND ($1::text IS NULL OR f.scope = $1::text) AND ($2::text IS NULL OR f.incident_key = $2::text)
ORDER BY f.scope, f.incident_key
