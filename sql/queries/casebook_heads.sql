-- $1: also those that are not raised; $2: of this scope, NULL: of all. Two branches, so that a scope is
-- found by its index also in a plan that was made for any parameters.
SELECT i.scope, coalesce(i.number, ''), encode(i.digest, 'hex'), i.incident_key, i.title, i.raised,
       i.declared, (extract(epoch FROM i.first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM i.last_time) * 1000000)::bigint * 1000,
       i.severity, to_json(i.services), i.nodes, i.entries, i.alerts, i.records, i.incident_no,
       CASE WHEN i.decisions <> '[]' THEN i.decisions::text END,
       i.opened, coalesce(i.opened_in, ''), to_json(i.opened_because),
       (extract(epoch FROM coalesce(i.started, i.first_time)) * 1000000)::bigint * 1000, i.started_by,
       (extract(epoch FROM i.ended) * 1000000)::bigint * 1000, i.state,
       (extract(epoch FROM i.state_time) * 1000000)::bigint * 1000, i.rank, i.worth, to_json(i.rank_reasons)
FROM (SELECT * FROM correlate.incident WHERE $2::text IS NULL
      UNION ALL
      SELECT * FROM correlate.incident WHERE scope = $2::text) i
WHERE $1::boolean OR i.raised
ORDER BY i.first_time, i.incident_key COLLATE "C", i.scope COLLATE "C"
