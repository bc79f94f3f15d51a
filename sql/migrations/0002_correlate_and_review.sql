-- What the correlator derives and what people decide. Everything in correlate.* can be dropped and
-- rebuilt to the same bytes, except correlate.number (display numbers) and correlate.cursor.

SET LOCAL ROLE hindcast_owner;

CREATE SCHEMA correlate;
CREATE SCHEMA review;
CREATE SCHEMA analyst;
COMMENT ON SCHEMA correlate IS 'Derived: nodes, incidents, timelines; can be rebuilt to the same bytes';
COMMENT ON SCHEMA review IS 'What people decided; never derived, never dropped';
COMMENT ON SCHEMA analyst IS 'Views for people who query: the documented contract';

CREATE TABLE review.declaration (
    scope          text NOT NULL,
    declaration_id text NOT NULL,
    title          text NOT NULL,
    from_time      timestamptz NOT NULL,
    to_time        timestamptz,
    service        text,
    channel        text,
    declared_by    text,
    declared_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, declaration_id)
);
COMMENT ON TABLE review.declaration IS 'Incidents that people declared';
COMMENT ON COLUMN review.declaration.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN review.declaration.declaration_id IS 'Hash of what was declared: saying the same again changes nothing';
COMMENT ON COLUMN review.declaration.title IS 'Title given';
COMMENT ON COLUMN review.declaration.from_time IS 'Start of the incident as declared';
COMMENT ON COLUMN review.declaration.to_time IS 'End as declared; null: open';
COMMENT ON COLUMN review.declaration.service IS 'Only records of this service attach; null: of any';
COMMENT ON COLUMN review.declaration.channel IS 'Only chat of this channel attaches; null: of any';
COMMENT ON COLUMN review.declaration.declared_by IS 'Who declared it';
COMMENT ON COLUMN review.declaration.declared_at IS 'When; in no result';

CREATE TABLE correlate.cursor (
    scope     text NOT NULL,
    stream_id bigint NOT NULL,
    seq       bigint NOT NULL,
    PRIMARY KEY (scope, stream_id)
);
COMMENT ON TABLE correlate.cursor IS 'How far the correlator has read evidence.batch';
COMMENT ON COLUMN correlate.cursor.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.cursor.stream_id IS 'Stream';
COMMENT ON COLUMN correlate.cursor.seq IS 'Last batch taken into account';

CREATE TABLE correlate.node (
    scope        text NOT NULL,
    node_key     text NOT NULL,
    first_time   timestamptz NOT NULL,
    last_time    timestamptz NOT NULL,
    records      bigint NOT NULL,
    severity     smallint NOT NULL,
    familiar     boolean NOT NULL,
    declared     boolean NOT NULL,
    kind         text NOT NULL,
    source       text,
    fingerprint  text,
    service      text,
    host         text,
    title        text,
    incident_key text,
    reason       text NOT NULL,
    PRIMARY KEY (scope, node_key)
);
CREATE INDEX node_incident ON correlate.node (scope, incident_key);
COMMENT ON TABLE correlate.node IS 'Episodes: records of one thing that belong together, and the incident they are in';
COMMENT ON COLUMN correlate.node.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.node.node_key IS 'Smallest (time, source, uid) of its records';
COMMENT ON COLUMN correlate.node.first_time IS 'First record';
COMMENT ON COLUMN correlate.node.last_time IS 'Last record';
COMMENT ON COLUMN correlate.node.records IS 'Number of records without duplicates';
COMMENT ON COLUMN correlate.node.severity IS 'Highest severity, OpenTelemetry SeverityNumber';
COMMENT ON COLUMN correlate.node.familiar IS 'Recurs so often that it opens no incident by itself';
COMMENT ON COLUMN correlate.node.declared IS 'Declared by a person';
COMMENT ON COLUMN correlate.node.kind IS 'alert, chat, change, log, note, metric';
COMMENT ON COLUMN correlate.node.source IS 'Who tells it';
COMMENT ON COLUMN correlate.node.fingerprint IS 'What repeats';
COMMENT ON COLUMN correlate.node.service IS 'Service';
COMMENT ON COLUMN correlate.node.host IS 'Host';
COMMENT ON COLUMN correlate.node.title IS 'One line';
COMMENT ON COLUMN correlate.node.incident_key IS 'Incident it belongs to; null: none';
COMMENT ON COLUMN correlate.node.reason IS 'Why it is in that incident: rule, key, distance, neighbour';

