/*
 * The views of analyst and responder as a contract: every role asks every view, analysts find no
 * raw text on any way that PostgreSQL offers them, and each column says what it holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hindcast/casebook.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"

/* In every raw text of the fixture, and in no field that analysts see. */
#define CANARY "canary-4711"

#define VIEWS                                                                                      \
    " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'v' AND "        \
    "nspname "

static const char *const contract[] = {
    "contract",      "incidents", "timeline",  "entries",    "evidence",   "milestones",
    "durations",     "alerts",    "episodes",  "changes",    "chat",       "logs",
    "log_minutes",   "people",    "sources",   "quarantine", "duplicates", "ledger",
    "stream_status", "watermark", "revisions", "pages",      "roles",
};
/* Of analyst, what details of records or settings of processes are in: not for analysts. */
#define WITHHELD "('quarantine_reasons', 'untimed')"

static const char fixture[] =
    "INSERT INTO evidence.stream (stream_id, next_offset, first_offset, partition, cluster_id, "
    "topic,"
    " records, stored, quarantined, events) VALUES (900, 5, 0, 0, 'c', 'canaries', 5, 4, 1, 4);"
    "SELECT evidence.ensure_partitions(ARRAY['2026-03-01'::date], ARRAY['2026-03-01'::date]);"
    "INSERT INTO evidence.quarantine (stream_id, record_offset, reason, detail)"
    " VALUES (900, 4, 'not_json', 'unexpected " CANARY "');"
    "INSERT INTO evidence.segment (stream_id, first_offset, day, records, ends, root, data)"
    " VALUES (900, 0, '2026-03-01', 1, '{8}', '\\x00', '" CANARY "');"
    "INSERT INTO ingest.log (stream_id, record_offset, event_time, idx, severity, scope, precision,"
    " time_source, record_kind, format, service, body, attributes, source_time_text) SELECT 900, 0,"
    " '2026-03-01 10:00Z', i, 17, 'default', 's', 'native', 'log', 'test', 'api',"
    " 'order " CANARY " failed', jsonb_build_object('of', '" CANARY "'), '" CANARY "'"
    " FROM generate_series(0, 99) i;"
    "INSERT INTO ingest.event (stream_id, record_offset, event_time, idx, scope, kind, record_kind,"
    " precision, time_source, format, source, service, fingerprint, uid, title, body, attributes, "
    "url,"
    " identity, phase, actor, channel) SELECT 900, 1, '2026-03-01 10:00Z', i, 'default',"
    " (ARRAY['alert', 'chat', 'change'])[1 + i % 3], (ARRAY['alert', 'chat', 'deploy'])[1 + i % 3],"
    " 's', 'native', 'test', 'test', 'api', 'f' || i % 3, md5(i::text)::uuid, 'title " CANARY "',"
    " 'body " CANARY "', jsonb_build_object('of', '" CANARY "'), 'https://h/?q=" CANARY "',"
    " '" CANARY "', NULL, 'zoe', 'ops' FROM generate_series(0, 29) i;"
    "UPDATE correlate.incident SET title = title || ' " CANARY "';"
    "UPDATE correlate.node SET title = title || ' " CANARY "';"
    "UPDATE correlate.entry SET text = text || ' " CANARY "', url = 'https://u:" CANARY
    "@h/p?q=" CANARY "', source_time_text = '" CANARY "';"
    "ANALYZE";

static int
filled(void **state)
{
    static const struct cursor_position cursor[] = {{1, 1}};
    struct err err = {0};
    if (pgtest_setup(state) != 0)
        return -1;
    struct store *store = pgtest_open("hindcast_correlate");
    if (casebook_save(store, sample_correlation(), cursor, 1, &err) != 0)
        fail_msg("%s", err.message);
    store_close(store);
    pgtest_run(fixture);
    return 0;
}

/* Names of views as one text each, freed by the caller. */
static PGresult *
ask(struct store *store, const char *sql)
{
    PGresult *result = PQexec(store->pg, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(store->pg));
    return result;
}

