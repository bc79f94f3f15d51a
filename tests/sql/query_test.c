/*
 * `hindcast query`: every view in every form, also for a login that may only analyse; each type of
 * a column as each form writes it, byte for byte; filters; one order however rows are stored; as
 * much memory for fifty thousand rows as for few.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "hindcast/casebook.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"
#include "tests/lib/say.h"

#define MANY 50000
#define MEMORY_KIB_MAX (40L * 1024)

static const char *program;

/* As say(); what was printed on either way. */
static int
ask(const char *arguments, struct strbuf *out)
{
    char both[1024];
    snprintf(both, sizeof(both), "%s 2>&1", arguments);
    return say(both, out);
}

static void
expect(const char *arguments, int code, const char *expected)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    int ended = ask(arguments, &out);
    if (ended != code || strcmp(strbuf_view(&out).ptr, expected) != 0)
        fail_msg("%s ended with %d:\n%s\nexpected:\n%s", arguments, ended, strbuf_view(&out).ptr,
                 expected);
    strbuf_release(&out);
}

static void
expect_words(const char *arguments, int code, const char *words)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    int ended = ask(arguments, &out);
    if (ended != code || strstr(strbuf_view(&out).ptr, words) == NULL)
        fail_msg("%s ended with %d, without '%s':\n%s", arguments, ended, words,
                 strbuf_view(&out).ptr);
    strbuf_release(&out);
}

/* ---- every view ---- */

static void
every_view_prints(const char *login)
{
    static const char *const formats[] = {"table", "csv", "jsonl"};
    char arguments[256], list[4096];
    struct strbuf out;
    strbuf_init(&out, 0);
    char *names = pgtest_value("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class c "
                               "WHERE relnamespace = 'analyst'::regnamespace AND relkind = 'v' "
                               "AND has_table_privilege('hindcast_analyst', oid, 'SELECT')");
    snprintf(list, sizeof(list), "%s", names);
    int count = 0;
    for (char *rest = list, *name; (name = strtok_r(rest, " ", &rest)) != NULL; count++)
        for (size_t i = 0; i < 3; i++) {
            snprintf(arguments, sizeof(arguments), "query %s --format %s %s", name, formats[i],
                     login);
            if (ask(arguments, &out) != 0)
                fail_msg("%s: %s", arguments, out.ptr);
        }
    assert_true(count >= 20);
    free(names);
    strbuf_release(&out);
}

static void
every_view_prints_in_every_form(void **state)
{
    char login[160];
    (void)state;
    every_view_prints("");
    snprintf(login, sizeof(login), "--database-conninfo '%s user=query_analyst'",
             pgtest_conninfo());
    pgtest_run("DROP ROLE IF EXISTS query_analyst; "
               "CREATE ROLE query_analyst LOGIN IN ROLE hindcast_analyst");
    every_view_prints(login);
    struct strbuf out;
    char arguments[256];
    strbuf_init(&out, 0);
    snprintf(arguments, sizeof(arguments), "query --format csv %s", login);
    assert_int_equal(ask(arguments, &out), 0);
    assert_non_null(strstr(out.ptr, "\r\ntimeline,"));
    assert_null(strstr(out.ptr, "\r\nresponder."));
    snprintf(arguments, sizeof(arguments), "query timeline --incident latest %s", login);
    expect_words(arguments, 0, "Disk full");
    strbuf_release(&out);
    pgtest_run("DROP ROLE query_analyst");
}

/* A view that is there is denied, not unknown: the exit code of a right that lacks, and the role.
 */
static void
expect_denied(const char *role, const char *const *cases, size_t count)
{
    char arguments[512], statement[256];
    snprintf(statement, sizeof(statement),
             "DROP ROLE IF EXISTS query_denied; CREATE ROLE query_denied LOGIN %s", role);
    pgtest_run(statement);
    for (size_t i = 0; i + 1 < count; i += 2) {
        snprintf(arguments, sizeof(arguments),
                 "query %s --database-conninfo '%s user=query_denied'", cases[i],
                 pgtest_conninfo());
        expect_words(arguments, 4, cases[i + 1]);
    }
    pgtest_run("DROP ROLE query_denied");
}

static void
a_login_without_a_role_is_told_which(void **state)
{
    static const char analyst[] = "query needs the role hindcast_analyst";
    static const char responder[] = "of responder need the role hindcast_responder";
    (void)state;
    expect_denied("",
                  (const char *[]){"", analyst, "incidents", analyst, "analyst.incidents", analyst,
                                   "--columns durations", analyst},
                  8);
    expect_denied("IN ROLE hindcast_ingest", (const char *[]){"incidents", analyst}, 2);
    expect_denied(
        "IN ROLE hindcast_analyst",
        (const char *[]){"responder.timeline", responder, "--columns responder.logs", responder},
        4);
}