CREATE TABLE correlate.incident (
    scope        text NOT NULL,
    incident_key text NOT NULL,
    first_time   timestamptz NOT NULL,
    last_time    timestamptz NOT NULL,
    nodes        bigint NOT NULL,
    alerts       bigint NOT NULL,
    records      bigint NOT NULL,
    entries      bigint NOT NULL,
    severity     smallint NOT NULL,
    raised       boolean NOT NULL,
    declared     boolean NOT NULL,
    services     text[] NOT NULL,
    title        text NOT NULL,
    digest       bytea NOT NULL,
    PRIMARY KEY (scope, incident_key)
);
COMMENT ON TABLE correlate.incident IS 'Incidents: what belongs together';
COMMENT ON COLUMN correlate.incident.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.incident.incident_key IS 'Smallest node key of its members';
COMMENT ON COLUMN correlate.incident.first_time IS 'First sign of its alerts or the declared start';
COMMENT ON COLUMN correlate.incident.last_time IS 'Last sign of its alerts, or the declared end; of an open declaration the last entry';
COMMENT ON COLUMN correlate.incident.nodes IS 'Number of nodes';
COMMENT ON COLUMN correlate.incident.alerts IS 'Number of alert episodes';
COMMENT ON COLUMN correlate.incident.records IS 'Number of records';
COMMENT ON COLUMN correlate.incident.entries IS 'Number of timeline entries';
COMMENT ON COLUMN correlate.incident.severity IS 'Highest severity of its alerts';
COMMENT ON COLUMN correlate.incident.raised IS 'Meets the thresholds; others are kept and counted';
COMMENT ON COLUMN correlate.incident.declared IS 'A person declared it';
COMMENT ON COLUMN correlate.incident.services IS 'Services of its alerts, sorted';
COMMENT ON COLUMN correlate.incident.title IS 'Declared title, or first and worst alert';
COMMENT ON COLUMN correlate.incident.digest IS 'SHA-256 over its canonical export';

CREATE TABLE correlate.number (
    scope    text NOT NULL,
    node_key text NOT NULL,
    year     integer NOT NULL,
    number   integer NOT NULL,
    PRIMARY KEY (scope, node_key),
    UNIQUE (scope, year, number)
);
COMMENT ON TABLE correlate.number IS 'Display numbers, given once per node and never taken back; an incident shows its smallest';
COMMENT ON COLUMN correlate.number.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.number.node_key IS 'Node that got the number as the key of an incident';
COMMENT ON COLUMN correlate.number.year IS 'Year of the incident';
COMMENT ON COLUMN correlate.number.number IS 'Number within the year';

