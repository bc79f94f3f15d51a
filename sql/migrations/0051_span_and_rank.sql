-- From when to when an incident went, and how far its records tell it: one answer for lists, pages, drafts and statistics. And
-- how much it deserves a look: a score with its reasons, no place among others.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE correlate.incident
    ADD COLUMN started timestamptz,
    ADD COLUMN started_by text NOT NULL DEFAULT 'first_sign',
    ADD COLUMN ended timestamptz,
    ADD COLUMN state text NOT NULL DEFAULT '',
    ADD COLUMN state_time timestamptz,
    ADD COLUMN rank integer NOT NULL DEFAULT 0,
    ADD COLUMN worth boolean NOT NULL DEFAULT true,
    ADD COLUMN rank_reasons text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT started_by CHECK (started_by IN ('first_sign', 'first_row', 'first_key_row', 'detected', 'impact_started')),
    ADD CONSTRAINT state CHECK (state IN ('', 'seen', 'detected', 'firing', 'acknowledged', 'mitigated', 'reopened',
        'recovered', 'resolved', 'declared_over'));
-- The bounds of all moments that a role may write: what reads them counts on numbers of 64 bits.
ALTER TABLE correlate.incident ADD CONSTRAINT plausible_span CHECK (started BETWEEN '1970-01-01 00:00+00' AND '2100-01-01 00:00+00'
    AND ended BETWEEN '1970-01-01 00:00+00' AND '2100-01-01 00:00+00'
    AND state_time BETWEEN '1970-01-01 00:00+00' AND '2100-01-01 00:00+00') NOT VALID;
COMMENT ON COLUMN correlate.incident.started IS 'Start of the impact where it is told, else what started_by says; null: correlated by an earlier version';
COMMENT ON COLUMN correlate.incident.started_by IS 'What started is: impact_started, detected (milestones), first_key_row, first_row, first_sign';
COMMENT ON COLUMN correlate.incident.ended IS 'Last recovery, else last resolution, else the declared end; null: not resolved in the records';
COMMENT ON COLUMN correlate.incident.state IS 'recovered, resolved, declared_over; of one not resolved in the records, what is told last: seen, detected, firing, acknowledged, mitigated, reopened; empty: not known yet';
COMMENT ON COLUMN correlate.incident.state_time IS 'When the records tell that state; null: they tell no moment';
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
        EXECUTE format('COMMENT ON COLUMN %I.incidents.duration IS %L', target.name,
            'last_time less first_time, how far its signs lie apart; null: one sign alone, and not resolved in the records. How long it took is in took');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.started IS %L', target.name,
            'Start of the impact where a moment tells it, else what started_by says, UTC; the start that lists and drafts show; never null');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.started_by IS %L', target.name,
            'What started is: impact_started, detected (milestones), first_key_row, first_row, first_sign; never null');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.ended IS %L', target.name,
            'Last recovery, else last resolution, else the declared end, UTC; null: not resolved in the records');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.took IS %L', target.name,
            'ended less started; null: not resolved in the records');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.state IS %L', target.name,
            'recovered, resolved, declared_over; of one not resolved in the records, what is told last: seen, detected, firing, acknowledged, mitigated, reopened; null: correlated by an earlier version');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.state_time IS %L', target.name,
            'When the records tell that state, UTC; null: they tell no moment');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.rank IS %L', target.name,
            'Score of how much it deserves a look, the sum of rank_reasons; no place among other incidents; never null');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.worth IS %L', target.name,
            'The rank is one that is worth a look: what hindcast incidents lists; never null');
        EXECUTE format('COMMENT ON COLUMN %I.incidents.rank_reasons IS %L', target.name,
            'What the rank is made of, in words, each with its points in brackets; empty: nothing is worth points');
    END LOOP;
END
$views$;

