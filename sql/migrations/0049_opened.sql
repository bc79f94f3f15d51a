-- How an incident was opened: by an alert, by a declaration, or as a candidate from talk or changes, with its reasons.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE correlate.incident
    ADD COLUMN opened text NOT NULL DEFAULT 'alert',
    ADD COLUMN opened_in text,
    ADD COLUMN opened_because text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT opened CHECK (opened IN ('alert', 'declaration', 'talk', 'change', 'log'));
COMMENT ON COLUMN correlate.incident.opened IS 'What opened it: alert, declaration; talk, change or log: a candidate, without either';
COMMENT ON COLUMN correlate.incident.opened_in IS 'Of a candidate, the channel with # or the source that tells of it; null: of no candidate';
COMMENT ON COLUMN correlate.incident.opened_because IS 'Of a candidate, its reasons in words, in order of time';
COMMENT ON COLUMN correlate.incident.first_time IS 'First sign of its alerts or the declared start; of a candidate, when talk of it begins';
COMMENT ON COLUMN correlate.incident.last_time IS 'Last sign of its alerts, or the declared end; of an open declaration the last entry; of a candidate, when talk of it ends';

DO $views$
DECLARE
    target record;
BEGIN
    FOR target IN SELECT * FROM (VALUES ('analyst', 'masked_title'), ('responder', 'title')) v (name, title) LOOP
        EXECUTE format($$
            CREATE OR REPLACE VIEW %I.incidents WITH (security_invoker = true) AS
            SELECT i.scope, i.number AS incident, i.incident_key, i.%I AS title, i.severity, i.services, i.first_time,
                   i.last_time, i.last_time - i.first_time AS duration, i.alerts, i.records, i.entries, i.declared,
                   i.raised, i.month, i.service, analyst.severity_band(i.severity) AS severity_band,
                   i.opened, i.opened_in, i.opened_because
            FROM correlate.incident i$$, target.name, target.title);
        EXECUTE format('COMMENT ON COLUMN %I.incidents.opened IS %L', target.name,
            'What opened it, never null: alert, declaration; talk, change or log: a candidate, without either (correlate.incident)');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.opened_in IS %L', target.name,
            'Of a candidate, the channel with # or the source that tells of it; null: it is not a candidate');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.opened_because IS %L', target.name,
            'Of a candidate, its reasons in words, in order of time; empty: it is not a candidate');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.first_time IS %L', target.name,
            'First sign of its alerts, or the declared start, of a candidate when talk of it begins, UTC; never null');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.last_time IS %L', target.name,
            'Last sign of its alerts, or the declared end, of an open declaration the last entry, of a candidate when talk of it ends, UTC; never null');
    END LOOP;
END
$views$;

-- Revisions keep it, too; of those from before, an alert or a declaration is what there was.
CREATE OR REPLACE FUNCTION review.head_of(i correlate.incident)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object('number', i.number, 'incident_key', i.incident_key, 'title', i.title, 'first_time', i.first_time,
        'last_time', i.last_time, 'severity', i.severity, 'services', to_jsonb(i.services), 'raised', i.raised,
        'declared', i.declared, 'nodes', i.nodes, 'alerts', i.alerts, 'records', i.records, 'entries', i.entries,
        'decisions', i.decisions, 'opened', i.opened, 'opened_in', i.opened_in, 'opened_because', to_jsonb(i.opened_because))
$$;

GRANT SELECT (opened, opened_in, opened_because) ON correlate.incident TO hindcast_analyst;

RESET ROLE;
