/*
 * What one decision costs, against a real PostgreSQL: it is correlated as a part, and reads as many
 * rows in a long history as in a short one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "app/correlate_all.h"
#include "hindcast/casebook.h"
#include "tests/lib/pgtest.h"

#define FEW 300
#define MANY (10 * FEW)

static struct err err;
static struct correlation_config config;
static struct arena arena;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

/* So many alerts of a scope, two hours after each other. */
static void
deliver(const char *scope, int count)
{
    char sql[1600];
    snprintf(
        sql, sizeof(sql),
        "WITH s AS (UPDATE evidence.stream SET seq = seq + 1, next_offset = coalesce(next_offset, "
        "0) + %d RETURNING stream_id, seq, next_offset - %d AS at), b AS (INSERT INTO "
        "evidence.batch (stream_id, seq, first_offset, next_offset, records, events, "
        "decoder_version, kind, scopes) SELECT stream_id, seq, at, at + %d, 0, 0, 1, 'kafka', "
        "'{%s}' FROM s) INSERT INTO ingest.event (stream_id, record_offset, idx, event_time, "
        "scope, kind, record_kind, phase, precision, time_source, format, source, service, "
        "fingerprint, title, severity, uid) SELECT stream_id, at + n, 0, '2020-03-01 "
        "00:00+00'::timestamptz + n * interval '2 hours', '%s', 'alert', 'alert', 'trigger', 's', "
        "'native', 'test', 'mon', 'svc' || n %% 7, 'fp' || n, 'down', 21, md5('%s' || n)::uuid "
        "FROM s, generate_series(0, %d) n",
        count, count, count, scope, scope, scope, count - 1);
    pgtest_run(sql);
}

static void
correlate(size_t parts)
{
    struct correlate_summary summary;
    struct store *store = pgtest_open("hindcast_correlate");
    need(correlate_all(store, &config, CORRELATE_SHARED, NULL, &summary, &err));
    assert_int_equal(summary.parts, parts);
    store_close(store);
}

static struct sv
uid_of(const char *scope, int n)
{
    char sql[120];
    snprintf(sql, sizeof(sql), "SELECT md5('%s' || %d)", scope, n);
    char *text = pgtest_value(sql);
    struct sv uid = arena_copy(&arena, sv_from(text));
    free(text);
    return uid;
}

/* Merges the incidents of the alerts in the middle, and says something of it. */
static void
decide(const char *scope, int n)
{
    struct store *store = pgtest_open("hindcast_responder");
    struct decision decision = {.verb = DECISION_MERGE,
                                .at_ns = INT64_C(1772100000) * NS_PER_S + n,
                                .author = SV("mia.roth"),
                                .incident = uid_of(scope, n),
                                .target = uid_of(scope, n + 1),
                                .time_ns = TIME_NONE};
    size_t fresh;
    need(decision_seal(&arena, &decision, &err));
    need(casebook_decide(store, &arena, sv_from(scope), &decision, 1, &fresh, &err));
    assert_int_equal(fresh, 1);
    store_close(store);
}

/* Rows and entries of indexes that a step over one decision reads. */
static int64_t
rows_of_a_decision(const char *scope, int count)
{
    static const char rows[] =
        "SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE schemaname IN "
        "('correlate', 'ingest', 'evidence')) + (SELECT sum(idx_tup_read) FROM "
        "pg_stat_user_indexes WHERE schemaname IN ('correlate', 'ingest', 'evidence'))";
    deliver(scope, count);
    correlate(0);
    decide(scope, 10);
    correlate(1); /* the first step after the whole */
    pgtest_run("ANALYZE");
    decide(scope, count / 2);
    int64_t before = pgtest_int(rows);
    correlate(1);
    return pgtest_int(rows) - before;
}

static void
a_decision_costs_the_same_in_a_long_history(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    pgtest_run("INSERT INTO evidence.stream (cluster_id, topic, incarnation, partition, seq) "
               "VALUES ('c', 'alerts', 1, 0, 0)");
    correlation_config_default(&config);
    int64_t few = rows_of_a_decision("few", FEW), many = rows_of_a_decision("many", MANY);
    print_message("one decision among %d alerts reads %lld rows, among %d %lld\n", FEW,
                  (long long)few, MANY, (long long)many);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.incident WHERE scope = 'many'"),
                     MANY - 2);
    /* Ten times the history; small tables are read by other plans, which is some dozens of rows. */
    assert_true(few > 0 && many < 2 * few);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decision_costs_the_same_in_a_long_history)};
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
