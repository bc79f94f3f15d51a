/*
 * Looking for incidents by words and by likeness, in worlds made by hand: what is found and in
 * which order, why, what analysts may find, and how many rows are read. Scores are computed in
 * comments.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hindcast/casebook.h"
#include "hindcast/search.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

static struct err err;

/* ---- worlds ---- */

/*
 * pg_temp.incident(n, day, title, services), .line(n, minute, text, ...), .node(n, kind,
 * fingerprint) in a session that is gone when the world stands.
 */
static const char makers[] =
    "CREATE FUNCTION pg_temp.incident(n bigint, day text, title text, services text[]) RETURNS "
    "void "
    "LANGUAGE sql AS $$ INSERT INTO correlate.incident (scope, incident_no, incident_key, "
    "first_time, last_time, nodes, alerts, records, entries, severity, raised, declared, services, "
    "title, digest, number) VALUES ('default', n, 'k' || n, day::timestamptz, day::timestamptz + "
    "interval '1 hour', 1, 1, 3, 3, 9, true, false, services, title, '', 'INC-' || n) $$;"
    "CREATE FUNCTION pg_temp.line(n bigint, minute integer, text text, record_kind text DEFAULT "
    "'chat', actor text DEFAULT NULL, service text DEFAULT NULL, significance text DEFAULT 'full') "
    "RETURNS void LANGUAGE sql AS $$ INSERT INTO correlate.entry (scope, incident_no, tie, "
    "entry_id, "
    "event_time, uncertainty_ms, occurrences, score, severity, order_established, kind, "
    "record_kind, significance, time_source, actor, service, node_key, membership, text, "
    "milestones, reasons, evidence) SELECT 'default', n, int4send(minute), n || '/' || minute, "
    "first_time + minute * interval '1 minute', 0, 1, 0, 9, true, CASE record_kind WHEN 'alert' "
    "THEN 'alert_firing' WHEN 'log' THEN 'log_record' ELSE 'chat_message' END, record_kind, "
    "significance, 'native', actor, line.service, 'k' || n, '', text, '{}', '[]', "
    "jsonb_build_array(jsonb_build_object('topic', 'ops', 'incarnation', 1, 'partition', 2, "
    "'offset', n * 100 + minute, 'index', 0)) FROM correlate.incident WHERE incident_no = n $$;"
    "CREATE FUNCTION pg_temp.node(n bigint, kind text, fingerprint text) RETURNS void LANGUAGE sql "
    "AS $$ INSERT INTO correlate.node (scope, node_key, first_time, last_time, records, severity, "
    "familiar, declared, kind, fingerprint, reason, incident_no) SELECT 'default', 'n' || n || "
    "kind "
    "|| fingerprint, first_time, first_time, 1, 9, false, false, kind, fingerprint, '', n FROM "
    "correlate.incident WHERE incident_no = n $$;";

static const char *const world[] = {
    "SELECT pg_temp.incident(1, '2026-04-01Z', 'Checkout is down', '{checkout-api}')",
    "SELECT pg_temp.incident(2, '2026-05-01Z', 'Slow pages', '{shop}')",
    "SELECT pg_temp.incident(3, '2026-06-01Z', 'Störung der Datenbank', '{billing}')",
    "SELECT pg_temp.line(1, 1, 'the connection pool is exhausted', actor => 'Ana Silva', "
    "service => 'checkout-api', significance => 'key')",
    "SELECT pg_temp.line(1, 2, 'looking at the pool', actor => 'ben')",
    "SELECT pg_temp.line(2, 1, 'pool of workers', 'alert', service => 'shop')",
    "SELECT pg_temp.line(2, 2, 'lost connection', actor => 'ben')",
    "SELECT pg_temp.line(3, 1, 'pool \"hunter-two\" leaks', 'log', service => 'billing')",
    "SELECT pg_temp.line(3, 2, 'Größe naïve Überlauf', actor => 'ben')",
};
#define WORLD (sizeof(world) / sizeof(world[0]))

static void
clear_tables(void)
{
    pgtest_run("TRUNCATE correlate.incident, correlate.entry, correlate.node");
}

/* Heads first, since the others hang on them; within both, forwards or backwards. */
static void
make_world(bool backwards)
{
    struct strbuf sql;
    strbuf_init(&sql, 0);
    strbuf_add_text(&sql, makers);
    for (size_t i = 0; i < WORLD; i++) {
        size_t at = !backwards ? i : i < 3 ? 2 - i : WORLD + 2 - i;
        strbuf_addf(&sql, "%s;", world[at]);
    }
    clear_tables();
    pgtest_run(sql.ptr);
    strbuf_release(&sql);
}

