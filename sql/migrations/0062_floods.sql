-- Incidents of very many records are read whole less often than records of theirs come: these wait meanwhile (decision 23). What waits
-- is kept in the tables of groups as a scope of its own, the number of which is the negative one; this is which incidents are so large.

SET LOCAL ROLE hindcast_owner;

CREATE TABLE correlate.group_flood (
    scope_no      integer NOT NULL,
    flood         bytea NOT NULL,
    scope         text COLLATE "C" NOT NULL,
    label_text    text,
    root_ms       bigint,
    root_source   text COLLATE "C",
    root_uid      text COLLATE "C",
    incident_key  text COLLATE "C" NOT NULL,
    records       bigint NOT NULL,
    cost_ms       bigint NOT NULL,
    stale         boolean NOT NULL,
    unsettled     boolean NOT NULL,
    waiting       bigint NOT NULL,
    waiting_first bigint,
    waiting_last  bigint,
    PRIMARY KEY (scope_no, flood),
    CONSTRAINT plausible CHECK (octet_length(flood) = 16 AND octet_length(scope) BETWEEN 1 AND 1024 AND records >= 0 AND cost_ms >= 0
        AND (label_text IS NULL) = (root_uid IS NOT NULL) AND waiting >= 0 AND waiting_first <= waiting_last)
);
COMMENT ON TABLE correlate.group_flood IS 'Incidents of very many records, and how many records wait to be taken into them';
COMMENT ON COLUMN correlate.group_flood.scope_no IS 'Of correlate.group_scope; rows of its negative number in the tables of groups are records that wait';
COMMENT ON COLUMN correlate.group_flood.flood IS 'Digest of what names the incident among groups';
COMMENT ON COLUMN correlate.group_flood.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.group_flood.label_text IS 'Explicit id of the incident; null: its smallest node names it';
COMMENT ON COLUMN correlate.group_flood.root_ms IS 'Else its smallest node: its first record, milliseconds since 1970';
COMMENT ON COLUMN correlate.group_flood.root_source IS 'The same: its source';
COMMENT ON COLUMN correlate.group_flood.root_uid IS 'The same: its first record';
COMMENT ON COLUMN correlate.group_flood.incident_key IS 'The incident as it was saved last';
COMMENT ON COLUMN correlate.group_flood.records IS 'Its records when it was told last';
COMMENT ON COLUMN correlate.group_flood.cost_ms IS 'What that took, milliseconds';
COMMENT ON COLUMN correlate.group_flood.stale IS 'What lies around it changed since, so that it is to be told again';
COMMENT ON COLUMN correlate.group_flood.unsettled IS 'Links among its nodes changed since, so that it is to be settled again';
COMMENT ON COLUMN correlate.group_flood.waiting IS 'Records that wait to be taken in';
COMMENT ON COLUMN correlate.group_flood.waiting_first IS 'Since when something waits, milliseconds since 1970; null: nothing does';
COMMENT ON COLUMN correlate.group_flood.waiting_last IS 'When the last of it came';
CREATE INDEX group_flood_scope ON correlate.group_flood (scope, incident_key);
COMMENT ON INDEX correlate.group_flood_scope IS 'What waits of a scope, of an incident';

GRANT SELECT, INSERT, UPDATE, DELETE ON correlate.group_flood TO hindcast_correlate;
GRANT SELECT (scope, incident_key, records, stale, unsettled, waiting, waiting_first) ON correlate.group_flood
    TO hindcast_responder, hindcast_analyst, hindcast_scribe;
ALTER TABLE correlate.group_flood ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.group_flood FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON correlate.group_flood TO hindcast_correlate USING (true) WITH CHECK (true);
CREATE POLICY readers ON correlate.group_flood FOR SELECT TO hindcast_responder, hindcast_analyst, hindcast_scribe, hindcast_owner USING (true);

-- What waited goes with the set that it waited for.
ALTER TABLE correlate.group_left DROP CONSTRAINT plausible, ADD CONSTRAINT plausible CHECK (scope_no <> 0);

RESET ROLE;
