-- An incident that is there keeps its row: its internal number, and its display number until
-- casebook_show_numbers.sql. It is published where its export is another one; a key that it had is removed. What was is read before
-- anything is written, which the count makes sure of.
WITH sent AS MATERIALIZED (
    SELECT r.*, p.next AS publication
    FROM jsonb_to_recordset($2::jsonb) AS r(incident_no bigint, incident_key text, first_time timestamptz,
         last_time timestamptz, nodes bigint, alerts bigint, records bigint, entries bigint,
         severity smallint, raised boolean, declared boolean, services text[], title text, digest text,
         member_digest text, decisions jsonb, opened text, opened_in text, opened_because text[],
         started timestamptz, started_by text, ended timestamptz, state text, state_time timestamptz,
         rank integer, worth boolean, rank_reasons text[])
    CROSS JOIN (SELECT coalesce(max(last), 0) + 1 AS next FROM correlate.publication
                WHERE scope = $1::text) p
), was AS MATERIALIZED (
    SELECT i.incident_key, s.publication
    FROM sent s
    CROSS JOIN LATERAL (SELECT x.incident_key FROM correlate.incident x
                        WHERE x.scope = $1::text AND x.incident_no = s.incident_no OFFSET 0) i
    WHERE i.incident_key <> s.incident_key
), removed AS (
    INSERT INTO correlate.removed AS d (scope, kind, key, publication)
    SELECT $1::text, 'incident', w.incident_key, w.publication FROM was w
    ON CONFLICT (scope, kind, key) DO UPDATE SET publication = excluded.publication
)
INSERT INTO correlate.incident AS i (scope, incident_no, incident_key, first_time, last_time, nodes, alerts,
    records, entries, severity, raised, declared, services, title, digest, member_digest, decisions,
    opened, opened_in, opened_because, started, started_by, ended, state, state_time,
    rank, worth, rank_reasons, publication)
SELECT $1::text, r.incident_no, r.incident_key, r.first_time, r.last_time, r.nodes, r.alerts, r.records,
       r.entries, r.severity, r.raised, r.declared, r.services, r.title, decode(r.digest, 'hex'),
       decode(r.member_digest, 'hex'), r.decisions, r.opened, r.opened_in, coalesce(r.opened_because, '{}'),
       r.started, r.started_by, r.ended, r.state, r.state_time,
       r.rank, r.worth, coalesce(r.rank_reasons, '{}'), r.publication
FROM sent r CROSS JOIN (SELECT count(*) FROM was) w
ON CONFLICT (scope, incident_no) DO UPDATE
SET (incident_key, first_time, last_time, nodes, alerts, records, entries, severity, raised, declared,
     services, title, digest, member_digest, decisions, opened, opened_in, opened_because,
     started, started_by, ended, state, state_time, rank, worth, rank_reasons, publication) =
    (excluded.incident_key, excluded.first_time, excluded.last_time, excluded.nodes, excluded.alerts,
     excluded.records, excluded.entries, excluded.severity, excluded.raised, excluded.declared,
     excluded.services, excluded.title, excluded.digest, excluded.member_digest, excluded.decisions,
     excluded.opened, excluded.opened_in, excluded.opened_because,
     excluded.started, excluded.started_by, excluded.ended, excluded.state, excluded.state_time,
     excluded.rank, excluded.worth, excluded.rank_reasons,
     CASE WHEN i.digest = excluded.digest THEN i.publication ELSE excluded.publication END)
