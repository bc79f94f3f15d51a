-- Full text search over timelines and titles, and incidents that are like one: what `hindcast search` and
-- `hindcast similar` ask, and what people with psql or a BI tool call. docs/search.md explains ranks and limits.
-- As with the views, analyst.* reads masked text and responder.* the text itself.

SET LOCAL ROLE hindcast_owner;

-- ------------------------------------------------------------------ words

-- What a text is searched by, in any language: umlauts as people without them write them, other accents
-- left out, and every sign between letters and digits a blank, so that checkout-api is the phrase
-- "checkout api" and `checkout` finds it. Lower case is left to the configuration 'simple'.
-- Schemas are named, so that it can be inlined in an index.
CREATE FUNCTION analyst.fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.translate(
        pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
        pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
            words, U&'\0308', 'e'), 'ä', 'ae'), 'Ä', 'ae'), 'ö', 'oe'), 'Ö', 'oe'), 'ü', 'ue'), 'Ü', 'ue'),
            'ß', 'ss'),
        'áàâãåéèêëíìîïóòôõøúùûñçýÿÁÀÂÃÅÉÈÊËÍÌÎÏÓÒÔÕØÚÙÛÑÇÝ-_./@:<>&;=+~\?#%$*|,!"()[]{}''`^“”‘’„‚–—…•·«»→←× '
            || U&'\0300\0301\0302\0303\030A\0327',
        'aaaaaeeeeiiiiooooouuuncyyaaaaaeeeeiiiiooooouuuncy' || pg_catalog.repeat(' ', 49))
$$;
COMMENT ON FUNCTION analyst.fold(text) IS
    'Text as it is searched: umlauts as ae, oe, ue, ss, other accents left out, signs between letters and digits as blanks';

CREATE FUNCTION analyst.words(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.to_tsvector('pg_catalog.simple'::pg_catalog.regconfig,
                                  analyst.fold(coalesce(pg_catalog."left"(words, 16384), '')))
$$;
COMMENT ON FUNCTION analyst.words(text) IS
    'Words of a text in lower case, with their places, in no language: of its first 16,384 characters';

CREATE FUNCTION analyst.entry_words(line text, service text, host text, actor text, channel text, ref text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT analyst.words(coalesce(line, '') OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) coalesce(service, '')
        OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) coalesce(host, '') OPERATOR(pg_catalog.||) ' '
        OPERATOR(pg_catalog.||) coalesce(actor, '') OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||)
        coalesce(channel, '') OPERATOR(pg_catalog.||) ' ' OPERATOR(pg_catalog.||) coalesce(ref, ''))
$$;
COMMENT ON FUNCTION analyst.entry_words(text, text, text, text, text, text) IS
    'Words of a timeline entry: of its text, and of what stands beside it';

