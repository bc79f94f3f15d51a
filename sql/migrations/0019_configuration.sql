-- What results depend on beside the records - weights, thresholds, phrase rules - is one set, applied
-- once for everybody: the newest row counts, and every correlator works with it. Rows are only added, by
-- one function, so that two who apply at once come one after the other and nobody overwrites unseen.

SET LOCAL ROLE hindcast_owner;

CREATE TABLE review.configuration (
    configuration_no bigint PRIMARY KEY,
    config_digest    bytea NOT NULL,
    derivation       integer NOT NULL,
    content          text NOT NULL,
    applied_at       timestamptz NOT NULL DEFAULT now(),
    applied_by       text NOT NULL DEFAULT session_user,
    CONSTRAINT plausible CHECK (configuration_no > 0 AND derivation BETWEEN 1 AND 1000000
        AND octet_length(content) BETWEEN 1 AND 2097152
        AND config_digest = sha256(convert_to(content, 'UTF8')))
);
COMMENT ON TABLE review.configuration IS 'What results depend on beside the records; the newest row counts, and rows are only added';
COMMENT ON COLUMN review.configuration.configuration_no IS 'Order in which they were applied, from 1; the cursor of a scope names the one it was correlated with as stream -1';
COMMENT ON COLUMN review.configuration.config_digest IS 'SHA-256 of content';
COMMENT ON COLUMN review.configuration.derivation IS 'How the program derives; an older program than that of the newest row derives nothing';
COMMENT ON COLUMN review.configuration.content IS 'The settings, one a line, then the phrase rules';
COMMENT ON COLUMN review.configuration.applied_at IS 'When; in no result';
COMMENT ON COLUMN review.configuration.applied_by IS 'Login that applied it';

CREATE FUNCTION review.refuse_change()
RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'rows of %.% are only added', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING HINT = 'Apply another configuration: the newest row counts.';
END
$$;
COMMENT ON FUNCTION review.refuse_change() IS 'Trigger of tables whose rows nobody changes or removes, their owner included';
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON review.configuration
    FOR EACH STATEMENT EXECUTE FUNCTION review.refuse_change();

-- `after`: only where that row is the newest one (0: where there is none); null: after whatever is the
-- newest. What is the same as the newest row is not written again. Returns the number of the row that
-- is the newest afterwards.
CREATE FUNCTION review.apply_configuration(content text, derivation integer, after bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    newest review.configuration;
    number bigint;
BEGIN
    LOCK TABLE review.configuration IN SHARE ROW EXCLUSIVE MODE;
    SELECT c.* INTO newest FROM review.configuration c ORDER BY c.configuration_no DESC LIMIT 1;
    number := coalesce(newest.configuration_no, 0);
    IF apply_configuration.after <> number
       OR (newest.content = apply_configuration.content
           AND newest.derivation = apply_configuration.derivation) THEN
        RETURN number;
    END IF;
    IF apply_configuration.derivation < newest.derivation THEN
        RAISE EXCEPTION 'the applied configuration is of derivation %, newer than %',
            newest.derivation, apply_configuration.derivation;
    END IF;
    INSERT INTO review.configuration (configuration_no, config_digest, derivation, content)
    VALUES (number + 1, sha256(convert_to(apply_configuration.content, 'UTF8')),
            apply_configuration.derivation, apply_configuration.content);
    RETURN number + 1;
END
$$;
COMMENT ON FUNCTION review.apply_configuration(text, integer, bigint) IS
    'Makes a configuration the one that counts, unless it does already; the only way to write one';
REVOKE ALL ON FUNCTION review.apply_configuration(text, integer, bigint), review.refuse_change() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review.apply_configuration(text, integer, bigint) TO hindcast_correlate;

ALTER TABLE review.configuration ENABLE ROW LEVEL SECURITY;
ALTER TABLE review.configuration FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON review.configuration FOR SELECT TO hindcast_correlate USING (true);
-- The function and the view work as their owner, and row-level security is forced upon owners too.
CREATE POLICY reading ON review.configuration FOR SELECT TO hindcast_owner USING (true);
CREATE POLICY applying ON review.configuration FOR INSERT TO hindcast_owner WITH CHECK (true);
GRANT SELECT ON review.configuration TO hindcast_correlate;

CREATE VIEW analyst.configuration WITH (security_barrier = true) AS
SELECT configuration_no, encode(config_digest, 'hex') AS config_digest, derivation, content, applied_at,
       applied_by, configuration_no = max(configuration_no) OVER () AS counts
FROM review.configuration;
COMMENT ON VIEW analyst.configuration IS 'Every configuration that was ever applied; counts: the one that results are derived with';
GRANT SELECT ON analyst.configuration
    TO hindcast_ingest, hindcast_correlate, hindcast_responder, hindcast_analyst;

RESET ROLE;