/* ---- asking ---- */

#define ANY ((struct search_request){.since_ns = TIME_NONE, .until_ns = TIME_NONE, .most = 10})

static int
ask(const char *role, struct search_request request, const char *words, struct arena *arena,
    struct search_result *ret_result)
{
    struct store *store = pgtest_open(role);
    request.words = words;
    err = (struct err){0};
    int status = casebook_search(store, arena, &request, ret_result, &err);
    store_close(store);
    return status;
}

/* "INC-1:450 INC-2:120": in order. */
static void
need_of(const char *role, struct search_request request, const char *words, const char *expected)
{
    struct search_result found;
    struct arena arena;
    struct strbuf seen;
    arena_init(&arena, 0);
    strbuf_init(&seen, 0);
    if (ask(role, request, words, &arena, &found) != 0)
        fail_msg("%s: %s", words, err.message);
    for (size_t i = 0; i < found.match_count; i++)
        strbuf_addf(&seen, "%s" SV_FMT ":%lld", i == 0 ? "" : " ", SV_ARG(found.matches[i].number),
                    (long long)found.matches[i].score);
    if (!sv_eq(strbuf_view(&seen), sv_from(expected)))
        fail_msg("%s gives %.*s, not %s", words, SV_ARG(strbuf_view(&seen)), expected);
    strbuf_release(&seen);
    arena_release(&arena);
}

static void
need(const char *words, const char *expected)
{
    need_of("hindcast_responder", ANY, words, expected);
}

static void
need_refused(const char *words, const char *reason)
{
    struct search_result found;
    struct arena arena;
    arena_init(&arena, 0);
    assert_int_equal(ask("hindcast_responder", ANY, words, &arena, &found), -1);
    assert_int_equal(err.code, ERR_USAGE);
    if (strstr(err.message, reason) == NULL)
        fail_msg("%s: %s", words, err.message);
    arena_release(&arena);
}

/* ---- by words ---- */

static void
ranks_are_as_computed_by_hand(void **state)
{
    (void)state;
    make_world(false);
    /* One word weighs 1.00: a key line counts 1.5 times, one of the full width once; the score is
     * the best line twice. Of equal scores the newer incident comes first. */
    need("pool", "INC-1:300 INC-3:200 INC-2:200");
    /* In a title three times. */
    need("slow", "INC-2:600");
    /* Beside the text half: as the service of one line, and in no title. */
    need("billing", "INC-3:100");
    /*
     * connection is on 2 lines, pool on 4: 1 + log2(5/3) = 1.74 and 1.00. INC-1 holds both on a key
     * line: 2.61 + 1.50 for the words, 4.11 + half of 1.00 behind one another. INC-2: 1.74 + 1.00,
     * best 1.74.
     */
    need("connection pool", "INC-1:872 INC-2:448");
    need("pool connection", "INC-1:822 INC-2:448");
    /* Nobody has both; slow is as rare as exhausted: each holds half of the weight. */
    need("exhausted slow", "INC-2:600 INC-1:300");
    need("exhausted nowhere", "INC-1:300");
    need("nowhere", "");
}

static void
words_are_found_as_people_write_them(void **state)
{
    (void)state;
    make_world(false);
    need("\"connection pool\"", "INC-1:300");
    need("\"pool connection\"", "");
    need("\"connection pool", "INC-1:300"); /* to the end, where the other quote is missing */
    need("conn*", "INC-1:300 INC-2:200");
    need("POOL -connection", "INC-3:200 INC-2:200 INC-1:200"); /* the line with both is left out */
    need("pool -slow", "INC-1:300 INC-3:200");                 /* and incidents by their title */
    need("pool -\"connection pool\" -störung", "INC-2:200 INC-1:200");
    need("checkout-api", "INC-1:100");
    need("checkout_api", "INC-1:100");
    need("checkout-ap*", "INC-1:100");
    need("api", "INC-1:100");
    need("stoerung", "INC-3:600");
    need("STÖRUNG", "INC-3:600");
    need("sto\xcc\x88rung", "INC-3:600");         /* the two dots as a character of their own */
    need("groesse naive ueberlauf", "INC-3:700"); /* twice behind one another */
    need("silva", "INC-1:100");
    need_refused("", "no word");
    need_refused(" *** - \"\" ", "no word");
    need_refused("-pool", "only leaves out");
}