CREATE TABLE correlate.entry (
    scope             text NOT NULL,
    incident_key      text NOT NULL,
    position          integer NOT NULL,
    entry_id          text NOT NULL,
    event_time        timestamptz NOT NULL,
    event_ns          smallint NOT NULL DEFAULT 0,
    uncertainty_ms    bigint NOT NULL,
    occurrences       bigint NOT NULL,
    score             integer NOT NULL,
    severity          smallint NOT NULL,
    order_established boolean NOT NULL,
    kind              text NOT NULL,
    record_kind       text NOT NULL,
    act               text,
    significance      text NOT NULL,
    time_source       text NOT NULL,
    source_time_text  text,
    actor             text,
    role              text,
    source            text,
    service           text,
    host              text,
    channel           text,
    thread_key        text,
    url               text,
    ref               text,
    node_key          text NOT NULL,
    membership        text NOT NULL,
    text              text NOT NULL,
    milestones        text[] NOT NULL,
    reasons           jsonb NOT NULL,
    evidence          jsonb NOT NULL,
    PRIMARY KEY (scope, incident_key, position),
    UNIQUE (scope, incident_key, entry_id)
);
COMMENT ON TABLE correlate.entry IS 'Timeline entries in their total order';
COMMENT ON COLUMN correlate.entry.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.entry.incident_key IS 'Incident';
COMMENT ON COLUMN correlate.entry.position IS 'Place in the total order, from 0';
COMMENT ON COLUMN correlate.entry.entry_id IS 'Stable id; the same after a rebuild';
COMMENT ON COLUMN correlate.entry.event_time IS 'When it happened';
COMMENT ON COLUMN correlate.entry.event_ns IS 'Nanoseconds below a microsecond';
COMMENT ON COLUMN correlate.entry.uncertainty_ms IS 'How far the time may be off, from its precision';
COMMENT ON COLUMN correlate.entry.occurrences IS 'Records folded into this entry';
COMMENT ON COLUMN correlate.entry.score IS 'Sum of its reasons, in hundredths';
COMMENT ON COLUMN correlate.entry.severity IS 'OpenTelemetry SeverityNumber';
COMMENT ON COLUMN correlate.entry.order_established IS 'False: too close to the entry before to say which was first';
COMMENT ON COLUMN correlate.entry.kind IS 'Entry kind, a closed list';
COMMENT ON COLUMN correlate.entry.record_kind IS 'What the record was at its source';
COMMENT ON COLUMN correlate.entry.act IS 'What the text does: symptom, hypothesis, action, rollback, recovery ...';
COMMENT ON COLUMN correlate.entry.significance IS 'key, standard or full';
COMMENT ON COLUMN correlate.entry.time_source IS 'native, assumed_zone, assumed_year or kafka';
COMMENT ON COLUMN correlate.entry.source_time_text IS 'The time exactly as written';
COMMENT ON COLUMN correlate.entry.actor IS 'Who acted or spoke';
COMMENT ON COLUMN correlate.entry.role IS 'Role of the actor at that time';
COMMENT ON COLUMN correlate.entry.source IS 'Who tells it';
COMMENT ON COLUMN correlate.entry.service IS 'Service';
COMMENT ON COLUMN correlate.entry.host IS 'Host';
COMMENT ON COLUMN correlate.entry.channel IS 'Chat channel';
COMMENT ON COLUMN correlate.entry.thread_key IS 'Thread';
COMMENT ON COLUMN correlate.entry.url IS 'Link to the source';
COMMENT ON COLUMN correlate.entry.ref IS 'Commit, deployment or ticket';
COMMENT ON COLUMN correlate.entry.node_key IS 'Node it belongs to';
COMMENT ON COLUMN correlate.entry.membership IS 'Why it is in this incident';
COMMENT ON COLUMN correlate.entry.text IS 'One line';
COMMENT ON COLUMN correlate.entry.milestones IS 'Milestones this entry proves';
COMMENT ON COLUMN correlate.entry.reasons IS 'Named reasons of the score: [[name, hundredths], ...]';
COMMENT ON COLUMN correlate.entry.evidence IS 'Records: [{stream, topic, incarnation, partition, offset, index, sha256}, ...]';

CREATE TABLE correlate.milestone (
    scope        text NOT NULL,
    incident_key text NOT NULL,
    position     integer NOT NULL,
    milestone    text NOT NULL,
    event_time   timestamptz NOT NULL,
    entry_id     text NOT NULL,
    confidence   smallint NOT NULL,
    PRIMARY KEY (scope, incident_key, position)
);
COMMENT ON TABLE correlate.milestone IS 'Milestones of incidents, each with the entry that proves it';
COMMENT ON COLUMN correlate.milestone.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.milestone.incident_key IS 'Incident';
COMMENT ON COLUMN correlate.milestone.position IS 'Order, from 0';
COMMENT ON COLUMN correlate.milestone.milestone IS 'Milestone, a closed list';
COMMENT ON COLUMN correlate.milestone.event_time IS 'When';
COMMENT ON COLUMN correlate.milestone.entry_id IS 'The entry that proves it';
COMMENT ON COLUMN correlate.milestone.confidence IS 'Per cent';

-- ------------------------------------------------------------------ views for analysts

