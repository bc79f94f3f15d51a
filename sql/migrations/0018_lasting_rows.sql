-- Rows of the casebook that last: they name their incident by a number that an earlier record does not
-- change, and carry what sorts them instead of a position, which one late row would change in all that
-- follow. Views compute key and position. And every record that an incident holds, by its uid.

SET LOCAL ROLE hindcast_owner;

-- Row-level security binds the owner too, who has to bring the rows along.
ALTER TABLE correlate.incident NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.node NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.entry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.milestone NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.cursor NO FORCE ROW LEVEL SECURITY;

-- Rows from before the bounds may lie outside of them; they are derived, and are brought along all the same.
ALTER TABLE correlate.incident DROP CONSTRAINT IF EXISTS plausible;
ALTER TABLE correlate.node DROP CONSTRAINT IF EXISTS plausible;
ALTER TABLE correlate.entry DROP CONSTRAINT IF EXISTS plausible;
ALTER TABLE correlate.milestone DROP CONSTRAINT IF EXISTS plausible;

DROP VIEW analyst.timeline, analyst.milestones, analyst.incident_numbers;

CREATE SEQUENCE correlate.incident_no;
COMMENT ON SEQUENCE correlate.incident_no IS 'Internal numbers of incidents: never given twice';
GRANT USAGE ON SEQUENCE correlate.incident_no TO hindcast_correlate;

ALTER TABLE correlate.incident ADD COLUMN incident_no bigint NOT NULL DEFAULT nextval('correlate.incident_no');
ALTER TABLE correlate.incident ADD COLUMN member_digest bytea;
ALTER TABLE correlate.incident DROP CONSTRAINT incident_pkey;
ALTER TABLE correlate.incident ADD PRIMARY KEY (scope, incident_no);
ALTER TABLE correlate.incident ADD UNIQUE (scope, incident_key);
COMMENT ON COLUMN correlate.incident.incident_no IS 'Internal number: stays when the key changes, is never given to another incident, in no result';
COMMENT ON COLUMN correlate.incident.member_digest IS 'SHA-256 over the uids of its records; null: not known';

ALTER TABLE correlate.node ADD COLUMN incident_no bigint;
UPDATE correlate.node n SET incident_no = i.incident_no
FROM correlate.incident i WHERE i.scope = n.scope AND i.incident_key = n.incident_key;
ALTER TABLE correlate.node DROP COLUMN incident_key;
CREATE INDEX node_incident ON correlate.node (scope, incident_no);
COMMENT ON COLUMN correlate.node.incident_no IS 'Incident it belongs to; null: none';

ALTER TABLE correlate.entry ADD COLUMN incident_no bigint;
ALTER TABLE correlate.entry ADD COLUMN tie bytea NOT NULL DEFAULT '';
UPDATE correlate.entry e SET incident_no = i.incident_no, tie = int4send(e.position)
FROM correlate.incident i WHERE i.scope = e.scope AND i.incident_key = e.incident_key;
DELETE FROM correlate.entry WHERE incident_no IS NULL;
ALTER TABLE correlate.entry DROP CONSTRAINT entry_scope_entry_id_incident_key_key;
ALTER TABLE correlate.entry DROP COLUMN incident_key;
ALTER TABLE correlate.entry DROP COLUMN position;
ALTER TABLE correlate.entry ALTER COLUMN tie DROP DEFAULT;
ALTER TABLE correlate.entry ADD PRIMARY KEY (scope, incident_no, entry_id);
CREATE INDEX entry_order ON correlate.entry (scope, incident_no, event_time, event_ns);
CREATE INDEX entry_by_id ON correlate.entry (scope, entry_id);
COMMENT ON TABLE correlate.entry IS 'Timeline entries; their total order is event_time, event_ns, tie';
COMMENT ON COLUMN correlate.entry.incident_no IS 'Incident';
COMMENT ON COLUMN correlate.entry.tie IS 'Sorts entries of equal time: causal rank, source, the source''s sequence, uid or coordinates';

ALTER TABLE correlate.milestone ADD COLUMN incident_no bigint;
ALTER TABLE correlate.milestone ADD COLUMN rank integer;
ALTER TABLE correlate.milestone ADD COLUMN event_ns smallint NOT NULL DEFAULT 0;
UPDATE correlate.milestone m SET incident_no = i.incident_no, rank = m.position
FROM correlate.incident i WHERE i.scope = m.scope AND i.incident_key = m.incident_key;
DELETE FROM correlate.milestone WHERE incident_no IS NULL;
ALTER TABLE correlate.milestone DROP COLUMN incident_key;
ALTER TABLE correlate.milestone DROP COLUMN position;
ALTER TABLE correlate.milestone ALTER COLUMN rank SET NOT NULL;
ALTER TABLE correlate.milestone ADD PRIMARY KEY (scope, incident_no, milestone, entry_id);
COMMENT ON COLUMN correlate.milestone.incident_no IS 'Incident';
COMMENT ON COLUMN correlate.milestone.rank IS 'Of the milestone in an incident''s course; order: rank, event_time, event_ns, entry_id';
COMMENT ON COLUMN correlate.milestone.event_ns IS 'Nanoseconds below a microsecond; sorts, and is shown nowhere';

