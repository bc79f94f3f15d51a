-- Log lines by words and trace ids: an index on each partition that is over, so that COPY of what comes in pays
-- nothing for it, and a function that goes through those and looks at the newest records of the others.

SET LOCAL ROLE hindcast_owner;

-- The same for most lines, at a fifth of the cost: of ASCII alone there is nothing to fold, and the parser parts words
-- at the signs that are not named here by itself. Both ways give the same words, so that no index changes.
CREATE OR REPLACE FUNCTION analyst.fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN pg_catalog.octet_length(words) = pg_catalog.length(words)
        THEN pg_catalog.translate(words, '-_./@:<>&+~''', pg_catalog.repeat(' ', 12))
        ELSE pg_catalog.translate(
        pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
        pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
            words, U&'\0308', 'e'), 'ä', 'ae'), 'Ä', 'ae'), 'ö', 'oe'), 'Ö', 'oe'), 'ü', 'ue'), 'Ü', 'ue'),
            'ß', 'ss'),
        'áàâãåéèêëíìîïóòôõøúùûñçýÿÁÀÂÃÅÉÈÊËÍÌÎÏÓÒÔÕØÚÙÛÑÇÝ-_./@:<>&;=+~\?#%$*|,!"()[]{}''`^“”‘’„‚–—…•·«»→←× '
            || U&'\0300\0301\0302\0303\030A\0327',
        'aaaaaeeeeiiiiooooouuuncyyaaaaaeeeeiiiiooooouuuncy' || pg_catalog.repeat(' ', 49))
        END
$$;

ALTER TABLE evidence.partition ADD COLUMN searchable boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN evidence.partition.searchable IS 'Of log lines: has the index of words, made by retention once the partition is frozen';

-- The body comes last, since only the first 16,384 characters count.
CREATE FUNCTION analyst.line_words(title text, body text, service text, host text, trace_id text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT analyst.words(coalesce(trace_id, '') OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||)
        coalesce(service, '') OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) coalesce(host, '')
        OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) coalesce(title, '') OPERATOR(pg_catalog.||) ' '
        OPERATOR(pg_catalog.||) coalesce(body, ''))
$$;
COMMENT ON FUNCTION analyst.line_words(text, text, text, text, text) IS
    'Words of a log line: title, text, service, host and trace id';

