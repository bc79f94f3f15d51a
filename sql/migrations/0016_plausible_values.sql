-- What a role may write has bounds: an infinite time, the year 290000 or a megabyte in a key would stop
-- whoever reads it. Rows from before are not looked at (NOT VALID): readers leave out what is beyond
-- them. Log lines come by the million and have the bounds of their partitions only; the correlator
-- looks at the few of them that it reads.

SET LOCAL ROLE hindcast_owner;

CREATE FUNCTION review.is_line(line text, bytes integer)
RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT octet_length(line) <= bytes AND line ~ '\S'
       AND line !~ '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]'
$$;
COMMENT ON FUNCTION review.is_line(text, integer) IS
    'One line that can be shown: not blank, so many bytes at most, no control characters, line ends or directions that reorder it';

CREATE FUNCTION review.is_sound(scope text, declaration_id text, title text, from_time timestamptz,
                                to_time timestamptz, service text, channel text, declared_by text)
RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(review.is_line(scope, 1024) AND review.is_line(title, 1024)
       AND declaration_id ~ '^[0-9A-Za-z_.:-]{1,64}$'
       AND from_time >= '1970-01-01 00:00+00' AND from_time < '2100-01-01 00:00+00'
       AND coalesce(to_time > from_time AND to_time < '2100-01-01 00:00+00', to_time IS NULL)
       AND coalesce(review.is_line(service, 1024), service IS NULL)
       AND coalesce(review.is_line(channel, 1024), channel IS NULL)
       AND coalesce(review.is_line(declared_by, 1024), declared_by IS NULL), false)
$$;
COMMENT ON FUNCTION review.is_sound(text, text, text, timestamptz, timestamptz, text, text, text) IS
    'Can this declaration be taken at its word? For the constraint, and for those who read rows of before it';
GRANT EXECUTE ON FUNCTION review.is_line(text, integer),
    review.is_sound(text, text, text, timestamptz, timestamptz, text, text, text)
    TO hindcast_correlate, hindcast_responder;

ALTER TABLE review.declaration ADD CONSTRAINT sound CHECK (
    review.is_sound(scope, declaration_id, title, from_time, to_time, service, channel, declared_by)) NOT VALID;

-- Who declared it is what PostgreSQL says; a name that is given stays beside it.
ALTER TABLE review.declaration ADD COLUMN author text;
ALTER TABLE review.declaration ALTER COLUMN author SET DEFAULT session_user;
COMMENT ON COLUMN review.declaration.author IS 'Login that wrote the row; null: from before logins were noted';
COMMENT ON COLUMN review.declaration.declared_by IS 'Name that was given for who declared it; author is the login';
REVOKE INSERT ON review.declaration FROM hindcast_responder;
GRANT INSERT (scope, declaration_id, title, from_time, to_time, service, channel, declared_by)
    ON review.declaration TO hindcast_responder;
ALTER POLICY responder ON review.declaration WITH CHECK (author = session_user);

DO $$
DECLARE
    day_one constant text := quote_literal('1970-01-01 00:00+00');
    too_far constant text := quote_literal('2100-01-01 00:00+00');
    target  record;
    part    record;
    terms   text[];
BEGIN
    FOR target IN SELECT c.oid, c.oid::regclass AS name FROM pg_class c
                  WHERE c.relnamespace IN ('evidence'::regnamespace, 'ingest'::regnamespace,
                                           'correlate'::regnamespace)
                    AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                    AND c.oid NOT IN ('ingest.log'::regclass, 'evidence.lock'::regclass,
                                      'evidence.partition'::regclass, 'evidence.retired'::regclass)
                  ORDER BY 2 LOOP
        terms := '{}';
        FOR part IN SELECT quote_ident(a.attname) AS name, format_type(a.atttypid, NULL) AS type
                    FROM pg_attribute a WHERE a.attrelid = target.oid AND a.attnum > 0
                      AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum LOOP
            terms := terms || CASE
                -- Kafka's timestamps are the producers': what int64 nanoseconds hold.
                WHEN part.name IN ('kafka_time', 'tail_time') THEN
                    format('%1$s > ''1677-09-22 00:00+00'' AND %1$s < ''2262-04-11 00:00+00''', part.name)
                WHEN part.type IN ('timestamp with time zone', 'date') THEN
                    format('%1$s >= %2$s AND %1$s < %3$s', part.name, day_one, too_far)
                -- Numbers of a source, a sum of weights, digests.
                WHEN part.name IN ('version', 'source_sequence', 'marks', 'score') OR target.name = 'correlate.cursor'::regclass
                     AND part.type = 'bigint' THEN NULL
                WHEN target.name IN ('correlate.number'::regclass, 'correlate.number_year'::regclass)
                     AND part.type = 'integer' THEN format('%1$s BETWEEN 0 AND 99999999', part.name)
                -- 0 and less stand for what is no stream.
                WHEN part.name = 'stream_id' THEN
                    format('%1$s > 0 AND %1$s < 4611686018427387904', part.name)
                WHEN part.type IN ('smallint', 'integer') THEN format('%s >= 0', part.name)
                WHEN part.type = 'bigint' THEN
                    format('%1$s >= 0 AND %1$s < 4611686018427387904', part.name)
                WHEN part.type = 'text' AND part.name = 'scope' THEN 'octet_length(scope) BETWEEN 1 AND 1024'
                WHEN part.type = 'text' THEN format('octet_length(%s) <= 65536', part.name)
                WHEN part.type = 'jsonb' AND part.name IN ('reasons', 'evidence') THEN
                    format('jsonb_typeof(%s) = ''array''', part.name)
                END;
        END LOOP;
        terms := array_remove(terms, NULL);
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT plausible CHECK (%s) NOT VALID', target.name,
                       array_to_string(terms, ' AND '));
    END LOOP;
END
$$;
ALTER TABLE ingest.log_untimed ADD CONSTRAINT plausible CHECK (event_time IS NULL) NOT VALID;
COMMENT ON CONSTRAINT plausible ON ingest.log_untimed IS 'No time of the log lies before 1970';

RESET ROLE;