-- What is unclear is told nowhere (confidence below 35): no start by it here either.
CREATE OR REPLACE VIEW analyst.durations WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, i.month, i.service, i.services, i.severity,
       analyst.severity_band(i.severity) AS severity_band, i.raised, i.declared,
       t.started_at, t.started_stated, t.detected_at, t.detected_stated, t.acknowledged_at, t.acknowledged_stated,
       t.mitigated_at, t.mitigated_stated, t.recovered_at, t.recovered_stated, t.resolved_at, t.resolved_stated,
       CASE WHEN t.detected_at >= t.started_at THEN t.detected_at - t.started_at END AS time_to_detect,
       CASE WHEN t.acknowledged_at >= t.detected_at THEN t.acknowledged_at - t.detected_at END AS time_to_acknowledge,
       CASE WHEN t.mitigated_at >= t.detected_at THEN t.mitigated_at - t.detected_at END AS time_to_mitigate,
       CASE WHEN t.recovered_at >= t.started_at THEN t.recovered_at - t.started_at END AS time_to_recover,
       CASE WHEN t.resolved_at >= t.detected_at THEN t.resolved_at - t.detected_at END AS time_to_resolve,
       nullif(i.state, '') AS state, i.ended IS NULL AND i.state <> '' AS not_resolved
FROM correlate.incident i
CROSS JOIN LATERAL (
    SELECT min(m.event_time) FILTER (WHERE m.milestone = 'impact_started') AS started_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'impact_started') AS started_stated,
           min(m.event_time) FILTER (WHERE m.milestone = 'detected') AS detected_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'detected') AS detected_stated,
           min(m.event_time) FILTER (WHERE m.milestone = 'acknowledged') AS acknowledged_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'acknowledged') AS acknowledged_stated,
           max(m.event_time) FILTER (WHERE m.milestone = 'mitigated') AS mitigated_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'mitigated') AS mitigated_stated,
           max(m.event_time) FILTER (WHERE m.milestone = 'recovered') AS recovered_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'recovered') AS recovered_stated,
           max(m.event_time) FILTER (WHERE m.milestone = 'resolved') AS resolved_at,
           bool_and(m.stated) FILTER (WHERE m.milestone = 'resolved') AS resolved_stated
    FROM (SELECT x.milestone, x.event_time, analyst.is_stated(x.milestone, e.kind, e.act) AS stated
          FROM correlate.milestone x
          LEFT JOIN correlate.entry e ON e.scope = x.scope AND e.incident_no = x.incident_no
                                     AND e.entry_id = x.entry_id
          WHERE x.scope = i.scope AND x.incident_no = i.incident_no AND x.confidence >= 35) m) t;
COMMENT ON COLUMN analyst.durations.state IS 'As in analyst.incidents; null: correlated by an earlier version';
COMMENT ON COLUMN analyst.durations.not_resolved IS 'The records tell no recovery, resolution or declared end; never null';

-- Revisions keep it, too; of those from before it is not known.
CREATE OR REPLACE FUNCTION review.head_of(i correlate.incident)
RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object('number', i.number, 'incident_key', i.incident_key, 'title', i.title, 'first_time', i.first_time,
        'last_time', i.last_time, 'severity', i.severity, 'services', to_jsonb(i.services), 'raised', i.raised,
        'declared', i.declared, 'nodes', i.nodes, 'alerts', i.alerts, 'records', i.records, 'entries', i.entries,
        'decisions', i.decisions, 'opened', i.opened, 'opened_in', i.opened_in, 'opened_because', to_jsonb(i.opened_because),
        'started', i.started, 'started_by', i.started_by, 'ended', i.ended, 'state', i.state, 'state_time', i.state_time,
        'rank', i.rank, 'worth', i.worth, 'rank_reasons', to_jsonb(i.rank_reasons))
$$;

GRANT SELECT (started, started_by, ended, state, state_time, rank, worth, rank_reasons) ON correlate.incident TO hindcast_analyst;

RESET ROLE;
