-- Records as grouping sees them, by series: from them and the nodes around a new one the episodes that it changes are found
-- (decision 17). The correlator's own, like the nodes.

SET LOCAL ROLE hindcast_owner;

CREATE TABLE correlate.group_record (
    scope_no integer NOT NULL,
    uid      text COLLATE "C" NOT NULL,
    series   bytea NOT NULL,
    ms       bigint NOT NULL,
    place    bytea NOT NULL,
    content  bytea NOT NULL,
    PRIMARY KEY (scope_no, uid),
    CONSTRAINT plausible CHECK (octet_length(uid) BETWEEN 1 AND 64 AND octet_length(series) = 16 AND octet_length(place) <= 1024)
);
COMMENT ON TABLE correlate.group_record IS 'Records as grouping sees them: of each occurrence the delivery that counts';
COMMENT ON COLUMN correlate.group_record.scope_no IS 'Of correlate.group_scope';
COMMENT ON COLUMN correlate.group_record.uid IS 'Identity of the occurrence';
COMMENT ON COLUMN correlate.group_record.series IS 'Digest of source and fingerprint: what repeats';
COMMENT ON COLUMN correlate.group_record.ms IS 'When, milliseconds since 1970';
COMMENT ON COLUMN correlate.group_record.place IS 'Bytes that sort records of one millisecond';
COMMENT ON COLUMN correlate.group_record.content IS 'What grouping has to know of it (correlate/stored/record.h)';
CREATE INDEX group_record_series ON correlate.group_record (scope_no, series, ms, place);

TRUNCATE correlate.group_node, correlate.group_key;
UPDATE correlate.group_scope SET config_digest = NULL;
ALTER TABLE correlate.group_node ADD COLUMN series bytea NOT NULL;
COMMENT ON COLUMN correlate.group_node.series IS 'Digest of source and fingerprint of its records';
CREATE INDEX group_node_series ON correlate.group_node (scope_no, series, first_ms);

GRANT SELECT, INSERT, UPDATE, DELETE ON correlate.group_record TO hindcast_correlate;
ALTER TABLE correlate.group_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.group_record FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON correlate.group_record TO hindcast_correlate USING (true) WITH CHECK (true);

RESET ROLE;