CREATE FUNCTION responder.line_days()
RETURNS TABLE (first_day date, last_day date, indexed boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT lo, hi - 1, searchable FROM evidence.partition
    WHERE parent = 'ingest.log' AND NOT retiring ORDER BY lo DESC
$$;
COMMENT ON FUNCTION responder.line_days() IS
    'Partitions of log lines, newest first, and whether their words are indexed; of the others search_lines() looks at the newest records alone';

CREATE FUNCTION responder.line_limits(OUT lines integer, OUT newest integer, OUT returned integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 5000, 20000, 1000';
COMMENT ON FUNCTION responder.line_limits() IS
    'Limits of search_lines(): lines of a partition from which on it answers too_many; newest records that it looks at where there is no index, of all streams; lines that it returns';

CREATE FUNCTION responder.search_lines(words text, since timestamptz DEFAULT '-infinity',
                                       until timestamptz DEFAULT 'infinity', most integer DEFAULT 100)
RETURNS TABLE (first_day date, state text, event_time timestamptz, severity smallint, service text, host text,
               trace_id text, line text, topic text, incarnation integer, partition integer, record_offset bigint,
               idx integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    part    record;
    wanted  tsquery;
    exact   tsquery;
    held    bigint;
    room    bigint := least(greatest(most, 0), (SELECT l.returned FROM responder.line_limits() l));
    limits  record;
    window_ bigint;
    source  text;
BEGIN
    SELECT * INTO limits FROM responder.line_limits();
    FOR part IN SELECT * FROM analyst.search_terms(words) t ORDER BY t.nth LOOP
        IF part.excluded THEN
            exact := CASE WHEN exact IS NULL THEN !! part.query ELSE exact && !! part.query END;
        ELSE
            wanted := CASE WHEN wanted IS NULL THEN part.lexemes ELSE wanted && part.lexemes END;
            exact := CASE WHEN exact IS NULL THEN part.query ELSE exact && part.query END;
        END IF;
    END LOOP;
    IF wanted IS NULL THEN
        RAISE EXCEPTION 'the search needs a word to look for' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT greatest(100, limits.newest / greatest(count(*), 1)) INTO window_ FROM evidence.stream;
    FOR part IN SELECT p.name, p.lo, p.searchable FROM evidence.partition p
                WHERE p.parent = 'ingest.log' AND NOT p.retiring AND to_regclass(p.name) IS NOT NULL
                  AND p.hi > (since AT TIME ZONE 'UTC') AND p.lo <= (until AT TIME ZONE 'UTC')
                ORDER BY p.lo DESC LOOP
        EXIT WHEN room <= 0;
        first_day := part.lo;
        state := CASE WHEN part.searchable THEN 'indexed' ELSE 'newest' END;
        -- A partition with too many lines answers with none of them: which ones would depend on where they lie.
        source := CASE WHEN part.searchable
            THEN format('SELECT x.* FROM %s x WHERE analyst.line_words(x.title, x.body, x.service, x.host, x.trace_id) @@ $1 LIMIT %s',
                        part.name, limits.lines + 1)
            ELSE format('SELECT x.* FROM evidence.stream s CROSS JOIN LATERAL (SELECT y.* FROM %s y WHERE '
                        'y.stream_id = s.stream_id AND y.record_offset >= s.next_offset - %s '
                        'AND y.record_offset < s.next_offset OFFSET 0) x '
                        'WHERE analyst.line_words(x.title, x.body, x.service, x.host, x.trace_id) @@ $1',
                        part.name, window_) END;
        IF part.searchable THEN
            EXECUTE format('SELECT count(*) FROM (%s) l', source) INTO held USING wanted;
            IF held > limits.lines THEN
                state := 'too_many';
                event_time := NULL; severity := NULL; service := NULL; host := NULL; trace_id := NULL; line := NULL;
                topic := NULL; incarnation := NULL; partition := NULL; record_offset := NULL; idx := NULL;
                RETURN NEXT;
                CONTINUE;
            END IF;
        END IF;
        FOR event_time, severity, service, host, trace_id, line, topic, incarnation, partition, record_offset, idx IN
            EXECUTE format('SELECT l.event_time, l.severity, l.service, l.host, l.trace_id, coalesce(l.title, l.body), '
                'k.topic, k.incarnation, k.partition, l.record_offset, l.idx '
                'FROM (%s) l JOIN evidence.stream k ON k.stream_id = l.stream_id '
                'WHERE analyst.line_words(l.title, l.body, l.service, l.host, l.trace_id) @@ $2 '
                'AND l.event_time >= $3 AND l.event_time < $4 '
                'ORDER BY l.event_time DESC, l.event_ns DESC, k.cluster_id COLLATE "C", k.topic COLLATE "C", '
                'k.incarnation, k.partition, l.record_offset, l.idx LIMIT $5', source)
            USING wanted, exact, since, until, room LOOP
            room := room - 1;
            RETURN NEXT;
        END LOOP;
    END LOOP;
END
$$;
COMMENT ON FUNCTION responder.search_lines(text, timestamptz, timestamptz, integer) IS
    'Log lines that hold all of these words (or a trace id), newest first. state: indexed, newest (no index yet: only the newest records were looked at), too_many (of that partition none is shown: another word, or a shorter span)';

-- Late lines go into partitions that have the index, too.
GRANT EXECUTE ON FUNCTION analyst.fold(text), analyst.words(text), analyst.line_words(text, text, text, text, text)
    TO hindcast_ingest;
GRANT EXECUTE ON FUNCTION analyst.line_words(text, text, text, text, text)
    TO hindcast_correlate, hindcast_responder;
GRANT EXECUTE ON FUNCTION responder.line_days(), responder.line_limits(),
    responder.search_lines(text, timestamptz, timestamptz, integer) TO hindcast_correlate, hindcast_responder;

RESET ROLE;