CREATE TABLE correlate.member (
    scope       text NOT NULL,
    uid         uuid NOT NULL,
    incident_no bigint NOT NULL,
    PRIMARY KEY (uid, scope)
);
CREATE INDEX member_incident ON correlate.member (scope, incident_no);
COMMENT ON TABLE correlate.member IS 'Every record that an incident holds, shown or folded: an incident is found by any of them';
COMMENT ON COLUMN correlate.member.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.member.uid IS 'The event; of a declaration the uid in its node''s key';
COMMENT ON COLUMN correlate.member.incident_no IS 'Incident';
GRANT SELECT, INSERT, UPDATE, DELETE ON correlate.member TO hindcast_correlate;
GRANT SELECT ON correlate.member TO hindcast_responder, hindcast_analyst;
ALTER TABLE correlate.member ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.member FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON correlate.member TO hindcast_correlate USING (true) WITH CHECK (true);
CREATE POLICY responder ON correlate.member FOR SELECT TO hindcast_responder USING (true);
CREATE POLICY analyst ON correlate.member FOR SELECT TO hindcast_analyst USING (true);

CREATE VIEW analyst.incident_numbers WITH (security_invoker = true) AS
SELECT n.scope, n.name AS incident, i.number AS shown_as, i.incident_key
FROM correlate.number n
JOIN correlate.node d ON d.scope = n.scope AND d.node_key = coalesce(n.held_by, n.node_key)
JOIN correlate.incident i ON i.scope = d.scope AND i.incident_no = d.incident_no;
COMMENT ON VIEW analyst.incident_numbers IS 'Every display number that leads to an incident, and the one it is shown with now: those that were merged stay as aliases';

-- The place is counted within one incident, so that asking for an incident reads that one alone.
CREATE VIEW analyst.timeline WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, e.position, e.event_time, e.kind, e.act,
       e.significance, e.actor, e.service, e.host, e.text, e.milestones, e.source, e.url,
       e.membership, e.reasons, e.evidence, e.entry_id
FROM correlate.incident i
CROSS JOIN LATERAL (
    SELECT x.*, (row_number() OVER (ORDER BY x.event_time, x.event_ns, x.tie, x.entry_id COLLATE "C") - 1)::integer
               AS position
    FROM correlate.entry x WHERE x.scope = i.scope AND x.incident_no = i.incident_no) e;
COMMENT ON VIEW analyst.timeline IS 'Timeline entries of all incidents; order by incident, position';

CREATE VIEW analyst.milestones WITH (security_invoker = true) AS
SELECT i.scope, i.number AS incident, i.incident_key, m.milestone, m.event_time, m.entry_id, m.confidence
FROM correlate.incident i
JOIN correlate.milestone m ON m.scope = i.scope AND m.incident_no = i.incident_no;
COMMENT ON VIEW analyst.milestones IS 'Milestones of all incidents, each with the entry that proves it';

CREATE VIEW analyst.members WITH (security_invoker = true) AS
SELECT m.scope, m.uid, i.number AS incident, i.incident_key
FROM correlate.member m
JOIN correlate.incident i ON i.scope = m.scope AND i.incident_no = m.incident_no;
COMMENT ON VIEW analyst.members IS 'Which incident holds an event: by uid';

GRANT SELECT ON analyst.timeline, analyst.milestones, analyst.incident_numbers, analyst.members
    TO hindcast_correlate, hindcast_responder, hindcast_analyst;

-- Bounds of what a role may write, anew: a constraint goes with any of its columns.
DO $$
DECLARE
    target regclass;
    part   record;
    terms  text[];
BEGIN
    FOREACH target IN ARRAY ARRAY['correlate.incident', 'correlate.node', 'correlate.entry',
                                  'correlate.milestone', 'correlate.member']::regclass[] LOOP
        terms := '{}';
        FOR part IN SELECT quote_ident(attname) AS name, format_type(atttypid, NULL) AS type
                    FROM pg_attribute WHERE attrelid = target AND attnum > 0 AND NOT attisdropped
                    ORDER BY attnum LOOP
            terms := terms || CASE
                WHEN part.type = 'timestamp with time zone' THEN
                    format('%1$s >= ''1970-01-01 00:00+00'' AND %1$s < ''2100-01-01 00:00+00''', part.name)
                WHEN part.name = 'score' THEN NULL
                WHEN part.type IN ('smallint', 'integer') THEN format('%s >= 0', part.name)
                WHEN part.type = 'bigint' THEN
                    format('%1$s >= 0 AND %1$s < 4611686018427387904', part.name)
                WHEN part.name = 'scope' THEN 'octet_length(scope) BETWEEN 1 AND 1024'
                WHEN part.type = 'text' THEN format('octet_length(%s) <= 65536', part.name)
                WHEN part.name = 'tie' THEN 'octet_length(tie) <= 65536'
                WHEN part.name IN ('reasons', 'evidence') THEN format('jsonb_typeof(%s) = ''array''', part.name)
                END;
        END LOOP;
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS plausible', target);
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT plausible CHECK (%s) NOT VALID', target,
                       array_to_string(array_remove(terms, NULL), ' AND '));
    END LOOP;
END
$$;

-- What is stored serves readers as it is. The next `correlate` computes every scope again, as after
-- other settings, and completes it: members, and ties by content.
DELETE FROM correlate.cursor WHERE stream_id = -1;

ALTER TABLE correlate.incident FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.node FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.entry FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.milestone FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.cursor FORCE ROW LEVEL SECURITY;

RESET ROLE;
