-- By number (also one that was merged into another's), key, uid of a member (also one that it had before it
-- was read again), the latest ($1); else by how
-- a key begins; else by how the uid of a member begins. $2: $1 as a uid, $3 and $4: the first and the last
-- uid that begin so, null where $1 is none. A few rows more than one, so that "not unique" can list
-- them. Each way has its index, and no scope is named.
WITH exact AS MATERIALIZED (
    (SELECT i.scope, i.incident_no FROM correlate.incident i
     WHERE lower($1::text) = 'latest' AND i.raised
     ORDER BY i.first_time DESC, i.incident_key COLLATE "C" DESC, i.scope COLLATE "C" LIMIT 1)
    UNION
    (SELECT d.scope, d.incident_no FROM correlate.number n
     JOIN correlate.node d ON d.scope = n.scope AND d.node_key = coalesce(n.held_by, n.node_key)
     WHERE n.name = upper($1::text) AND d.incident_no IS NOT NULL)
    UNION
    (SELECT i.scope, i.incident_no FROM correlate.incident i
     WHERE i.incident_key COLLATE "C" = $1::text LIMIT 6)
    UNION
    (SELECT m.scope, m.incident_no FROM correlate.member m WHERE m.uid = $2::uuid LIMIT 6)
    UNION
    (SELECT m.scope, m.incident_no FROM correlate.renamed k
     JOIN correlate.member m ON m.uid = k.uid AND m.scope = k.scope
     WHERE k.former = $2::uuid LIMIT 6)
), by_key AS MATERIALIZED (
    SELECT i.scope, i.incident_no FROM correlate.incident i
    WHERE i.incident_key COLLATE "C" >= $1::text
      AND i.incident_key COLLATE "C" < $1::text || chr(1114111)
      AND NOT EXISTS (SELECT FROM exact)
    ORDER BY i.incident_key COLLATE "C" DESC LIMIT 6
), by_uid AS MATERIALIZED (
    SELECT m.scope, m.incident_no FROM correlate.member m
    WHERE m.uid BETWEEN $3::uuid AND $4::uuid
      AND NOT EXISTS (SELECT FROM exact) AND NOT EXISTS (SELECT FROM by_key)
)
SELECT i.scope, coalesce(i.number, ''), encode(i.digest, 'hex'), i.incident_key, i.title, i.raised,
       i.declared, (extract(epoch FROM i.first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM i.last_time) * 1000000)::bigint * 1000,
       i.severity, to_json(i.services), i.nodes, i.entries, i.alerts, i.records, i.incident_no,
       CASE WHEN i.decisions <> '[]' THEN i.decisions::text END,
       i.opened, coalesce(i.opened_in, ''), to_json(i.opened_because),
       (extract(epoch FROM coalesce(i.started, i.first_time)) * 1000000)::bigint * 1000, i.started_by,
       (extract(epoch FROM i.ended) * 1000000)::bigint * 1000, i.state,
       (extract(epoch FROM i.state_time) * 1000000)::bigint * 1000, i.rank, i.worth, to_json(i.rank_reasons)
FROM (TABLE exact UNION TABLE by_key UNION TABLE by_uid) named
JOIN correlate.incident i ON i.scope = named.scope AND i.incident_no = named.incident_no
ORDER BY i.incident_key COLLATE "C" DESC, i.scope COLLATE "C"
LIMIT 6
