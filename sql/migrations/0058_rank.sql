-- How much an incident deserves a look: a score with its reasons, no place among others.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE correlate.incident
    ADD COLUMN rank integer NOT NULL DEFAULT 0,
    ADD COLUMN worth boolean NOT NULL DEFAULT true,
    ADD COLUMN rank_reasons text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN correlate.incident.rank IS 'Score of how much it deserves a look, the sum of rank_reasons; no place among other incidents';
COMMENT ON COLUMN correlate.incident.worth IS 'The rank is one that is worth a look; true of one correlated by an earlier version';
COMMENT ON COLUMN correlate.incident.rank_reasons IS 'What the rank is made of, each with its points in brackets: severity, services, people, changes taken back, duration, new alerts, acknowledgement';

DO $views$
DECLARE
    target record;
BEGIN
    FOR target IN SELECT * FROM (VALUES ('analyst', 'masked_title'), ('responder', 'title')) v (name, title) LOOP
        EXECUTE format($$
            CREATE OR REPLACE VIEW %I.incidents WITH (security_invoker = true) AS
            SELECT i.scope, i.number AS incident, i.incident_key, i.%I AS title, i.severity, i.services, i.first_time,
                   i.last_time, CASE WHEN i.last_time > i.first_time OR i.ended IS NOT NULL OR i.state = ''
                                     THEN i.last_time - i.first_time END AS duration, i.alerts, i.records, i.entries,
                   i.declared, i.raised, i.month, i.service, analyst.severity_band(i.severity) AS severity_band,
                   i.opened, i.opened_in, i.opened_because, coalesce(i.started, i.first_time) AS started, i.started_by,
                   i.ended, i.ended - i.started AS took, nullif(i.state, '') AS state, i.state_time,
                   i.rank, i.worth, i.rank_reasons
            FROM correlate.incident i$$, target.name, target.title);
        EXECUTE format('COMMENT ON COLUMN %I.incidents.rank IS %L', target.name,
            'Score of how much it deserves a look, the sum of rank_reasons; no place among other incidents; never null');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.worth IS %L', target.name,
            'The rank is one that is worth a look: what hindcast incidents lists; never null');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.rank_reasons IS %L', target.name,
            'What the rank is made of, in words, each with its points in brackets; empty: nothing is worth points');
    END LOOP;
END
$views$;

CREATE OR REPLACE FUNCTION review.head_of(i correlate.incident)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object('number', i.number, 'incident_key', i.incident_key, 'title', i.title, 'first_time', i.first_time,
        'last_time', i.last_time, 'severity', i.severity, 'services', to_jsonb(i.services), 'raised', i.raised,
        'declared', i.declared, 'nodes', i.nodes, 'alerts', i.alerts, 'records', i.records, 'entries', i.entries,
        'decisions', i.decisions, 'opened', i.opened, 'opened_in', i.opened_in, 'opened_because', to_jsonb(i.opened_because),
        'started', i.started, 'started_by', i.started_by, 'ended', i.ended, 'state', i.state, 'state_time', i.state_time,
        'rank', i.rank, 'worth', i.worth, 'rank_reasons', to_jsonb(i.rank_reasons))
$$;

GRANT SELECT (rank, worth, rank_reasons) ON correlate.incident TO hindcast_analyst;

RESET ROLE;
