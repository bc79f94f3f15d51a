-- What a run computes between records and results, kept so that the next one reads no more than a new record can change: nodes,
-- their keys, what is derived of them, and records as grouping sees them, by series (decision 17). The correlator's own: nobody else
-- reads it.

SET LOCAL ROLE hindcast_owner;

CREATE TABLE correlate.group_scope (
    scope_no      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope         text COLLATE "C" NOT NULL UNIQUE,
    config_digest text,
    CONSTRAINT plausible CHECK (octet_length(scope) BETWEEN 1 AND 1024 AND octet_length(config_digest) <= 128)
);
COMMENT ON TABLE correlate.group_scope IS 'Scopes whose groups are kept';
COMMENT ON COLUMN correlate.group_scope.scope_no IS 'What the rows of the scope are found by';
COMMENT ON COLUMN correlate.group_scope.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.group_scope.config_digest IS 'Of the configuration that the rows were computed by; null: they are not whole';

CREATE TABLE correlate.group_node (
    scope_no         integer NOT NULL,
    opens            boolean NOT NULL,
    first_ms         bigint NOT NULL,
    source           text COLLATE "C" NOT NULL,
    uid              text COLLATE "C" NOT NULL,
    last_ms          bigint NOT NULL,
    alert            boolean NOT NULL,
    bounded          boolean NOT NULL,
    named            bytea,
    content          bytea NOT NULL,
    derived          boolean NOT NULL DEFAULT false,
    component_ms     bigint,
    component_source text COLLATE "C",
    component_uid    text COLLATE "C",
    label            bytea,
    label_text       text,
    root_ms          bigint,
    root_source      text COLLATE "C",
    root_uid         text COLLATE "C",
    reason           text,
    series           bytea NOT NULL,
    PRIMARY KEY (scope_no, opens, first_ms, source, uid),
    CONSTRAINT plausible CHECK (first_ms <= last_ms AND octet_length(source) <= 4096 AND octet_length(uid) BETWEEN 1 AND 64
        AND octet_length(named) = 16 AND octet_length(label) = 16)
);
COMMENT ON TABLE correlate.group_node IS 'Nodes: those that open incidents, and those that attach to them';
COMMENT ON COLUMN correlate.group_node.scope_no IS 'Of correlate.group_scope';
COMMENT ON COLUMN correlate.group_node.opens IS 'It opens an incident; else it attaches';
COMMENT ON COLUMN correlate.group_node.first_ms IS 'Its first record, milliseconds since 1970; with source and uid what it is called by';
COMMENT ON COLUMN correlate.group_node.source IS 'Source of its records';
COMMENT ON COLUMN correlate.group_node.uid IS 'Its first record';
COMMENT ON COLUMN correlate.group_node.last_ms IS 'Its last record, or the end of its bounds';
COMMENT ON COLUMN correlate.group_node.alert IS 'It is an alert';
COMMENT ON COLUMN correlate.group_node.bounded IS 'It is a declaration with bounds';
COMMENT ON COLUMN correlate.group_node.named IS 'Digest of the incident that its records name; null: none';
COMMENT ON COLUMN correlate.group_node.content IS 'What grouping has to know of it (correlate/stored/content.h)';
COMMENT ON COLUMN correlate.group_node.derived IS 'What follows is known';
COMMENT ON COLUMN correlate.group_node.component_ms IS 'Of what opens: the smallest node of what was connected when it was short enough';
COMMENT ON COLUMN correlate.group_node.component_source IS 'The same: its source';
COMMENT ON COLUMN correlate.group_node.component_uid IS 'The same: its first record';
COMMENT ON COLUMN correlate.group_node.label IS 'Digest of the explicit id of its incident; null: none';
COMMENT ON COLUMN correlate.group_node.label_text IS 'That id';
COMMENT ON COLUMN correlate.group_node.root_ms IS 'The smallest node of its group; of what attaches: the one that it hangs on; null: none, or the label says it';
COMMENT ON COLUMN correlate.group_node.root_source IS 'The same: its source';
COMMENT ON COLUMN correlate.group_node.root_uid IS 'The same: its first record';
COMMENT ON COLUMN correlate.group_node.reason IS 'Why it is there';
COMMENT ON COLUMN correlate.group_node.series IS 'Digest of source and fingerprint of its records';

CREATE INDEX group_node_component ON correlate.group_node (scope_no, component_ms, component_source, component_uid) WHERE opens;
CREATE INDEX group_node_label ON correlate.group_node (scope_no, label, first_ms, source, uid) WHERE opens AND label IS NOT NULL;
CREATE INDEX group_node_root ON correlate.group_node (scope_no, root_ms, root_source, root_uid);
CREATE INDEX group_node_named ON correlate.group_node (scope_no, named) WHERE NOT opens AND named IS NOT NULL;
CREATE INDEX group_node_bounds ON correlate.group_node USING gist (box(point(scope_no, first_ms), point(scope_no, last_ms)))
    WHERE opens AND bounded;
CREATE INDEX group_node_alive ON correlate.group_node USING gist (box(point(scope_no, first_ms), point(scope_no, last_ms)))
    WHERE NOT opens;
CREATE INDEX group_node_series ON correlate.group_node (scope_no, series, first_ms);

CREATE TABLE correlate.group_key (
    scope_no integer NOT NULL,
    opens    boolean NOT NULL,
    key      bytea NOT NULL,
    first_ms bigint NOT NULL,
    source   text COLLATE "C" NOT NULL,
    uid      text COLLATE "C" NOT NULL,
    PRIMARY KEY (scope_no, opens, key, first_ms, source, uid),
    CONSTRAINT plausible CHECK (octet_length(key) = 16 AND octet_length(source) <= 4096 AND octet_length(uid) BETWEEN 1 AND 64)
);
COMMENT ON TABLE correlate.group_key IS 'Keys of nodes: what two of them may share';
COMMENT ON COLUMN correlate.group_key.scope_no IS 'Of correlate.group_scope';
COMMENT ON COLUMN correlate.group_key.opens IS 'The node opens an incident';
COMMENT ON COLUMN correlate.group_key.key IS 'Digest of kind and value';
COMMENT ON COLUMN correlate.group_key.first_ms IS 'The node: its first record, milliseconds since 1970';
COMMENT ON COLUMN correlate.group_key.source IS 'The node: source of its records';
COMMENT ON COLUMN correlate.group_key.uid IS 'The node: its first record';

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

GRANT SELECT, INSERT, UPDATE, DELETE ON correlate.group_scope, correlate.group_node, correlate.group_key, correlate.group_record TO hindcast_correlate;
DO $$
DECLARE
    target regclass;
BEGIN
    FOREACH target IN ARRAY ARRAY['correlate.group_scope', 'correlate.group_node', 'correlate.group_key', 'correlate.group_record']::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY correlator ON %s TO hindcast_correlate USING (true) WITH CHECK (true)', target);
    END LOOP;
END $$;

RESET ROLE;