static void
the_list_says_what_there_is(void **state)
{
    struct strbuf out;
    (void)state;
    strbuf_init(&out, 0);
    assert_int_equal(ask("query --format jsonl", &out), 0);
    assert_non_null(
        strstr(out.ptr, "{\"view\":\"incidents\",\"comment\":\"One row per incident\"}\n"));
    strbuf_release(&out);
    expect_words("query --columns durations --format csv", 0, "\r\nscope,text,");
    expect_words("query incident", 1, "did you mean 'incidents'?");
    expect_words("query no_such_thing_at_all", 1, "'hindcast query' lists them");
    expect_words("query 'timeline; DROP TABLE x'", 1, "there is no view");
    expect_words("query timeline ledger", 2, "one view");
    expect_words("query --columns", 2, "--columns needs a view");
    expect_words("query --since 2026-03-01", 2, "--since needs a view");
    expect_words("query --until 2026-03-01", 2, "--until needs a view");
    expect_words("query --service api", 2, "--service needs a view");
    expect_words("query --incident latest", 2, "--incident needs a view");
    expect_words("query --scope s1", 2, "--scope needs a view");
}

/* ---- each type ---- */

static void
each_type_is_written_as_it_says(void **state)
{
    (void)state;
    pgtest_run(
        "CREATE VIEW analyst.odd AS SELECT * FROM (VALUES "
        "(timestamptz '2026-03-01 11:00:00.5+01', -5, 'NaN'::float8, true, '=1+1, \"x\"',"
        " ARRAY['a', NULL], '{\"a\": [1,\n2]}'::json, interval '90 min', '2026-03-01'::date),"
        "(NULL, NULL, '-Infinity', false, NULL, '{}', 'null', interval '-1.5 s', NULL),"
        "('infinity', 7, 1e30, NULL, e'a\\nb', NULL, NULL, NULL, '2026-03-02')) "
        "v(at, n, f, b, t, list, j, span, day); "
        "COMMENT ON VIEW analyst.odd IS 'odd'; "
        "GRANT SELECT ON analyst.odd TO hindcast_correlate");
    expect("query odd --format csv", 0,
           "at,n,f,b,t,list,j,span,day\r\n"
           "2026-03-01T10:00:00.500Z,-5,NaN,true,\"'=1+1, \"\"x\"\"\",\"[\"\"a\"\", null]\","
           "\"{\"\"a\"\": [1, 2]}\",5400.000000,2026-03-01\r\n"
           ",7,1e+30,,\"a b\",,,,2026-03-02\r\n"
           ",,-Infinity,false,,[],null,-1.500000,\r\n");
    expect("query odd --format jsonl", 0,
           "{\"at\":\"2026-03-01T10:00:00.500Z\",\"n\":-5,\"f\":\"NaN\",\"b\":true,"
           "\"t\":\"=1+1, \\\"x\\\"\",\"list\":[\"a\", null],\"j\":{\"a\": [1, 2]},"
           "\"span\":5400.000000,\"day\":\"2026-03-01\"}\n"
           "{\"at\":null,\"n\":7,\"f\":1e+30,\"b\":null,\"t\":\"a\\nb\",\"list\":null,\"j\":null,"
           "\"span\":null,\"day\":\"2026-03-02\"}\n"
           "{\"at\":null,\"n\":null,\"f\":\"-Infinity\",\"b\":false,\"t\":null,\"list\":[],"
           "\"j\":null,\"span\":-1.500000,\"day\":null}\n");
    expect("query odd --tz Europe/Berlin", 0,
           "at                        n          f  b      t          list         j"
           "                     span  day\n"
           "2026-03-01 11:00:00 CET  -5        NaN  true   =1+1, \"x\"  [\"a\", null]  "
           "{\"a\": [1, 2]}  5400.000000  2026-03-01\n"
           "                          7      1e+30         a b                    "
           "                             2026-03-02\n"
           "                             -Infinity  false             []           null  "
           "           -1.500000  \n");
}

/* ---- filters ---- */

