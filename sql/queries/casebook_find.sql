-- By number (also one that was merged into another's), key, start of a key, or the latest; at most two
-- rows, so that "not unique" can be told. Each way has its index, and no scope is named.
WITH named AS MATERIALIZED (
    (SELECT i.scope, i.incident_key FROM correlate.incident i
     WHERE lower($1::text) = 'latest' AND i.raised
     ORDER BY i.first_time DESC, i.incident_key COLLATE "C" DESC, i.scope COLLATE "C" LIMIT 1)
    UNION
    (SELECT d.scope, d.incident_key FROM correlate.number n
     JOIN correlate.node d ON d.scope = n.scope AND d.node_key = coalesce(n.held_by, n.node_key)
     WHERE n.name = upper($1::text) AND d.incident_key IS NOT NULL)
    UNION
    (SELECT i.scope, i.incident_key FROM correlate.incident i
     WHERE i.incident_key COLLATE "C" = $1::text LIMIT 2)
    UNION
    (SELECT i.scope, i.incident_key FROM correlate.incident i
     WHERE i.incident_key COLLATE "C" >= $1::text
       AND i.incident_key COLLATE "C" < $1::text || chr(1114111) LIMIT 2)
)
SELECT i.scope, coalesce(i.number, ''), encode(i.digest, 'hex'), i.incident_key, i.title, i.raised,
       i.declared, (extract(epoch FROM i.first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM i.last_time) * 1000000)::bigint * 1000,
       i.severity, to_json(i.services), i.nodes, i.entries, i.alerts, i.records
FROM named
JOIN correlate.incident i ON i.scope = named.scope AND i.incident_key = named.incident_key
ORDER BY i.incident_key = $1::text DESC, i.incident_key COLLATE "C" DESC, i.scope COLLATE "C"
LIMIT 2