CREATE FUNCTION analyst.entry_holds(query tsquery, line text, service text, host text, actor text, channel text, ref text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT analyst.words(line) OPERATOR(pg_catalog.@@) query OR analyst.words(service) OPERATOR(pg_catalog.@@) query
        OR analyst.words(host) OPERATOR(pg_catalog.@@) query OR analyst.words(actor) OPERATOR(pg_catalog.@@) query
        OR analyst.words(channel) OPERATOR(pg_catalog.@@) query OR analyst.words(ref) OPERATOR(pg_catalog.@@) query
$$;
COMMENT ON FUNCTION analyst.entry_holds(tsquery, text, text, text, text, text, text) IS
    'Does one of the texts of a timeline entry hold all that is asked for? A phrase stands in one of them';

CREATE FUNCTION analyst.search_limits(OUT terms integer, OUT characters integer, OUT lines integer,
                                      OUT incidents integer, OUT hits integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 16, 1000, 5000, 100, 3';
COMMENT ON FUNCTION analyst.search_limits() IS
    'Limits of a search: its terms and characters; lines from which on a word is common, and that a search without any other word reads; incidents and hits of each that it returns';

CREATE FUNCTION analyst.search_terms(words text)
RETURNS TABLE (nth integer, term text, kind text, excluded boolean, query tsquery, lexemes tsquery)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part   text[];
    word   text;
    prefix boolean;
    seen   text[] := '{}';
    most   CONSTANT integer := (SELECT l.terms FROM analyst.search_limits() l);
BEGIN
    IF length(words) > (SELECT l.characters FROM analyst.search_limits() l) THEN
        RAISE EXCEPTION 'a search has at most % characters', (SELECT l.characters FROM analyst.search_limits() l)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    nth := 0;
    FOR part IN SELECT regexp_matches(words, '(-?)"([^"]*)(?:"|$)|(-?)(\S+)', 'g') LOOP
        excluded := coalesce(part[1], part[3]) = '-';
        word := coalesce(part[2], part[4]);
        prefix := part[4] IS NOT NULL AND word LIKE '%_*';
        query := phraseto_tsquery('simple', analyst.fold(word));
        CONTINUE WHEN numnode(query) = 0;
        kind := CASE WHEN prefix THEN 'prefix' WHEN part[2] IS NOT NULL THEN 'phrase' ELSE 'word' END;
        query := CASE WHEN prefix THEN (query::text || ':*')::tsquery ELSE query END;
        CONTINUE WHEN excluded || query::text = ANY (seen);
        seen := seen || (excluded || query::text);
        nth := nth + 1;
        IF nth > most THEN
            RAISE EXCEPTION 'a search has at most % words', most USING ERRCODE = 'invalid_parameter_value';
        END IF;
        lexemes := regexp_replace(query::text, '<(-|[0-9]+)>', '&', 'g')::tsquery;
        term := CASE kind WHEN 'phrase' THEN '"' || word || '"' ELSE word END;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION analyst.search_terms(text) IS
    'What a search asks for, in the order of the words: kind is word, prefix (pool*) or phrase ("connection pool"); excluded: -word; lexemes: the words of query in any order, which an index finds without reading a row';

CREATE FUNCTION analyst.kind_of_record(record_kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE record_kind WHEN 'incident-event' THEN 'alert' WHEN 'status' THEN 'alert'
                            WHEN 'linked_message' THEN 'chat'
                            WHEN 'sal' THEN 'note' WHEN 'manifest' THEN 'note'
                            WHEN 'commit' THEN 'change' WHEN 'merge' THEN 'change' WHEN 'deploy' THEN 'change'
                            ELSE record_kind END
$$;
COMMENT ON FUNCTION analyst.kind_of_record(text) IS 'alert, chat, change, log, note or metric, of what a record was at its source';

-- The rarer a thing, the more it tells: hundredths of bits, 1.00 for what is everywhere. `numeric` counts the
-- same on every machine.
CREATE FUNCTION analyst.rarity(times bigint, of_all bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 100 + greatest(0, pg_catalog.round(100 * pg_catalog.ln((of_all + 1)::numeric / (times + 1))
                                              / pg_catalog.ln(2::numeric)))::integer
$$;
COMMENT ON FUNCTION analyst.rarity(bigint, bigint) IS
    'Weight of what is there so many times of so many: 100 * (1 + log2((all + 1) / (times + 1))), rounded';

CREATE FUNCTION analyst.similar_limits(OUT keys integer, OUT words integer, OUT incidents integer,
                                       OUT lines integer, OUT shown integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 64, 64, 500, 200, 100';
COMMENT ON FUNCTION analyst.similar_limits() IS
    'Limits of analyst.similar: keys of each kind and words that it compares by; incidents or episodes with a key, and lines and titles with a word: beyond those it tells nothing; incidents that it returns';

-- $text and $title are the masked columns in the schema analyst, and the columns themselves in responder.
DO $functions$
DECLARE
    schema text;
    made   record;
BEGIN
    FOREACH schema IN ARRAY ARRAY['analyst', 'responder'] LOOP
        FOR made IN SELECT * FROM (VALUES

-- Of each term the lines and titles that hold it, one more than the limit at most: then it is common, and which
-- rows those are depends on where they lie, so that none of them counts.
('search_words(words text)',
 'TABLE (nth integer, term text, kind text, excluded boolean, lines bigint, titles bigint, common boolean, weight integer)',
 'What search() makes of these words: how many lines and titles hold each, at most one more than analyst.search_limits() says; common: as many, so that it neither chooses nor ranks; weight: hundredths, 1.00 for the most frequent word of the search, and 1.00 more for each time that a word is half as frequent',
 $body$

SELECT t.nth, t.term, t.kind, t.excluded, t.lines, t.titles, t.common,
       analyst.rarity(t.n, max(t.n) FILTER (WHERE NOT t.excluded) OVER ())
FROM (  SELECT t.nth, t.term, t.kind, t.excluded, e.lines, i.titles, e.common OR i.common AS common,
               CASE WHEN e.common OR i.common THEN l.lines + 1 ELSE e.lines + i.titles END AS n
        FROM analyst.search_terms($1) t
        CROSS JOIN analyst.search_limits() l
        CROSS JOIN LATERAL (
            SELECT count(*) > l.lines AS common, CASE WHEN count(*) > l.lines THEN count(*) ELSE count(*) FILTER (
                       WHERE analyst.entry_holds(t.query, x.$text, x.service, x.host, x.actor, x.channel, x.ref))
                   END AS lines
            FROM (SELECT e.$text, e.service, e.host, e.actor, e.channel, e.ref FROM correlate.entry e
                  WHERE analyst.entry_words(e.$text, e.service, e.host, e.actor, e.channel, e.ref) @@ t.lexemes
                  LIMIT (SELECT m.lines + 1 FROM analyst.search_limits() m)) x) e
        CROSS JOIN LATERAL (
            SELECT count(*) > l.lines AS common, CASE WHEN count(*) > l.lines THEN count(*) ELSE count(*) FILTER (
                       WHERE analyst.words(x.$title) @@ t.query) END AS titles
            FROM (SELECT i.$title FROM correlate.incident i WHERE analyst.words(i.$title) @@ t.lexemes
                  LIMIT (SELECT m.lines + 1 FROM analyst.search_limits() m)) x) i) t
ORDER BY t.nth
$body$),

('search(words text, service text DEFAULT NULL, actor text DEFAULT NULL, since timestamptz DEFAULT NULL,
         until timestamptz DEFAULT NULL, kind text DEFAULT NULL, most integer DEFAULT 10)',
 'TABLE (place integer, scope text, incident text, incident_key text, first_time timestamptz, last_time timestamptz,
         services text[], title text, score integer, why jsonb, found bigint, lines bigint, hit integer,
         hit_score integer, event_time timestamptz, hit_kind text, hit_actor text, hit_service text, hit_text text,
         hit_words jsonb, entry_id text, evidence jsonb)',
 'Incidents whose timeline and title hold all of these words, best first, each with its best lines; where none holds all, those with at least half of their weight',
 $body$
WITH limits AS (SELECT * FROM analyst.search_limits()),
terms AS MATERIALIZED (
    SELECT t.*, tsquery_phrase(lag(t.query) OVER (ORDER BY t.nth), t.query) AS behind
    FROM analyst.search_terms($1) t
), actors AS MATERIALIZED (SELECT phraseto_tsquery('simple', analyst.fold($3)) AS query),
held AS MATERIALIZED (
    -- Found by its lexemes, of which no more are read than the limit says; then looked at.
    SELECT t.nth, e.scope, e.incident_no, e.entry_id, e.event_time, e.service, e.actor, e.kind, e.record_kind,
           e.significance, e.words @@ t.query AS in_text, coalesce(e.words @@ t.behind, false) AS behind,
           e.words @@ t.query
               OR analyst.entry_holds(t.query, NULL, e.service, e.host, e.actor, e.channel, e.ref) AS holds, e.left_out
    FROM terms t CROSS JOIN LATERAL (
        SELECT e.*, analyst.words(e.$text) AS words,
               EXISTS (SELECT FROM terms x WHERE x.excluded AND analyst.entry_holds(
                           x.query, e.$text, e.service, e.host, e.actor, e.channel, e.ref)) AS left_out
        FROM (SELECT e.scope, e.incident_no, e.entry_id, e.event_time, e.service, e.actor, e.host, e.channel, e.ref,
                     e.kind, e.record_kind, e.significance, e.$text
              FROM correlate.entry e
              WHERE analyst.entry_words(e.$text, e.service, e.host, e.actor, e.channel, e.ref) @@ t.lexemes
              LIMIT (SELECT l.lines + 1 FROM limits l)) e
        OFFSET 0) e
    WHERE NOT t.excluded
), titled AS MATERIALIZED (
    SELECT t.nth, i.scope, i.incident_no, coalesce(i.words @@ t.behind, false) AS behind, i.words @@ t.query AS holds
    FROM terms t CROSS JOIN LATERAL (
        SELECT i.scope, i.incident_no, analyst.words(i.$title) AS words FROM correlate.incident i
        WHERE analyst.words(i.$title) @@ t.lexemes LIMIT (SELECT l.lines + 1 FROM limits l)) i
    WHERE NOT t.excluded
), counted AS MATERIALIZED (
    SELECT c.nth, c.common, CASE WHEN c.common THEN l.lines + 1 ELSE c.held END AS n
    FROM (SELECT n.nth, sum(n.held) AS held,
                 sum(n.lines) > (SELECT l.lines FROM limits l) OR sum(n.titles) > (SELECT l.lines FROM limits l) AS common
          FROM (SELECT t.nth, 0 AS lines, 0 AS titles, 0 AS held FROM terms t WHERE NOT t.excluded
                UNION ALL SELECT h.nth, 1, 0, h.holds::integer FROM held h
                UNION ALL SELECT i.nth, 0, 1, i.holds::integer FROM titled i) n
          GROUP BY n.nth) c
    CROSS JOIN limits l
), all_common AS MATERIALIZED (
    SELECT bool_and(c.common) AS so FROM counted c
), weighed AS MATERIALIZED (
    SELECT c.*, analyst.rarity(c.n, max(c.n) OVER ()) AS weight FROM counted c
), wanted AS MATERIALIZED (
    -- What a word adds that stands behind the word before it: half of the lighter one of both.
    SELECT w.nth, t.query, t.behind, w.n > 0 AS known, w.weight,
           CASE WHEN lag(w.nth) OVER (ORDER BY w.nth) = w.nth - 1
                THEN least(w.weight, lag(w.weight) OVER (ORDER BY w.nth)) / 2 ELSE 0 END AS more
    FROM weighed w JOIN terms t USING (nth) CROSS JOIN all_common c WHERE c.so OR NOT w.common
), recent AS MATERIALIZED (
    -- Where every word is common: the newest incidents, as many as have that many lines.
    SELECT r.scope, r.incident_no
    FROM (SELECT i.scope, i.incident_no, i.entries, sum(i.entries) OVER (
                     ORDER BY i.first_time DESC, i.incident_key COLLATE "C" DESC, i.scope COLLATE "C"
                     ROWS UNBOUNDED PRECEDING) AS so_far
          FROM (SELECT i.scope, i.incident_no, i.incident_key, i.first_time, i.entries FROM correlate.incident i
                WHERE (SELECT c.so FROM all_common c)
                  AND ($4 IS NULL OR i.last_time >= $4) AND ($5 IS NULL OR i.first_time < $5)
                ORDER BY i.first_time DESC, i.incident_key COLLATE "C" DESC, i.scope COLLATE "C"
                LIMIT (SELECT l.lines / 10 FROM limits l)) i) r
    WHERE r.so_far - r.entries < (SELECT l.lines FROM limits l)
), points AS MATERIALIZED (
    SELECT l.nth, l.scope, l.incident_no, l.entry_id, CASE WHEN l.behind THEN w.more ELSE 0 END AS more,
           w.weight * CASE WHEN NOT l.in_text THEN 50 WHEN l.significance = 'key' THEN 150
                           WHEN l.significance = 'standard' THEN 120 ELSE 100 END / 100 AS points
    FROM (SELECT h.nth, h.scope, h.incident_no, h.entry_id, h.event_time, h.service, h.actor, h.kind, h.record_kind,
                 h.significance, h.in_text, h.behind, h.left_out
          FROM held h WHERE h.holds AND NOT (SELECT c.so FROM all_common c)
          UNION ALL
          SELECT w.nth, e.scope, e.incident_no, e.entry_id, e.event_time, e.service, e.actor, e.kind, e.record_kind,
                 e.significance, analyst.words(e.$text) @@ w.query, coalesce(analyst.words(e.$text) @@ w.behind, false),
                 EXISTS (SELECT FROM terms x WHERE x.excluded AND analyst.entry_holds(
                             x.query, e.$text, e.service, e.host, e.actor, e.channel, e.ref))
          FROM recent r
          JOIN correlate.entry e ON e.scope = r.scope AND e.incident_no = r.incident_no
          JOIN wanted w ON analyst.entry_holds(w.query, e.$text, e.service, e.host, e.actor, e.channel, e.ref)) l
    JOIN wanted w USING (nth)
    WHERE NOT l.left_out AND ($2 IS NULL OR l.service = $2)
      AND ($3 IS NULL OR analyst.words(l.actor) @@ (SELECT a.query FROM actors a))
      AND ($4 IS NULL OR l.event_time >= $4) AND ($5 IS NULL OR l.event_time < $5)
      AND ($6 IS NULL OR $6 IN (l.kind, l.record_kind, analyst.kind_of_record(l.record_kind)))
    UNION ALL
    SELECT t.nth, t.scope, t.incident_no, NULL, CASE WHEN t.behind THEN w.more ELSE 0 END, w.weight * 3
    FROM (SELECT i.nth, i.scope, i.incident_no, i.behind
          FROM titled i WHERE i.holds AND NOT (SELECT c.so FROM all_common c)
          UNION ALL
          SELECT w.nth, r.scope, r.incident_no, coalesce(analyst.words(i.$title) @@ w.behind, false)
          FROM recent r
          JOIN correlate.incident i ON i.scope = r.scope AND i.incident_no = r.incident_no
          JOIN wanted w ON analyst.words(i.$title) @@ w.query) t
    JOIN wanted w USING (nth)
    WHERE $3 IS NULL AND coalesce($6, 'title') = 'title'
      AND ($2 IS NULL AND $4 IS NULL AND $5 IS NULL OR EXISTS (
          SELECT FROM correlate.incident i
          WHERE i.scope = t.scope AND i.incident_no = t.incident_no AND ($2 IS NULL OR $2 = ANY (i.services))
            AND ($4 IS NULL OR i.last_time >= $4) AND ($5 IS NULL OR i.first_time < $5)))
), rows AS MATERIALIZED (
    -- A line or a title, with all that it holds.
    SELECT p.scope, p.incident_no, p.entry_id, sum(p.points + p.more)::integer AS points
    FROM points p GROUP BY p.scope, p.incident_no, p.entry_id
), held_words AS (
    SELECT p.scope, p.incident_no, p.nth, max(p.points)::integer AS points, count(p.entry_id) AS lines,
           bool_or(p.entry_id IS NULL) AS title
    FROM points p GROUP BY p.scope, p.incident_no, p.nth
), incidents AS MATERIALIZED (
    -- Both are put together by sorting: nobody can tell the planner how many there are.
    SELECT b.scope, b.incident_no, sum(b.points)::integer + max(b.best) AS score, max(b.best) AS best,
           sum(b.is_line)::bigint AS lines, array_agg(b.nth) FILTER (WHERE b.nth IS NOT NULL) AS held,
           jsonb_agg(jsonb_build_object('nth', b.nth, 'points', b.points, 'lines', b.lines, 'title', b.title)
                     ORDER BY b.nth) FILTER (WHERE b.nth IS NOT NULL) AS words
    FROM (SELECT h.scope, h.incident_no, h.nth, h.points, h.lines, h.title, NULL::integer AS best, 0 AS is_line
          FROM held_words h
          UNION ALL
          SELECT r.scope, r.incident_no, NULL, NULL, NULL, NULL, r.points, (r.entry_id IS NOT NULL)::integer
          FROM rows r) b
    GROUP BY b.scope, b.incident_no
), partly AS MATERIALIZED (
    SELECT i.*, cardinality(i.held) = (SELECT count(*) FROM wanted) AS whole,
           (SELECT sum(w.weight) FROM wanted w WHERE w.nth = ANY (i.held)) AS weight
    FROM incidents i
    WHERE NOT EXISTS (SELECT FROM terms x JOIN correlate.incident t
                          ON t.scope = i.scope AND t.incident_no = i.incident_no
                      WHERE x.excluded AND analyst.words(t.$title) @@ x.query)
), ranked AS MATERIALIZED (
    -- All of the words; where no incident holds all, at least half of what those weigh that are anywhere.
    SELECT (row_number() OVER (ORDER BY p.score DESC, i.first_time DESC, i.incident_key COLLATE "C" DESC,
                                        i.scope COLLATE "C"))::integer AS place,
           p.*, i.number, i.incident_key, i.first_time, i.last_time, i.services, i.$title AS title,
           count(*) OVER () AS found
    FROM partly p
    JOIN correlate.incident i ON i.scope = p.scope AND i.incident_no = p.incident_no
    WHERE CASE WHEN (SELECT bool_or(q.whole) FROM partly q) THEN p.whole
               ELSE 2 * p.weight >= (SELECT sum(w.weight) FROM wanted w WHERE w.known) END
    ORDER BY place LIMIT least(greatest($7, 0), (SELECT l.incidents FROM limits l))
), shown AS (
    SELECT k.*, h.entry_id, h.points, (row_number() OVER (PARTITION BY k.place
               ORDER BY h.points DESC, h.entry_id IS NOT NULL, e.event_time, e.event_ns, e.tie,
                        e.entry_id COLLATE "C"))::integer AS hit,
           e.event_time, e.kind, e.actor, e.service, e.host, e.channel, e.ref, e.$text AS line, e.evidence
    FROM ranked k
    JOIN rows h ON h.scope = k.scope AND h.incident_no = k.incident_no
    LEFT JOIN correlate.entry e ON e.scope = h.scope AND e.incident_no = h.incident_no AND e.entry_id = h.entry_id
)
SELECT s.place, s.scope, s.number, s.incident_key, s.first_time, s.last_time, s.services, s.title, s.score,
       jsonb_build_object('best', s.best, 'words', (
               SELECT jsonb_agg(jsonb_build_object('word', t.term, 'points', w.points, 'lines', w.lines,
                                                   'title', w.title) ORDER BY t.nth)
               FROM jsonb_to_recordset(s.words) AS w(nth integer, points integer, lines bigint, title boolean)
               JOIN terms t USING (nth)),
           'missing', (SELECT coalesce(jsonb_agg(t.term ORDER BY t.nth), '[]') FROM terms t JOIN wanted w USING (nth)
                       WHERE t.nth <> ALL (s.held))),
       s.found, s.lines, s.hit, s.points, coalesce(s.event_time, s.first_time), coalesce(s.kind, 'title'), s.actor,
       s.service, coalesce(s.line, s.title),
       (SELECT jsonb_agg(jsonb_build_object('word', t.term, 'where', CASE
                   WHEN s.entry_id IS NULL THEN 'title' WHEN analyst.words(s.line) @@ t.query THEN 'text'
                   WHEN analyst.words(s.service) @@ t.query THEN 'service'
                   WHEN analyst.words(s.host) @@ t.query THEN 'host'
                   WHEN analyst.words(s.actor) @@ t.query THEN 'actor'
                   WHEN analyst.words(s.channel) @@ t.query THEN 'channel' ELSE 'ref' END) ORDER BY t.nth)
        FROM terms t
        WHERE NOT t.excluded AND CASE WHEN s.entry_id IS NULL THEN analyst.words(s.title) @@ t.query
              ELSE analyst.entry_holds(t.query, s.line, s.service, s.host, s.actor, s.channel, s.ref) END),
       s.entry_id, s.evidence
FROM shown s
WHERE s.hit <= (SELECT l.hits FROM limits l)
ORDER BY s.place, s.hit$body$),

('similar(incident text, most integer DEFAULT 10)',
 'TABLE (place integer, scope text, like_incident text, incident_key text, first_time timestamptz,
         last_time timestamptz, services text[], title text, score integer, found bigint, reasons jsonb)',
 'Earlier incidents that share services, alerts, changes, shapes of log lines or rare words with this one (by number or key), most similar first, with each reason',
 $body$
WITH limits AS (SELECT * FROM analyst.similar_limits()),
known AS MATERIALIZED (
    SELECT count(*) AS incidents
    FROM (SELECT FROM correlate.incident LIMIT (SELECT l.incidents FROM limits l)) i),
given AS MATERIALIZED (
    SELECT i.scope, i.incident_no, i.incident_key, i.first_time, i.services, i.$title AS title
    FROM correlate.incident i
    WHERE i.number = upper($1) OR i.incident_key COLLATE "C" = $1
    ORDER BY i.scope COLLATE "C" LIMIT 1
), lines AS MATERIALIZED (
    SELECT e.node_key, e.record_kind, e.significance, e.$text AS line, e.event_time, e.event_ns, e.tie
    FROM given g JOIN correlate.entry e ON e.scope = g.scope AND e.incident_no = g.incident_no
), keys AS MATERIALIZED (
    SELECT k.*
    FROM (SELECT k.*, row_number() OVER (PARTITION BY k.kind ORDER BY k.key COLLATE "C") AS nth
          FROM (SELECT 'service' AS kind, s.service AS key, s.service AS name
                FROM given g CROSS JOIN LATERAL unnest(g.services) s(service)
                UNION ALL
                SELECT n.kind, n.fingerprint, min(coalesce((
                           SELECT l.line FROM lines l WHERE l.node_key = n.node_key
                           ORDER BY l.event_time, l.event_ns, l.tie LIMIT 1), n.kind) COLLATE "C")
                FROM given g JOIN correlate.node n ON n.scope = g.scope AND n.incident_no = g.incident_no
                WHERE n.kind IN ('alert', 'log', 'change') AND n.fingerprint IS NOT NULL
                GROUP BY n.kind, n.fingerprint) k) k
    WHERE k.nth <= (SELECT l.keys FROM limits l)
), said AS MATERIALIZED (
    -- Words of the title, of alerts, of what people wrote; the shorter and the more numerical, the less they tell.
    SELECT w.word
    FROM (SELECT 0 AS first, g.title AS line FROM given g
          UNION ALL
          SELECT CASE analyst.kind_of_record(l.record_kind) WHEN 'alert' THEN 1 ELSE
                     CASE l.significance WHEN 'key' THEN 2 WHEN 'standard' THEN 3 ELSE 4 END END, l.line
          FROM lines l WHERE analyst.kind_of_record(l.record_kind) IN ('alert', 'chat', 'note')) t
    CROSS JOIN LATERAL unnest(tsvector_to_array(analyst.words(t.line))) w(word)
    WHERE length(w.word) > 2 AND w.word !~ '^[0-9]+$'
    GROUP BY w.word
    ORDER BY min(t.first), length(w.word) DESC, w.word COLLATE "C"
    LIMIT (SELECT l.words FROM limits l)
), found AS MATERIALIZED (
    -- One row more than the limit says that there are too many; which ones those are depends on where they lie.
    SELECT k.kind, k.key, h.scope, h.incident_no
    FROM keys k CROSS JOIN LATERAL (
        SELECT i.scope, i.incident_no FROM correlate.incident i
        WHERE i.services @> ARRAY[k.key]
        LIMIT (SELECT l.incidents + 1 FROM limits l)) h
    WHERE k.kind = 'service'
    UNION ALL
    SELECT k.kind, k.key, h.scope, h.incident_no
    FROM keys k CROSS JOIN LATERAL (
        SELECT n.scope, n.incident_no FROM correlate.node n
        WHERE n.fingerprint = k.key AND n.kind = k.kind AND n.incident_no IS NOT NULL
        LIMIT (SELECT l.incidents + 1 FROM limits l)) h
    WHERE k.kind <> 'service'
    UNION ALL
    SELECT 'word', w.word, h.scope, h.incident_no
    FROM said w CROSS JOIN LATERAL (
        (SELECT e.scope, e.incident_no FROM correlate.entry e
         WHERE analyst.entry_words(e.$text, e.service, e.host, e.actor, e.channel, e.ref)
               @@ quote_literal(w.word)::tsquery
         LIMIT (SELECT l.lines + 1 FROM limits l))
        UNION ALL
        (SELECT i.scope, i.incident_no FROM correlate.incident i
         WHERE analyst.words(i.$title) @@ quote_literal(w.word)::tsquery
         LIMIT (SELECT l.lines + 1 FROM limits l))) h
), holders AS MATERIALIZED (
    SELECT DISTINCT f.kind, f.key, f.scope, f.incident_no
    FROM found f
    JOIN (SELECT f.kind, f.key FROM found f CROSS JOIN limits l
          GROUP BY f.kind, f.key, l.lines, l.incidents
          HAVING count(*) <= CASE f.kind WHEN 'word' THEN l.lines ELSE l.incidents END) r USING (kind, key)
), counted AS MATERIALIZED (
    SELECT h.kind, h.key, count(*) AS incidents FROM holders h GROUP BY h.kind, h.key
), earlier AS MATERIALIZED (
    SELECT h.scope, h.incident_no, h.kind, coalesce(k.name, h.key) AS name, h.key, c.incidents - 1 AS others,
           analyst.rarity(c.incidents - 1, n.incidents)
           * CASE h.kind WHEN 'alert' THEN 3 WHEN 'log' THEN 2 WHEN 'change' THEN 2 ELSE 1 END AS points
    FROM holders h
    JOIN counted c USING (kind, key)
    CROSS JOIN known n
    CROSS JOIN given g
    JOIN correlate.incident i ON i.scope = h.scope AND i.incident_no = h.incident_no
    LEFT JOIN keys k ON k.kind = h.kind AND k.key = h.key
    -- What more than half of the others have tells nothing of this one, where there are others to tell by.
    WHERE (2 * (c.incidents - 1) <= n.incidents - 1 OR n.incidents <= 3)
      AND (i.first_time, i.incident_key COLLATE "C") < (g.first_time, g.incident_key COLLATE "C")
), ranked AS (
    SELECT (row_number() OVER (ORDER BY sum(e.points) DESC, i.first_time DESC, i.incident_key COLLATE "C" DESC,
                                        i.scope COLLATE "C"))::integer AS place,
           i.scope, i.number, i.incident_key, i.first_time, i.last_time, i.services, i.$title AS title,
           sum(e.points)::integer AS score, count(*) OVER () AS found,
           jsonb_agg(jsonb_build_object('kind', e.kind, 'key', e.key, 'name', e.name, 'incidents', e.others,
                                        'points', e.points)
                     ORDER BY e.points DESC, e.kind COLLATE "C", e.name COLLATE "C", e.key COLLATE "C") AS reasons
    FROM earlier e
    JOIN correlate.incident i ON i.scope = e.scope AND i.incident_no = e.incident_no
    GROUP BY i.scope, i.incident_no
)
SELECT r.place, r.scope, r.number, r.incident_key, r.first_time, r.last_time, r.services, r.title, r.score, r.found,
       r.reasons
FROM ranked r
ORDER BY r.place LIMIT least(greatest($2, 0), (SELECT l.shown FROM limits l))$body$)

        ) AS f(name, result, meaning, body) LOOP
            -- Through indexes alone, whatever the planner knows of the tables: so the limits bound what is read.
            EXECUTE format('CREATE FUNCTION %I.%s RETURNS %s LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS %L',
                schema, made.name, made.result, regexp_replace(made.body, '\$(text|title)',
                CASE schema WHEN 'analyst' THEN 'masked_' ELSE '' END || '\1', 'g'));
            EXECUTE format('COMMENT ON FUNCTION %I.%I IS %L', schema, split_part(made.name, '(', 1), made.meaning
                || CASE schema WHEN 'analyst' THEN '; reads masked text' ELSE '' END);
        END LOOP;
    END LOOP;
END
$functions$;

-- ------------------------------------------------------------------ indexes

CREATE INDEX entry_words ON correlate.entry USING gin (
    analyst.entry_words(text, service, host, actor, channel, ref));
CREATE INDEX entry_masked_words ON correlate.entry USING gin (
    analyst.entry_words(masked_text, service, host, actor, channel, ref));
CREATE INDEX incident_words ON correlate.incident USING gin (analyst.words(title));
CREATE INDEX incident_masked_words ON correlate.incident USING gin (analyst.words(masked_title));
COMMENT ON INDEX correlate.entry_words IS 'Full text of timeline entries, for responder.search';
COMMENT ON INDEX correlate.entry_masked_words IS 'Masked text of timeline entries, for analyst.search';
COMMENT ON INDEX correlate.incident_words IS 'Full text of titles, for responder.search';
COMMENT ON INDEX correlate.incident_masked_words IS 'Masked text of titles, for analyst.search';

-- ------------------------------------------------------------------ rights

GRANT EXECUTE ON FUNCTION analyst.fold(text), analyst.words(text),
    analyst.entry_words(text, text, text, text, text, text), analyst.search_limits(), analyst.similar_limits(),
    analyst.entry_holds(tsquery, text, text, text, text, text, text), analyst.search_terms(text), analyst.kind_of_record(text), analyst.rarity(bigint, bigint),
    analyst.search_words, analyst.search, analyst.similar
    TO hindcast_correlate, hindcast_responder, hindcast_analyst;
GRANT EXECUTE ON FUNCTION responder.search_words, responder.search, responder.similar
    TO hindcast_correlate, hindcast_responder;

RESET ROLE;
