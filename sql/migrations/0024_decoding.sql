-- How the records of each topic are decoded - format, scope, zone, service, environment, duplicates, headers -
-- is one set for all workers too: the newest row counts. It has a table of its own beside review.configuration,
-- because another set changes what is stored of the records that follow, and no result of those that are there.

SET LOCAL ROLE hindcast_owner;

CREATE TABLE review.decoding (
    decoding_no     bigint PRIMARY KEY,
    decoding_digest bytea NOT NULL,
    content         text NOT NULL,
    applied_at      timestamptz NOT NULL DEFAULT now(),
    applied_by      text NOT NULL DEFAULT session_user,
    CONSTRAINT plausible CHECK (decoding_no > 0 AND octet_length(content) BETWEEN 1 AND 16777216
        AND decoding_digest = sha256(convert_to(content, 'UTF8')))
);
COMMENT ON TABLE review.decoding IS 'How ingest decodes the records of each topic; the newest row counts, and rows are only added';
COMMENT ON COLUMN review.decoding.decoding_no IS 'Order in which they were applied, from 1';
COMMENT ON COLUMN review.decoding.decoding_digest IS 'SHA-256 of content';
COMMENT ON COLUMN review.decoding.content IS 'The digest of decoders and maps, the options of all topics, then what single topics have instead; one a line';
COMMENT ON COLUMN review.decoding.applied_at IS 'When; in no result';
COMMENT ON COLUMN review.decoding.applied_by IS 'Login that applied it';
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON review.decoding
    FOR EACH STATEMENT EXECUTE FUNCTION review.refuse_change();

-- What is the same as the newest row is not written again. Returns the number of the newest row afterwards.
-- Waits for batches that are being committed, and they for it: once it has committed, no batch that was
-- decoded otherwise is.
CREATE FUNCTION review.apply_decoding(content text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    newest review.decoding;
    number bigint;
BEGIN
    LOCK TABLE review.decoding IN EXCLUSIVE MODE;
    SELECT d.* INTO newest FROM review.decoding d ORDER BY d.decoding_no DESC LIMIT 1;
    number := coalesce(newest.decoding_no, 0);
    IF newest.content = apply_decoding.content THEN
        RETURN number;
    END IF;
    INSERT INTO review.decoding (decoding_no, decoding_digest, content)
    VALUES (number + 1, sha256(convert_to(apply_decoding.content, 'UTF8')), apply_decoding.content);
    RETURN number + 1;
END
$$;
COMMENT ON FUNCTION review.apply_decoding(text) IS
    'Makes a set of decoding options the one that counts, unless it does already; the only way to write one';
REVOKE ALL ON FUNCTION review.apply_decoding(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION review.apply_decoding(text) TO hindcast_correlate;

-- Within the transaction of a batch: holds off who applies another one until it has ended. The lock comes
-- before the statement that reads, which so sees what was applied last.
CREATE FUNCTION evidence.current_decoding()
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE review.decoding IN ROW SHARE MODE;
    RETURN coalesce((SELECT max(decoding_no) FROM review.decoding), 0);
END
$$;
COMMENT ON FUNCTION evidence.current_decoding() IS
    'Number of the decoding options that count, 0: none were applied; stays so until the transaction ends';
REVOKE ALL ON FUNCTION evidence.current_decoding() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION evidence.current_decoding() TO hindcast_ingest;

ALTER TABLE review.decoding ENABLE ROW LEVEL SECURITY;
ALTER TABLE review.decoding FORCE ROW LEVEL SECURITY;
CREATE POLICY correlator ON review.decoding FOR SELECT TO hindcast_correlate USING (true);
CREATE POLICY reading ON review.decoding FOR SELECT TO hindcast_owner USING (true);
CREATE POLICY applying ON review.decoding FOR INSERT TO hindcast_owner WITH CHECK (true);
GRANT SELECT ON review.decoding TO hindcast_correlate;

CREATE VIEW analyst.decoding WITH (security_barrier = true) AS
SELECT decoding_no, encode(decoding_digest, 'hex') AS decoding_digest, content, applied_at, applied_by,
       decoding_no = max(decoding_no) OVER () AS counts
FROM review.decoding;
COMMENT ON VIEW analyst.decoding IS 'Every set of decoding options that was ever applied; counts: the one that workers decode with';
GRANT SELECT ON analyst.decoding
    TO hindcast_ingest, hindcast_correlate, hindcast_responder, hindcast_analyst;

RESET ROLE;