/* The SQLSTATE of what is refused; "" when it is not. */
static const char *
refusal(struct store *store, const char *sql)
{
    static char state[6];
    PGresult *result = PQexec(store->pg, sql);
    const char *found = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    snprintf(state, sizeof(state), "%s", found == NULL ? "" : found);
    PQclear(result);
    return state;
}

static int64_t
with_canary(struct store *store, const char *view)
{
    char sql[256];
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FILTER (WHERE v::text LIKE '%%" CANARY "%%') FROM %s v", view);
    PGresult *result = ask(store, sql);
    int64_t count = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return count;
}

static void
the_views_of_the_contract_are_there(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_analyst");
    for (size_t i = 0; i < sizeof(contract) / sizeof(contract[0]); i++) {
        char sql[128];
        snprintf(sql, sizeof(sql), "SELECT * FROM analyst.%s", contract[i]);
        PQclear(ask(store, sql));
    }
    store_close(store);
    assert_int_equal(pgtest_int("SELECT version FROM analyst.contract"), 1);
}

static void
analysts_find_no_raw_text_in_any_view(void **state)
{
    (void)state;
    struct store *login = pgtest_open(NULL);
    PGresult *views =
        ask(login, "SELECT c.oid::regclass" VIEWS "= 'analyst' AND relname NOT IN " WITHHELD);
    struct store *analyst = pgtest_open("hindcast_analyst");
    assert_true(PQntuples(views) >= 25);
    for (int i = 0; i < PQntuples(views); i++)
        if (with_canary(analyst, PQgetvalue(views, i, 0)) != 0)
            fail_msg("%s shows raw text", PQgetvalue(views, i, 0));
    PQclear(views);
    store_close(analyst);
    store_close(login);
}

static void
responders_find_all_of_it(void **state)
{
    (void)state;
    struct store *responder = pgtest_open("hindcast_responder");
    PGresult *views = ask(responder, "SELECT c.oid::regclass" VIEWS "= 'responder'");
    assert_true(PQntuples(views) >= 9);
    for (int i = 0; i < PQntuples(views); i++)
        if (with_canary(responder, PQgetvalue(views, i, 0)) == 0)
            fail_msg("%s shows no raw text", PQgetvalue(views, i, 0));
    PQclear(views);
    store_close(responder);
}

/* Same names, same columns in the same order; what analysts have none of comes last. */
static void
both_schemas_have_the_same_columns(void **state)
{
    (void)state;
    char *differing = pgtest_value(
        "SELECT string_agg(r.table_name || '.' || r.column_name, ' ')"
        " FROM information_schema.columns r LEFT JOIN information_schema.columns a"
        " ON a.table_schema = 'analyst' AND (a.table_name, a.ordinal_position, a.column_name,"
        " a.data_type) = (r.table_name, r.ordinal_position, r.column_name, r.data_type)"
        " WHERE r.table_schema = 'responder' AND a IS NULL"
        " AND (r.table_name, r.column_name) <> ('quarantine', 'detail')");
    if (differing != NULL)
        fail_msg("only responder has %s", differing);
}

