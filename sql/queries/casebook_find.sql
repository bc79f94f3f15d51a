-- By number, key or start of a key; at most two rows, so that "not unique" can be told.
SELECT i.scope, coalesce(v.incident, ''), encode(i.digest, 'hex'), i.incident_key, i.title, i.raised,
       i.declared, (extract(epoch FROM i.first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM i.last_time) * 1000000)::bigint * 1000,
       i.severity, to_json(i.services), i.nodes, i.entries, i.alerts, i.records
FROM correlate.incident i
JOIN analyst.incidents v USING (scope, incident_key)
WHERE (lower($1::text) = 'latest' AND i.raised)
   OR i.incident_key = $1::text
   OR starts_with(i.incident_key, $1::text)
   OR EXISTS (SELECT FROM correlate.number m
              JOIN correlate.node d ON d.scope = m.scope AND d.node_key = m.node_key
              WHERE d.scope = i.scope AND d.incident_key = i.incident_key
                AND upper($1::text) = 'INC-' || m.year || '-' || lpad(m.number::text, 4, '0'))
ORDER BY i.incident_key = $1::text DESC,
         CASE WHEN lower($1::text) = 'latest' THEN i.first_time END DESC,
         i.incident_key COLLATE "C" DESC, i.scope COLLATE "C"
LIMIT 2
