-- Nobody decodes without applied options any more: the first worker of ingest applies its own, and a newer
-- program takes the applied ones over, options and files as they are. For that the login of ingest may write
-- the first set, and exchange the line that names the program; it may not change what was applied.

SET LOCAL ROLE hindcast_owner;

-- Two that come at once come one after the other. 0: somebody's set counts already.
CREATE FUNCTION evidence.begin_decoding(content text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE review.decoding IN EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM review.decoding) THEN
        RETURN 0;
    END IF;
    INSERT INTO review.decoding (decoding_no, decoding_digest, content)
    VALUES (1, sha256(convert_to(begin_decoding.content, 'UTF8')), begin_decoding.content);
    RETURN 1;
END
$$;
COMMENT ON FUNCTION evidence.begin_decoding(text) IS
    'Makes a set of decoding options the first one and returns 1; 0: another one counts already';

-- 0: another one than `after` counts by now.
CREATE FUNCTION evidence.take_over_decoding(program text, after bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    newest review.decoding;
    head   text;
    former text;
BEGIN
    LOCK TABLE review.decoding IN EXCLUSIVE MODE;
    SELECT d.* INTO newest FROM review.decoding d ORDER BY d.decoding_no DESC LIMIT 1;
    IF newest.decoding_no IS DISTINCT FROM take_over_decoding.after THEN
        RETURN 0;
    END IF;
    head := split_part(newest.content, E'\n', 1);
    former := split_part(newest.content, E'\n', 2);
    IF take_over_decoding.program !~ '^program = [0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9} [0-9a-f]{64}$'
       OR former !~ '^program = ' OR former = take_over_decoding.program THEN
        RAISE EXCEPTION 'no program takes over % from %', head, left(former, 100);
    END IF;
    newest.content := head || E'\n' || take_over_decoding.program
        || substr(newest.content, length(head) + length(former) + 2);
    INSERT INTO review.decoding (decoding_no, decoding_digest, content)
    VALUES (newest.decoding_no + 1, sha256(convert_to(newest.content, 'UTF8')), newest.content);
    RETURN newest.decoding_no + 1;
END
$$;
COMMENT ON FUNCTION evidence.take_over_decoding(text, bigint) IS
    'Makes the set of that number count with another program, options and files as they are, and returns its number; 0: another one counts by now';

REVOKE ALL ON FUNCTION evidence.begin_decoding(text), evidence.take_over_decoding(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION evidence.begin_decoding(text), evidence.take_over_decoding(text, bigint)
    TO hindcast_ingest;

COMMENT ON COLUMN review.decoding.content IS 'The program and the digest of its own decoders, the options of all topics, what single topics have instead, one a line; then maps, formats of lines and schemas, each behind a line with its name and size';
COMMENT ON COLUMN evidence.stream.decoding_no IS 'With which set of review.decoding its owner decodes since it claimed it; 0: with its own, as none was applied (an earlier program); null: not noted';
COMMENT ON COLUMN evidence.batch.decoding_no IS 'With which set of review.decoding its records were decoded; 0: with those of the worker, as none was applied (an earlier program); null: not noted';

RESET ROLE;