/* Beside the views: tables and their columns, bytes, statistics, functions, whole rows. */
static void
analysts_have_no_other_way_to_raw_text(void **state)
{
    static const char *const ways[] = {
        "SELECT text FROM correlate.entry",
        "SELECT url FROM correlate.entry",
        "SELECT source_time_text FROM correlate.entry",
        "SELECT e FROM correlate.entry e",
        "SELECT row_to_json(e) FROM correlate.entry e",
        "SELECT entry_id FROM correlate.entry WHERE text LIKE 'a%'",
        "SELECT entry_id FROM correlate.entry ORDER BY text",
        "SELECT ts_headline(text, to_tsquery('order')) FROM correlate.entry",
        "SELECT text::integer FROM correlate.entry",
        "SELECT title FROM correlate.incident",
        "SELECT title FROM correlate.node",
        "COPY correlate.entry TO STDOUT",
        "SELECT body FROM ingest.log",
        "SELECT title FROM ingest.event",
        "SELECT data FROM evidence.segment",
        "SELECT value FROM evidence.kept",
        "SELECT detail FROM evidence.quarantine",
        "SELECT detail FROM analyst.quarantine_reasons",
        "SELECT text FROM analyst.untimed",
        "SELECT text FROM responder.timeline",
        "SELECT detail FROM responder.quarantine",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT * FROM pg_statistic",
        "SET ROLE hindcast_responder",
    };
    (void)state;
    pgtest_run("CREATE ROLE contract_reader LOGIN IN ROLE hindcast_analyst");
    struct store *login = pgtest_open(NULL);
    PQclear(PQexec(login->pg, "SET SESSION AUTHORIZATION contract_reader"));
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (strcmp(refusal(login, ways[i]), "42501") != 0)
            fail_msg("%s: not refused", ways[i]);
    assert_int_equal(with_canary(login, "pg_stats"), 0);
    assert_int_equal(with_canary(login, "pg_stats_ext"), 0);
    assert_int_equal(with_canary(login, "pg_stats_ext_exprs"), 0);
    assert_int_equal(with_canary(login, "pg_stat_activity"), 0);
    store_close(login);
    pgtest_run("DROP ROLE contract_reader");
    /* They are there to be found. */
    assert_true(
        pgtest_int("SELECT count(*) FROM pg_stats WHERE pg_stats::text LIKE '%" CANARY "%'") > 0);
}

/* What an analyst brings along sees masked text: functions of its own, however cheap. */
static void
functions_of_analysts_see_masked_text(void **state)
{
    (void)state;
    struct store *analyst = pgtest_open("hindcast_analyst");
    static const char *const steps[] = {
        "CREATE FUNCTION pg_temp.spy(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN"
        " IF $1 LIKE '%" CANARY "%' THEN RAISE EXCEPTION 'seen'; END IF; RETURN true; END $$",
        "CREATE FUNCTION pg_temp.regexp_replace(text, text, text, text) RETURNS text LANGUAGE "
        "plpgsql"
        " AS $$ BEGIN IF $1 LIKE '%" CANARY
        "%' THEN RAISE EXCEPTION 'seen'; END IF; RETURN ''; END $$",
        "SET search_path = pg_temp, pg_catalog",
        "SELECT * FROM analyst.logs WHERE pg_temp.spy(text)",
        "SELECT * FROM analyst.chat WHERE pg_temp.spy(text) AND pg_temp.spy(chat::text)",
        "SELECT * FROM analyst.alerts WHERE pg_temp.spy(title) AND pg_temp.spy(alerts::text)",
        "SELECT * FROM analyst.changes WHERE pg_temp.spy(text)",
        "SELECT * FROM analyst.timeline WHERE pg_temp.spy(text) AND pg_temp.spy(timeline::text)",
        "SELECT * FROM analyst.incidents WHERE pg_temp.spy(title)",
    };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        if (strcmp(refusal(analyst, steps[i]), "") != 0)
            fail_msg("%s: %s", steps[i], refusal(analyst, steps[i]));
    store_close(analyst);
}

/* Each role with the views that it may not ask, or that it may. */
static void
each_role_asks_what_it_may(void **state)
{
    static const struct {
        const char *role, *views;
        bool may;
    } rights[] = {
        {"hindcast_analyst",
         "analyst.quarantine_reasons analyst.untimed responder.alerts responder.changes "
         "responder.chat responder.entries responder.episodes responder.incidents responder.logs "
         "responder.pages responder.quarantine responder.roles responder.timeline",
         false},
        {"hindcast_responder", "analyst.quarantine_reasons", false},
        {"hindcast_correlate", "", false},
        {"hindcast_ingest",
         "analyst.configuration analyst.decoding analyst.decoding_use analyst.quarantine_reasons "
         "analyst.reading analyst.source_gaps analyst.stream_status analyst.watermark",
         true},
        {"hindcast_public", "", true},
    };
    (void)state;
    char sql[512];
    for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
        snprintf(sql, sizeof(sql),
                 "SELECT coalesce(string_agg(name, ' ' ORDER BY name COLLATE \"C\"), '')"
                 " FROM (SELECT c.oid::regclass::text AS name" VIEWS "IN ('analyst', 'responder')"
                 " AND (has_schema_privilege('%s', nspname, 'USAGE')"
                 " AND has_table_privilege('%s', c.oid, 'SELECT')) = %s) v",
                 rights[i].role, rights[i].role, rights[i].may ? "true" : "false");
        char *found = pgtest_value(sql);
        if (strcmp(found, rights[i].views) != 0)
            fail_msg("%s %s: %s", rights[i].role, rights[i].may ? "may" : "may not", found);
        free(found);
    }
}

