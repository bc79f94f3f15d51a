-- What a part of a scope has to know of what people decided: which candidate talk and changes belonged to before decisions moved them,
-- and what each decision named when it was correlated last (decision 21). The correlator's own, like the other rows of groups. Rows of
-- before do not say it: they are made anew.

SET LOCAL ROLE hindcast_owner;

UPDATE correlate.group_scope SET config_digest = NULL;

CREATE TABLE correlate.group_candidate (
    scope_no  integer NOT NULL,
    node      text COLLATE "C" NOT NULL,
    candidate text COLLATE "C" NOT NULL,
    PRIMARY KEY (scope_no, node),
    CONSTRAINT plausible CHECK (octet_length(node) BETWEEN 1 AND 8192 AND octet_length(candidate) BETWEEN 1 AND 8192)
);
COMMENT ON TABLE correlate.group_candidate IS 'Talk and changes that belong to a candidate, before people decided';
COMMENT ON COLUMN correlate.group_candidate.scope_no IS 'Of correlate.group_scope';
COMMENT ON COLUMN correlate.group_candidate.node IS 'Key of the node';
COMMENT ON COLUMN correlate.group_candidate.candidate IS 'Key of the node that names the candidate';
CREATE INDEX group_candidate_candidate ON correlate.group_candidate (scope_no, candidate);

CREATE TABLE correlate.group_decision (
    scope_no integer NOT NULL,
    decision text COLLATE "C" NOT NULL,
    content  bytea NOT NULL,
    PRIMARY KEY (scope_no, decision),
    CONSTRAINT plausible CHECK (octet_length(decision) BETWEEN 1 AND 256)
);
COMMENT ON TABLE correlate.group_decision IS 'Decisions as they were correlated last';
COMMENT ON COLUMN correlate.group_decision.scope_no IS 'Of correlate.group_scope';
COMMENT ON COLUMN correlate.group_decision.decision IS 'Identifier of the decision';
COMMENT ON COLUMN correlate.group_decision.content IS 'The incidents that held what it names, before decisions (correlate/stored/ties.h)';

GRANT SELECT, INSERT, UPDATE, DELETE ON correlate.group_candidate, correlate.group_decision TO hindcast_correlate;
DO $$
DECLARE
    target regclass;
BEGIN
    FOREACH target IN ARRAY ARRAY['correlate.group_candidate', 'correlate.group_decision']::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('CREATE POLICY correlator ON %s TO hindcast_correlate USING (true) WITH CHECK (true)', target);
    END LOOP;
END $$;

RESET ROLE;