CREATE VIEW analyst.incidents WITH (security_invoker = true) AS
SELECT i.scope, 'INC-' || n.year || '-' || lpad(n.number::text, 4, '0') AS incident,
       i.incident_key, i.title, i.severity, i.services, i.first_time, i.last_time,
       i.last_time - i.first_time AS duration, i.alerts, i.records, i.entries, i.declared, i.raised
FROM correlate.incident i
LEFT JOIN LATERAL (SELECT m.year, m.number FROM correlate.number m
                   JOIN correlate.node d ON d.scope = m.scope AND d.node_key = m.node_key
                   WHERE d.scope = i.scope AND d.incident_key = i.incident_key
                   ORDER BY m.year, m.number LIMIT 1) n ON true;
COMMENT ON VIEW analyst.incidents IS 'One row per incident';

CREATE VIEW analyst.timeline WITH (security_invoker = true) AS
SELECT e.scope, v.incident, e.incident_key, e.position, e.event_time, e.kind, e.act,
       e.significance, e.actor, e.service, e.host, e.text, e.milestones, e.source, e.url,
       e.membership, e.reasons, e.evidence, e.entry_id
FROM correlate.entry e
JOIN analyst.incidents v USING (scope, incident_key);
COMMENT ON VIEW analyst.timeline IS 'Timeline entries of all incidents; order by incident, position';

CREATE VIEW analyst.milestones WITH (security_invoker = true) AS
SELECT m.scope, v.incident, m.incident_key, m.milestone, m.event_time, m.entry_id, m.confidence
FROM correlate.milestone m
JOIN analyst.incidents v USING (scope, incident_key);
COMMENT ON VIEW analyst.milestones IS 'Milestones of all incidents, each with the entry that proves it';

CREATE VIEW analyst.ledger WITH (security_barrier = true) AS
SELECT topic, incarnation, partition, first_offset, next_offset, records, stored, condensed, empty,
       tombstones, quarantined, holes, lost, events, max_event_time,
       records = stored + condensed + empty + tombstones + quarantined
       AND (next_offset IS NULL OR next_offset - first_offset = records + holes + lost) AS adds_up
FROM evidence.stream;
COMMENT ON VIEW analyst.ledger IS 'What became of every record, per partition; adds_up must be true';

-- ------------------------------------------------------------------ rights and row-level security

GRANT USAGE ON SCHEMA correlate, review, analyst TO hindcast_correlate, hindcast_responder;
GRANT USAGE ON SCHEMA correlate, analyst TO hindcast_analyst;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA correlate TO hindcast_correlate;
GRANT SELECT ON ALL TABLES IN SCHEMA review TO hindcast_correlate;
GRANT SELECT ON correlate.node, correlate.incident, correlate.number, correlate.entry,
    correlate.milestone TO hindcast_responder, hindcast_analyst;
GRANT SELECT, INSERT ON review.declaration TO hindcast_responder;
GRANT SELECT ON ALL TABLES IN SCHEMA analyst TO hindcast_correlate, hindcast_responder, hindcast_analyst;

DO $$
DECLARE
    target record;
BEGIN
    FOR target IN SELECT schemaname, tablename FROM pg_tables
                  WHERE schemaname IN ('correlate', 'review') LOOP
        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', target.schemaname, target.tablename);
        EXECUTE format('ALTER TABLE %I.%I FORCE ROW LEVEL SECURITY', target.schemaname, target.tablename);
        EXECUTE format('CREATE POLICY correlator ON %I.%I TO hindcast_correlate USING (true) WITH CHECK (true)',
                       target.schemaname, target.tablename);
        EXECUTE format('CREATE POLICY responder ON %I.%I TO hindcast_responder USING (true) WITH CHECK (true)',
                       target.schemaname, target.tablename);
    END LOOP;
    FOR target IN SELECT unnest(ARRAY['node', 'incident', 'number', 'entry', 'milestone']) AS tablename LOOP
        EXECUTE format('CREATE POLICY analyst ON correlate.%I FOR SELECT TO hindcast_analyst USING (true)',
                       target.tablename);
    END LOOP;
END
$$;

RESET ROLE;