static void
masking_takes_out_what_it_says(void **state)
{
    static const char *const pairs[][2] = {
        {"order 787416 failed in 4.2 s", "order <*> failed in <*> s"},
        {"mail anna@example.org, host 10.0.0.1:80", "mail <*>, host <*>"},
        {"fe80::1 and db-1.example.net", "<*> and <*>"},
        {"password: hunter", "<*>"},
        {"Authorization: Bearer abc", "<*>"},
        {"the token is abc", "the <*>"},
        {"user=anna state=ok", "user<*> state<*>"},
        {"it isn't 'so simple' at all", "it isn't <*> at all"},
        {"said \"to nobody", "said <*>"},
        {"open /srv/anna/notes", "open <*>"},
        {"see https://example.org/a?b", "see <*>"},
        {"C:\\Users\\anna", "<*>"},
        {"\xd9\xa3\xd9\xa4 left", "<*> left"}, /* digits of Arabic */
        {"connection refused", "connection refused"},
        {"gr\xc3\xb6\xc3\x9f"
         "e bleibt",
         "gr\xc3\xb6\xc3\x9f"
         "e bleibt"},
        {"", ""},
    };
    (void)state;
    struct store *store = pgtest_open("hindcast_analyst");
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        const char *values[] = {pairs[i][0]};
        PGresult *result =
            PQexecParams(store->pg, "SELECT analyst.masked($1)", 1, NULL, values, NULL, NULL, 0);
        if (PQresultStatus(result) != PGRES_TUPLES_OK)
            fail_msg("%s: %s", pairs[i][0], PQerrorMessage(store->pg));
        if (strcmp(PQgetvalue(result, 0, 0), pairs[i][1]) != 0)
            fail_msg("%s: %s", pairs[i][0], PQgetvalue(result, 0, 0));
        PQclear(result);
    }
    PQclear(ask(store, "SELECT analyst.masked(NULL)"));
    PGresult *link = ask(store, "SELECT analyst.masked_link('https://u:p@h.example/a/b?c=d#e')");
    assert_string_equal(PQgetvalue(link, 0, 0), "https://h.example/a/b");
    PQclear(link);
    store_close(store);
}

/* Saving again what is there writes nothing, masked columns or not. */
static void
masked_columns_follow_the_text(void **state)
{
    (void)state;
    assert_int_equal(
        pgtest_int("SELECT count(*) FROM correlate.entry WHERE masked_text IS DISTINCT FROM"
                   " analyst.masked(text) OR masked_url IS DISTINCT FROM"
                   " analyst.masked_link(url)"),
        0);
    pgtest_run("INSERT INTO correlate.entry SELECT e.* FROM (SELECT (jsonb_populate_record(x,"
               " '{\"entry_id\": \"ee\", \"masked_text\": null, \"masked_url\": null}')).*"
               " FROM correlate.entry x LIMIT 1) e");
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.entry WHERE entry_id = 'ee'"
                                " AND masked_text = analyst.masked(text)"),
                     1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_views_of_the_contract_are_there),
        cmocka_unit_test(analysts_find_no_raw_text_in_any_view),
        cmocka_unit_test(responders_find_all_of_it),
        cmocka_unit_test(both_schemas_have_the_same_columns),
        cmocka_unit_test(analysts_have_no_other_way_to_raw_text),
        cmocka_unit_test(functions_of_analysts_see_masked_text),
        cmocka_unit_test(each_role_asks_what_it_may),
        cmocka_unit_test(masking_takes_out_what_it_says),
        cmocka_unit_test(masked_columns_follow_the_text),
    };
    return cmocka_run_group_tests(tests, filled, pgtest_teardown);
}