/* Texts of ASCII alone go another way to their words than others. */
static void
both_ways_give_the_same_words(void **state)
{
    (void)state;
    assert_int_equal(
        pgtest_int(
            "SELECT count(*) FROM generate_series(32, 126) a, generate_series(32, 126) b, "
            "LATERAL (SELECT 'x1' || chr(a) || chr(b) || 'Y' || chr(a) || '2.5' || chr(b) || "
            "chr(a) || 'http://h/p' || chr(b) || 'z') s(line) "
            "WHERE analyst.words('ä ' || line) <> analyst.words('ae ' || line)"),
        0);
}

static void
filters_choose_lines(void **state)
{
    struct search_request request = ANY;
    const char *role = "hindcast_responder";
    (void)state;
    make_world(false);
    request.service = "shop";
    need_of(role, request, "pool", "INC-2:200");
    need_of(role, request, "slow", "INC-2:600");
    request.service = "shops";
    need_of(role, request, "pool", "");
    request = ANY;
    request.actor = "ana";
    need_of(role, request, "pool", "INC-1:300");
    need_of(role, request, "checkout", "INC-1:100"); /* her line's service; a title has no actor */
    request = ANY;
    request.kind = "alert";
    need_of(role, request, "pool", "INC-2:200");
    request.kind = "alert_firing";
    need_of(role, request, "pool", "INC-2:200");
    request.kind = "title";
    need_of(role, request, "pool", "");
    need_of(role, request, "down", "INC-1:600");
    request = ANY;
    assert_int_equal(time_parse_arg("", "2026-04-01T00:02:00Z", &request.since_ns, &err), 0);
    assert_int_equal(time_parse_arg("", "2026-05-01T00:01:00Z", &request.until_ns, &err), 0);
    need_of(role, request, "pool", "INC-1:200");
    request.until_ns += 1; /* the minute itself is before it now */
    need_of(role, request, "pool", "INC-2:200 INC-1:200");
    request = ANY;
    request.most = 1;
    need_of(role, request, "pool", "INC-1:300");
}

static void
each_hit_says_where_and_why(void **state)
{
    struct search_result found;
    struct arena arena;
    (void)state;
    make_world(false);
    arena_init(&arena, 0);
    assert_int_equal(ask("hindcast_responder", ANY, "checkout pool silva lost", &arena, &found), 0);
    assert_int_equal(found.found, 1); /* INC-1 has three of the four words */
    const struct search_match *match = &found.matches[0];
    assert_int_equal(match->missing_count, 1);
    assert_true(sv_eq(match->missing[0], SV("lost")));
    assert_int_equal(match->word_count, 3);
    assert_true(sv_eq(match->words[0].word, SV("checkout")) && match->words[0].title);
    assert_int_equal(match->words[0].lines, 1);
    assert_int_equal(match->lines, 2);
    assert_int_equal(match->hit_count, 3);
    int64_t sum = match->best;
    for (size_t i = 0; i < match->word_count; i++)
        sum += match->words[i].points;
    assert_int_equal(match->score, sum);
    size_t line = sv_eq(match->hits[0].kind, SV("title")) ? 1 : 0;
    const struct search_hit *hit = &match->hits[line];
    assert_true(sv_eq(hit->entry_id, SV("1/1")));
    assert_int_equal(hit->evidence_count, 1);
    assert_true(sv_eq(hit->evidence[0].topic, SV("ops")));
    assert_int_equal(hit->evidence[0].at.offset, 101);
    assert_int_equal(hit->place_count, 3);
    assert_true(sv_eq(hit->places[0].word, SV("checkout")));
    assert_true(sv_eq(hit->places[0].where, SV("service")));
    assert_true(sv_eq(hit->places[1].where, SV("text")));
    assert_true(sv_eq(hit->places[2].where, SV("actor")));
    arena_release(&arena);
}

static void
analysts_find_masked_text_alone(void **state)
{
    struct search_result found;
    struct arena arena;
    (void)state;
    make_world(false);
    need("hunter", "INC-3:200");
    need_of("hindcast_analyst", ANY, "hunter", "");
    need_of("hindcast_analyst", ANY, "leaks", "INC-3:200");
    arena_init(&arena, 0);
    assert_int_equal(ask("hindcast_analyst", ANY, "leaks", &arena, &found), 0);
    assert_true(found.masked);
    assert_true(sv_eq(found.matches[0].hits[0].text, SV("pool <*> leaks")));
    assert_int_equal(ask("hindcast_responder", ANY, "leaks", &arena, &found), 0);
    assert_false(found.masked);
    arena_release(&arena);
    struct store *store = pgtest_open("hindcast_analyst");
    assert_int_equal(store_script(store, "SELECT * FROM responder.search('pool')", "", &err), -1);
    assert_int_equal(store_script(store, "SELECT text FROM correlate.entry", "", &err), -1);
    store_close(store);
}

