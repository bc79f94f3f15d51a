-- Correlators that follow share the scopes: who computes one names its backend here until it is done, and the others go on to the
-- next. A claim of a backend that is gone counts for nothing. That two never write one scope at once is the lock's business (0011).

SET LOCAL ROLE hindcast_owner;

CREATE TABLE correlate.claim (
    scope         text PRIMARY KEY,
    pid           integer NOT NULL,
    backend_start timestamptz NOT NULL,
    login         text NOT NULL,
    claimed_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT plausible CHECK (octet_length(scope) BETWEEN 1 AND 1024 AND pid > 0 AND octet_length(login) <= 64)
);
COMMENT ON TABLE correlate.claim IS 'Scopes that a correlator computes at the moment';
COMMENT ON COLUMN correlate.claim.scope IS 'Unit of privacy and correlation';
COMMENT ON COLUMN correlate.claim.pid IS 'Backend process of the correlator';
COMMENT ON COLUMN correlate.claim.backend_start IS 'Start time of that backend; with pid it names one backend for good';
COMMENT ON COLUMN correlate.claim.login IS 'Login of that backend';
COMMENT ON COLUMN correlate.claim.claimed_at IS 'When; in no result';
GRANT SELECT, INSERT, UPDATE, DELETE ON correlate.claim TO hindcast_correlate;
ALTER TABLE correlate.claim ENABLE ROW LEVEL SECURITY;
ALTER TABLE correlate.claim FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON correlate.claim TO hindcast_correlate USING (true) WITH CHECK (true);

RESET ROLE;
