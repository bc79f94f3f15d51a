-- Reading stored records again with today's decoders: batches say with which decoders they were read,
-- and an event that is called otherwise since is found by its former name.

SET LOCAL ROLE hindcast_owner;

ALTER TABLE evidence.batch DROP CONSTRAINT batch_kind_check;
ALTER TABLE evidence.batch ADD CONSTRAINT batch_kind_check
    CHECK (kind IN ('kafka', 'retry', 'gap', 'redecode'));
ALTER TABLE evidence.batch ADD COLUMN decoders bytea CHECK (octet_length(decoders) = 32);
COMMENT ON COLUMN evidence.batch.kind IS 'kafka: read from the topic; retry: from quarantine; gap: offsets without records; redecode: stored records read again, their rows replaced';
COMMENT ON COLUMN evidence.batch.decoders IS 'SHA-256 over the decoders and maps that read it (hindcast formats shows that of a program); null: not noted yet then';

CREATE TABLE correlate.renamed (
    scope  text NOT NULL CHECK (octet_length(scope) <= 1024),
    former uuid NOT NULL,
    uid    uuid NOT NULL,
    PRIMARY KEY (former, scope, uid)
);
CREATE INDEX renamed_uid ON correlate.renamed (uid, scope);
COMMENT ON TABLE correlate.renamed IS 'Events that got another uid when their records were read again: what cites the former one finds them; not derived, kept when the rest is made anew';
COMMENT ON COLUMN correlate.renamed.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.renamed.former IS 'What the event was called before';
COMMENT ON COLUMN correlate.renamed.uid IS 'What the event at the same place is called now';
GRANT SELECT ON correlate.renamed TO hindcast_correlate, hindcast_responder, hindcast_analyst;
ALTER TABLE correlate.renamed ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.renamed FORCE ROW LEVEL SECURITY;
CREATE POLICY redecode ON correlate.renamed TO hindcast_owner USING (true) WITH CHECK (true);
CREATE POLICY correlator ON correlate.renamed FOR SELECT TO hindcast_correlate USING (true);
CREATE POLICY responder ON correlate.renamed FOR SELECT TO hindcast_responder USING (true);
CREATE POLICY analyst ON correlate.renamed FOR SELECT TO hindcast_analyst USING (true);

CREATE VIEW analyst.renamed WITH (security_invoker = true) AS
SELECT scope, former, uid FROM correlate.renamed;
COMMENT ON VIEW analyst.renamed IS 'Events that got another uid when their records were read again';
GRANT SELECT ON analyst.renamed TO hindcast_correlate, hindcast_responder, hindcast_analyst;

RESET ROLE;
