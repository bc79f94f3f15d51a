-- Heads as those of casebook_heads.sql, of the incidents of a scope that changed after a publication.
SELECT i.scope, coalesce(i.number, ''), encode(i.digest, 'hex'), i.incident_key, i.title, i.raised,
       i.declared, (extract(epoch FROM i.first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM i.last_time) * 1000000)::bigint * 1000,
       i.severity, to_json(i.services), i.nodes, i.entries, i.alerts, i.records, i.incident_no,
       CASE WHEN i.decisions <> '[]' THEN i.decisions::text END,
       i.opened, coalesce(i.opened_in, ''), to_json(i.opened_because),
       (extract(epoch FROM coalesce(i.started, i.first_time)) * 1000000)::bigint * 1000, i.started_by,
       (extract(epoch FROM i.ended) * 1000000)::bigint * 1000, i.state,
       (extract(epoch FROM i.state_time) * 1000000)::bigint * 1000, i.rank, i.worth, to_json(i.rank_reasons)
FROM correlate.incident i
WHERE md5(i.scope) = md5($1::text) AND i.scope = $1::text AND i.publication > $2::bigint
ORDER BY i.incident_key COLLATE "C"