static void
limits_are_told(void **state)
{
    struct strbuf words;
    (void)state;
    make_world(false);
    strbuf_init(&words, 0);
    for (int i = 0; i < SEARCH_TERMS_MAX; i++)
        strbuf_addf(&words, "pool%d ", i);
    need(words.ptr, "");
    strbuf_add_text(&words, "pool");
    need_refused(words.ptr, "at most 16 words");
    strbuf_clear(&words);
    for (int i = 0; i < SEARCH_CHARACTERS_MAX; i++)
        strbuf_add_text(&words, "ü");
    need(words.ptr, "");
    strbuf_add_char(&words, 'x');
    need_refused(words.ptr, "at most 1000 characters");
    strbuf_release(&words);
    need_refused("\xff", "UTF-8");
    assert_int_equal(pgtest_int("SELECT terms FROM analyst.search_limits()"), SEARCH_TERMS_MAX);
    assert_int_equal(pgtest_int("SELECT characters FROM analyst.search_limits()"),
                     SEARCH_CHARACTERS_MAX);
    assert_int_equal(pgtest_int("SELECT incidents FROM analyst.search_limits()"),
                     SEARCH_INCIDENTS_MAX);
    assert_int_equal(pgtest_int("SELECT lines FROM analyst.search_limits()"), SEARCH_LINES_MAX);
}

static void
kinds_of_records_are_those_of_events(void **state)
{
    static const struct {
        const char *word;
        enum event_kind kind;
    } kinds[] = {
#define RECORD_KIND(name, word, kind, meaning) {word, EVENT_##kind},
#include "hindcast/event.def"
    };
    (void)state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        char sql[120];
        snprintf(sql, sizeof(sql), "SELECT analyst.kind_of_record('%s')", kinds[i].word);
        char *value = pgtest_value(sql);
        assert_string_equal(value, event_kind_word(kinds[i].kind));
        free(value);
    }
}

/* ---- by likeness ---- */

static const char likeness[] =
    "SELECT pg_temp.incident(n, '2026-04-0' || n || 'Z', 'Nothing ' || chr(96 + n::integer), "
    "ARRAY['all'] || CASE WHEN n IN (2, 9) THEN '{rare}'::text[] ELSE '{}' END) "
    "FROM generate_series(1, 9) n;"
    "SELECT pg_temp.node(n, 'alert', 'disk-full') FROM unnest(ARRAY[3, 9]) n;"
    "SELECT pg_temp.node(n, 'alert', 'everywhere') FROM generate_series(1, 9) n;"
    "SELECT pg_temp.node(n, 'log', 'shape') FROM unnest(ARRAY[4, 5, 9]) n;"
    "SELECT pg_temp.line(n, 1, 'the zookeeper quorum was lost') FROM unnest(ARRAY[5, 8, 9]) n;"
    "SELECT pg_temp.line(n, 1, 'zookeeper') FROM unnest(ARRAY[1]) n;";

static void
need_similar(const char *role, const char *incident, const char *expected)
{
    struct store *store = pgtest_open(role);
    struct search_result found;
    struct arena arena;
    struct strbuf seen;
    arena_init(&arena, 0);
    strbuf_init(&seen, 0);
    err = (struct err){0};
    if (casebook_similar(store, &arena, incident, 10, &found, &err) != 0)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < found.match_count; i++) {
        const struct search_match *match = &found.matches[i];
        strbuf_addf(&seen, "%s" SV_FMT ":%lld", i == 0 ? "" : " ", SV_ARG(match->number),
                    (long long)match->score);
        for (size_t j = 0; j < match->reason_count; j++)
            strbuf_addf(&seen, "%c" SV_FMT "/%lld", j == 0 ? '=' : '+',
                        SV_ARG(match->reasons[j].key), (long long)match->reasons[j].incidents);
    }
    if (!sv_eq(strbuf_view(&seen), sv_from(expected)))
        fail_msg("%.*s, not %s", SV_ARG(strbuf_view(&seen)), expected);
    strbuf_release(&seen);
    arena_release(&arena);
    store_close(store);
}

