-- Every save of a scope that changes something is a publication. It has a number of its scope, and so has every incident and node
-- that it changed, and the key of every one that it removed: who names the publications seen last is given
-- what changed since. Why a number a scope, and what a lineage is: docs/decisions/0014-numbers-of-publications.md

SET LOCAL ROLE hindcast_owner;

-- Row-level security binds the owner too, who has to bring the rows along.
ALTER TABLE correlate.incident NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.node NO FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.cursor NO FORCE ROW LEVEL SECURITY;

CREATE TABLE correlate.publication (
    scope         text PRIMARY KEY,
    last          bigint NOT NULL,
    config_digest bytea,
    configured    bigint NOT NULL,
    forgotten     bigint NOT NULL,
    CONSTRAINT plausible CHECK (octet_length(scope) BETWEEN 1 AND 1024
        AND last > 0 AND last < 4611686018427387904 AND octet_length(config_digest) = 32
        AND configured BETWEEN 0 AND last AND forgotten BETWEEN 0 AND last)
);
COMMENT ON TABLE correlate.publication IS 'How often the correlator changed each scope: the numbers that a reader may have seen';
COMMENT ON COLUMN correlate.publication.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.publication.last IS 'Number of the last publication, from 1; counted under the lock of the scope';
COMMENT ON COLUMN correlate.publication.config_digest IS 'Configuration that the scope was correlated with; null: none is known';
COMMENT ON COLUMN correlate.publication.configured IS 'Publication that changed config_digest last; 0: none did';
COMMENT ON COLUMN correlate.publication.forgotten IS 'What was removed up to this publication is not known any more; 0: all is';

CREATE TABLE correlate.lineage (
    scope        text NOT NULL,
    first        bigint NOT NULL,
    token        text NOT NULL,
    server_start timestamptz NOT NULL,
    table_id     bigint NOT NULL,
    PRIMARY KEY (scope, first),
    CONSTRAINT plausible CHECK (octet_length(scope) BETWEEN 1 AND 1024 AND first > 0
        AND first < 4611686018427387904 AND token ~ '^[0-9a-f]{12}$'
        AND table_id BETWEEN 1 AND 4294967295)
);
COMMENT ON TABLE correlate.lineage IS 'Tells publications apart that were counted twice, by a database that went back to an earlier state';
COMMENT ON COLUMN correlate.lineage.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.lineage.first IS 'First publication of this lineage; it goes up to the next one''s first';
COMMENT ON COLUMN correlate.lineage.token IS 'Drawn at random: part of a reader''s cursor';
COMMENT ON COLUMN correlate.lineage.server_start IS 'When the server had been started that counted; a database that went back was started since';
COMMENT ON COLUMN correlate.lineage.table_id IS 'Object id of correlate.publication, which is another one where a dump was read in';

CREATE TABLE correlate.removed (
    scope       text NOT NULL,
    kind        text NOT NULL,
    key         text NOT NULL,
    publication bigint NOT NULL,
    PRIMARY KEY (scope, kind, key),
    CONSTRAINT plausible CHECK (octet_length(scope) BETWEEN 1 AND 1024 AND kind IN ('incident', 'node')
        AND octet_length(key) <= 65536 AND publication > 0 AND publication < 4611686018427387904)
);
CREATE INDEX removed_since ON correlate.removed (scope, publication);
COMMENT ON TABLE correlate.removed IS 'Keys that an incident or a node had once and none has now';
COMMENT ON COLUMN correlate.removed.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.removed.kind IS 'incident or node';
COMMENT ON COLUMN correlate.removed.key IS 'incident_key or node_key';
COMMENT ON COLUMN correlate.removed.publication IS 'Publication that removed it';
COMMENT ON INDEX correlate.removed_since IS 'What was removed since a publication';

-- What is there was published once, as is what somebody adds by hand; the constant spares rewriting the tables.
ALTER TABLE correlate.incident ADD COLUMN publication bigint NOT NULL DEFAULT 1;
ALTER TABLE correlate.node ADD COLUMN publication bigint NOT NULL DEFAULT 1;
ALTER TABLE correlate.incident ADD CONSTRAINT published CHECK (publication > 0) NOT VALID;
ALTER TABLE correlate.node ADD CONSTRAINT published CHECK (publication > 0) NOT VALID;
-- By a digest of the scope, so that no question that names a scope and something else is led here.
CREATE INDEX incident_since ON correlate.incident (md5(scope), publication);
CREATE INDEX node_since ON correlate.node (md5(scope), publication);
COMMENT ON COLUMN correlate.incident.publication IS 'Publication that changed its canonical export last';
COMMENT ON COLUMN correlate.node.publication IS 'Publication that changed this row last';
COMMENT ON INDEX correlate.incident_since IS 'Incidents that changed since a publication';
COMMENT ON INDEX correlate.node_since IS 'Nodes that changed since a publication';

INSERT INTO correlate.publication (scope, last, config_digest, configured, forgotten)
SELECT s.scope, 1, c.config_digest, CASE WHEN c.config_digest IS NULL THEN 0 ELSE 1 END, 0
FROM (SELECT scope FROM correlate.incident UNION SELECT scope FROM correlate.node
      UNION SELECT scope FROM correlate.cursor) s
LEFT JOIN correlate.cursor n ON n.scope = s.scope AND n.stream_id = -1
LEFT JOIN review.configuration c ON c.configuration_no = n.seq;
INSERT INTO correlate.lineage (scope, first, token, server_start, table_id)
SELECT scope, 1, left(replace(gen_random_uuid()::text, '-', ''), 12), pg_postmaster_start_time(),
       tableoid::bigint
FROM correlate.publication;

GRANT SELECT, INSERT, UPDATE, DELETE ON correlate.publication, correlate.lineage, correlate.removed
    TO hindcast_correlate;
ALTER TABLE correlate.publication ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.publication FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.lineage ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.lineage FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.removed ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.removed FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON correlate.publication TO hindcast_correlate USING (true) WITH CHECK (true);
CREATE POLICY correlator ON correlate.lineage TO hindcast_correlate USING (true) WITH CHECK (true);
CREATE POLICY correlator ON correlate.removed TO hindcast_correlate USING (true) WITH CHECK (true);

ALTER TABLE correlate.incident FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.node FORCE ROW LEVEL SECURITY;
ALTER TABLE correlate.cursor FORCE ROW LEVEL SECURITY;

RESET ROLE;
