-- The columns of casebook_heads.sql, of revision $3; the display number is that of now.
SELECT r.scope, coalesce(i.number, ''), encode(r.digest, 'hex'), h.incident_key, h.title, h.raised, h.declared,
       (extract(epoch FROM h.first_time) * 1000000)::bigint * 1000,
       (extract(epoch FROM h.last_time) * 1000000)::bigint * 1000,
       h.severity, h.services, h.nodes, h.entries, h.alerts, h.records, r.incident_no,
       CASE WHEN h.decisions <> '[]' THEN h.decisions::text END,
       coalesce(h.opened, CASE WHEN h.declared THEN 'declaration' ELSE 'alert' END), coalesce(h.opened_in, ''),
       coalesce(h.opened_because, '[]'),
       (extract(epoch FROM coalesce(h.started, h.first_time)) * 1000000)::bigint * 1000, coalesce(h.started_by, 'first_sign'),
       (extract(epoch FROM h.ended) * 1000000)::bigint * 1000, coalesce(h.state, ''),
       (extract(epoch FROM h.state_time) * 1000000)::bigint * 1000,
       coalesce(h.rank, 0), coalesce(h.worth, true), coalesce(h.rank_reasons, '[]')
FROM review.revision r
JOIN correlate.incident i ON i.scope = r.scope AND i.incident_no = r.incident_no
CROSS JOIN jsonb_to_record(r.head) h(incident_key text, title text, raised boolean, declared boolean, first_time timestamptz,
     last_time timestamptz, severity smallint, services json, nodes bigint, entries bigint, alerts bigint, records bigint,
     decisions jsonb, opened text, opened_in text, opened_because json, started timestamptz, started_by text, ended timestamptz,
     state text, state_time timestamptz, rank integer, worth boolean, rank_reasons json)
WHERE r.scope = $1::text AND r.incident_no = $2::bigint AND r.revision = $3::integer