/*
 * Nine incidents. In one other: 1 + log2(10/2) = 3.32, an alert three times that; in two others 1 +
 * log2(10/3) = 2.74, a shape twice that; zookeeper in three: 1 + log2(10/4) = 2.32. What is
 * everywhere (`all`, `everywhere`, nothing) counts nothing.
 */
#define LIKE_9                                                                                     \
    "INC-5:1876=shape/2+lost/2+quorum/2+the/2+was/2+zookeeper/3 "                                  \
    "INC-8:1328=lost/2+quorum/2+the/2+was/2+zookeeper/3 INC-3:996=disk-full/1 "                    \
    "INC-4:548=shape/2 INC-2:332=rare/1 INC-1:232=zookeeper/3"

static void
similar_incidents_share_what_is_rare(void **state)
{
    (void)state;
    clear_tables();
    struct strbuf sql;
    strbuf_init(&sql, 0);
    strbuf_addf(&sql, "%s%s", makers, likeness);
    pgtest_run(sql.ptr);
    strbuf_release(&sql);
    need_similar("hindcast_responder", "k9", LIKE_9);
    need_similar("hindcast_analyst", "INC-9", LIKE_9);
    /* Only what was before; the other incidents count for how rare a thing is all the same. */
    need_similar("hindcast_responder", "k5", "INC-4:548=shape/2 INC-1:232=zookeeper/3");
    need_similar("hindcast_responder", "k1", "");
}

static void
an_incident_that_is_not_there_is_told(void **state)
{
    static const char *const roles[] = {"hindcast_responder", "hindcast_analyst"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct store *store = pgtest_open(roles[i]);
        struct search_result found;
        struct arena arena;
        arena_init(&arena, 0);
        assert_int_equal(casebook_similar(store, &arena, "nobody", 10, &found, &err), -1);
        assert_int_equal(err.code, ERR_NOT_FOUND);
        arena_release(&arena);
        store_close(store);
    }
}

/* ---- the same records, the same answer ---- */

static char *
answers(void)
{
    return pgtest_value(
        "SELECT string_agg(r::text, E'\\n' ORDER BY n, r.place, r.hit) FROM unnest(ARRAY["
        "'pool', 'connection pool', 'the', 'checkout exhausted slow', 'p*', 'pool -slow']) "
        "WITH ORDINALITY w(words, n), responder.search(w.words) r");
}

static void
no_order_of_arrival_changes_an_answer(void **state)
{
    (void)state;
    make_world(false);
    char *first = answers();
    assert_non_null(first);
    make_world(true);
    char *second = answers();
    assert_string_equal(first, second);
    free(second);
    pgtest_run("UPDATE correlate.entry SET severity = severity + 1"); /* rows move */
    pgtest_run("ANALYZE correlate.entry, correlate.incident");
    second = answers();
    assert_string_equal(first, second);
    free(second);
    free(first);
}

/* ---- rows read ---- */

#define MANY 2000
#define LINES_EACH 5

/* Of each word named NAMEn, one in n lines holds it; `everywhere` is on all. */
static const char many[] =
    "SELECT pg_temp.incident(n, ('2026-01-01Z'::timestamptz + n * interval '1 hour')::text, "
    "'Alert ' || n, ARRAY['service-' || n % 100]) FROM generate_series(1, 2000) n;"
    "SELECT pg_temp.line(n, m, 'everywhere ' || CASE WHEN (n * 5 + m) % 500 = 0 THEN 'rare' ELSE "
    "'other' "
    "END || CASE WHEN (n * 5 + m) % 50 = 0 THEN ' seldom' ELSE '' END) "
    "FROM generate_series(1, 2000) n, generate_series(0, 4) m;"
    "SELECT pg_temp.node(n, 'alert', 'rule-' || n % 200) FROM generate_series(1, 2000) n;";

static int64_t
counter(struct store *store, const char *sql)
{
    PGresult *result = PQexec(store->pg, sql);
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    int64_t value = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return value;
}

/* Rows of timelines and heads that the function reads, as the role; none of them in a scan of all.
 */