static void
filters_ask_for_what_they_say(void **state)
{
    (void)state;
    pgtest_run("CREATE VIEW analyst.filtered AS SELECT * FROM (VALUES "
               "('2026-03-01 10:00Z'::timestamptz, 's1', 'api', 'INC-2026-0001'),"
               "('2026-03-01 11:00Z', 's1', 'o''hara', NULL),"
               "('2026-03-02 10:00Z', 's2', 'api', NULL)) v(event_time, scope, service, incident); "
               "CREATE VIEW analyst.listed AS SELECT ARRAY['api', 'web'] AS services; "
               "GRANT SELECT ON analyst.filtered, analyst.listed TO hindcast_correlate");
    expect("query filtered --format csv --since 2026-03-01T11:00Z", 0,
           "event_time,scope,service,incident\r\n2026-03-01T11:00:00Z,s1,o'hara,\r\n"
           "2026-03-02T10:00:00Z,s2,api,\r\n");
    expect("query filtered --format csv --since 2026-03-01 --until 2026-03-01T11:00Z", 0,
           "event_time,scope,service,incident\r\n2026-03-01T10:00:00Z,s1,api,INC-2026-0001\r\n");
    expect("query filtered --format csv --service \"o'hara\"", 0,
           "event_time,scope,service,incident\r\n2026-03-01T11:00:00Z,s1,o'hara,\r\n");
    expect("query filtered --format csv --service api --scope s2", 0,
           "event_time,scope,service,incident\r\n2026-03-02T10:00:00Z,s2,api,\r\n");
    expect("query filtered --format jsonl --service ''", 0, "");
    expect("query filtered --format jsonl --scope ''", 0, "");
    expect("query listed --format jsonl --service ''", 0, "");
    expect("query listed --format jsonl --service web", 0, "{\"services\":[\"api\", \"web\"]}\n");
    expect("query listed --format jsonl --service db", 0, "");
    expect_words("query listed --since 2026-03-01", 2, "has no column with times");
    expect_words("query listed --scope s1", 2, "has no column 'scope'");
    expect_words("query listed --incident latest", 2, "has no column 'incident'");
    expect_words("query contract --service x", 2, "has no column 'service'");
    expect_words("query filtered --since yesterday", 2, "--since");
    expect_words("query timeline --incident INC-1999-0001", 1, "there is no incident");
    expect_words("query timeline --incident latest --format csv", 0, "Disk full");
    expect_words("query timeline --incident inc-2026-0001 --format csv", 0, "Errors high");
    expect_words("query durations --incident latest --scope nowhere", 1, "there is no incident");
}

/* ---- order and memory ---- */

static void
one_order_however_rows_are_stored(void **state)
{
    struct strbuf before, after;
    (void)state;
    strbuf_init(&before, 0);
    strbuf_init(&after, 0);
    assert_int_equal(ask("query responder.timeline --format jsonl", &before), 0);
    pgtest_run("CREATE TABLE public.aside AS SELECT * FROM correlate.entry ORDER BY entry_id DESC; "
               "DELETE FROM correlate.entry; "
               "INSERT INTO correlate.entry SELECT * FROM public.aside; DROP TABLE public.aside");
    assert_int_equal(ask("query responder.timeline --format jsonl", &after), 0);
    assert_true(before.len > 500);
    assert_string_equal(before.ptr, after.ptr);
    strbuf_release(&before);
    strbuf_release(&after);
}

/* 50 MB of rows, and no process that printed them had more than some of it. */
static void
many_rows_take_no_memory(void **state)
{
    static const char *const formats[] = {"table", "csv", "jsonl"};
    char command[1024];
    struct rusage usage;
    (void)state;
    snprintf(command, sizeof(command),
             "CREATE VIEW analyst.many AS SELECT n, repeat('x', 1000) AS t "
             "FROM generate_series(1, %d) n; "
             "GRANT SELECT ON analyst.many TO hindcast_correlate",
             MANY);
    pgtest_run(command);
    for (size_t i = 0; i < 3; i++) {
        unsigned long long lines = 0;
        snprintf(command, sizeof(command), "'%s' query many --format %s | wc -l", program,
                 formats[i]);
        FILE *pipe = popen(command, "re");
        assert_non_null(pipe);
        assert_int_equal(fscanf(pipe, "%llu", &lines), 1);
        assert_int_equal(pclose(pipe), 0);
        assert_int_equal(lines, MANY + (i < 2 ? 1 : 0));
    }
    assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
    assert_true(usage.ru_maxrss < MEMORY_KIB_MAX);
}

static int
set_up(void **state)
{
    static const struct cursor_position cursor[] = {{1, 5}};
    struct err err = {0};
    program = getenv("HINDCAST");
    if (program == NULL || pgtest_setup(state) != 0)
        return -1;
    struct store *store = pgtest_open("hindcast_correlate");
    int status = casebook_save(store, sample_correlation(), cursor, 1, &err);
    store_close(store);
    return status;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_view_prints_in_every_form),
        cmocka_unit_test(a_login_without_a_role_is_told_which),
        cmocka_unit_test(the_list_says_what_there_is),
        cmocka_unit_test(each_type_is_written_as_it_says),
        cmocka_unit_test(filters_ask_for_what_they_say),
        cmocka_unit_test(one_order_however_rows_are_stored),
        cmocka_unit_test(many_rows_take_no_memory),
    };
    return cmocka_run_group_tests(tests, set_up, pgtest_teardown);
}