static void
need_rows(const char *role, const char *call, int64_t most, int64_t scanned)
{
    struct store *store = pgtest_open(role);
    assert_int_equal(store_script(store, "BEGIN", "", &err), 0);
    char sql[200];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", call);
    assert_true(counter(store, sql) > 0);
    int64_t read = counter(store, "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM "
                                  "pg_stat_xact_user_tables WHERE schemaname = 'correlate'");
    int64_t all = counter(store, "SELECT sum(seq_tup_read) FROM pg_stat_xact_user_tables "
                                 "WHERE schemaname = 'correlate' AND relname <> 'incident'");
    if (read > most || all > scanned)
        fail_msg("%s reads %lld rows (%lld scanned), %lld (%lld) are enough", call, (long long)read,
                 (long long)all, (long long)most, (long long)scanned);
    store_close(store);
}

static void
a_search_reads_what_it_finds(void **state)
{
    static const char *const roles[][2] = {{"hindcast_responder", "responder"},
                                           {"hindcast_analyst", "analyst"}};
    struct strbuf sql;
    char call[100];
    (void)state;
    clear_tables();
    strbuf_init(&sql, 0);
    strbuf_addf(&sql, "%s%s", makers, many);
    pgtest_run(sql.ptr);
    strbuf_release(&sql);
    pgtest_run("ANALYZE correlate.entry, correlate.incident, correlate.node");
    for (size_t i = 0; i < 2; i++) {
        /* 20 lines of 10,000, each with its incident a few times over. */
        snprintf(call, sizeof(call), "%s.search('rare')", roles[i][1]);
        need_rows(roles[i][0], call, 200, 0);
        snprintf(call, sizeof(call), "%s.search('rare seldom')", roles[i][1]);
        need_rows(roles[i][0], call, 900, 0);
        snprintf(call, sizeof(call), "%s.search_words('rare')", roles[i][1]);
        need_rows(roles[i][0], call, 25, 0);
        /* 500 heads to know how many there are, 20 incidents of the service, 10 of the alert, 201
         * lines or titles of each of the words that tell nothing. */
        snprintf(call, sizeof(call), "%s.similar('INC-1999')", roles[i][1]);
        need_rows(roles[i][0], call, 1500, 0);
    }
}

/* The limit made small: what is on more lines is not read, whatever it holds. */
static void
common_words_are_bounded(void **state)
{
    struct search_result found;
    struct arena arena;
    (void)state;
    pgtest_run("CREATE OR REPLACE FUNCTION analyst.search_limits(OUT terms integer, OUT characters "
               "integer, "
               "OUT lines integer, OUT incidents integer, OUT hits integer) LANGUAGE sql IMMUTABLE "
               "PARALLEL SAFE AS 'SELECT 16, 1000, 400, 100, 3'");
    need_rows("hindcast_responder", "responder.search('everywhere rare')", 1200, 0);
    need_of("hindcast_responder",
            (struct search_request){.since_ns = TIME_NONE, .until_ns = TIME_NONE, .most = 2},
            "everywhere rare", "INC-2000:1052 INC-1900:1052");
    /* 1 + log2(402/21) = 5.26 for rare, on one line and as the best one. All words common: the
     * newest 400 / 40 incidents, told apart by nothing but their age. */
    need_rows("hindcast_responder", "responder.search('everywhere')", 2000, 0);
    need_of("hindcast_responder", ANY, "everywhere",
            "INC-2000:200 INC-1999:200 INC-1998:200 INC-1997:200 INC-1996:200 INC-1995:200 "
            "INC-1994:200 INC-1993:200 INC-1992:200 INC-1991:200");
    arena_init(&arena, 0);
    assert_int_equal(ask("hindcast_responder", ANY, "everywhere rare", &arena, &found), 0);
    assert_true(found.terms[0].common && !found.terms[1].common);
    assert_int_equal(found.found, 20);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_as_computed_by_hand),
        cmocka_unit_test(words_are_found_as_people_write_them),
        cmocka_unit_test(both_ways_give_the_same_words),
        cmocka_unit_test(filters_choose_lines),
        cmocka_unit_test(each_hit_says_where_and_why),
        cmocka_unit_test(analysts_find_masked_text_alone),
        cmocka_unit_test(limits_are_told),
        cmocka_unit_test(kinds_of_records_are_those_of_events),
        cmocka_unit_test(similar_incidents_share_what_is_rare),
        cmocka_unit_test(an_incident_that_is_not_there_is_told),
        cmocka_unit_test(no_order_of_arrival_changes_an_answer),
        cmocka_unit_test(a_search_reads_what_it_finds),
        cmocka_unit_test(common_words_are_bounded), /* last: it changes the limits */
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
