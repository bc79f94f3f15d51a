/*
 * What one step costs, against a real PostgreSQL: many alerts that come at once are looked at once
 * each, not each beside all others; one in a long history reads as much as in a short one; and
 * numbers of scopes do not run out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "app/correlate_all.h"
#include "tests/lib/pgtest.h"

#define ALERTS 60 /* of the smaller batch; the larger one has twice as many */

static struct err err;
static struct correlation_config config;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

/* So many alerts in one batch, so many minutes after each other, behind all that came. */
static void
deliver(const char *scope, int count, int minutes)
{
    char sql[1800];
    snprintf(
        sql, sizeof(sql),
        "WITH s AS (UPDATE evidence.stream SET seq = seq + 1, next_offset = coalesce(next_offset, "
        "0) + %d RETURNING stream_id, seq, next_offset - %d AS at), b AS (INSERT INTO "
        "evidence.batch (stream_id, seq, first_offset, next_offset, records, events, "
        "decoder_version, kind, scopes) SELECT stream_id, seq, at, at + %d, 0, 0, 1, 'kafka', "
        "'{%s}' FROM s) INSERT INTO ingest.event (stream_id, record_offset, idx, event_time, "
        "scope, kind, record_kind, phase, precision, time_source, format, source, service, "
        "fingerprint, title, severity, uid) SELECT stream_id, at + n, 0, coalesce((SELECT "
        "max(event_time) FROM ingest.event WHERE scope = '%s'), '1990-01-01 00:00+00') + (n + 1) * "
        "interval '%d minutes', '%s', 'alert', 'alert', 'trigger', 's', 'native', 'test', 'mon', "
        "'svc' || (at + n) %% 7, 'fp' || at + n, 'down', 21, md5((at + n)::text)::uuid FROM s, "
        "generate_series(0, %d) n",
        count, count, count, scope, scope, minutes, scope, count - 1);
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

/* How often a step over so many alerts looked into the kept nodes. */
static int64_t
looks_for(int count)
{
    static const char looks[] =
        "SELECT sum(idx_scan) FROM pg_stat_user_indexes WHERE relname = 'group_node'";
    int64_t before = pgtest_int(looks);
    deliver("many", count, 10);
    correlate(1);
    return pgtest_int(looks) - before;
}

static void
twice_as_many_alerts_cost_twice_as_much(void **state)
{
    (void)state;
    pgtest_run("INSERT INTO evidence.stream (cluster_id, topic, incarnation, partition, seq) "
               "VALUES ('c', 'alerts', 1, 0, 0)");
    correlation_config_default(&config);
    deliver("many", ALERTS, 10);
    correlate(0);
    int64_t few = looks_for(ALERTS), many = looks_for(2 * ALERTS);
    print_message("%d alerts: %lld looks into kept nodes, %d alerts: %lld\n", ALERTS,
                  (long long)few, 2 * ALERTS, (long long)many);
    assert_true(few > 0 && many < few * 5 / 2);
}

/* Rows and index entries of what is derived and kept that one alert more reads. */
static int64_t
reads_of_one(const char *scope)
{
    static const char reads[] =
        "SELECT (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname = "
        "'correlate') + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE schemaname = "
        "'correlate' AND relname NOT IN ('cursor', 'lock'))";
    int64_t before = pgtest_int(reads);
    deliver(scope, 1, 12 * 60);
    correlate(1);
    return pgtest_int(reads) - before;
}

/* So many alerts that are an incident each, and another one, that makes the groups be kept. */
static void
make_history(const char *scope, int alerts)
{
    deliver(scope, alerts, 12 * 60);
    correlate(0);
    deliver(scope, 1, 12 * 60);
    correlate(1);
}

/* In tables that nobody analyzed: what PostgreSQL thinks of a scope is then as wrong as where the
 * others have few rows and this one has many. */
static void
a_long_history_is_not_read(void **state)
{
    (void)state;
    pgtest_run("DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT oid FROM pg_class WHERE relkind = "
               "'r' AND relnamespace IN ('correlate'::regnamespace, 'review'::regnamespace) LOOP "
               "EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', t); END LOOP; END "
               "$$");
    make_history("short", 100);
    int64_t few = reads_of_one("short");
    make_history("long", 2000);
    int64_t many = reads_of_one("long");
    print_message("one alert more: %lld rows and entries, of 2,000 nodes %lld\n", (long long)few,
                  (long long)many);
    assert_true(many < few * 3 / 2 && many < 1000);
}

/* One alert of very many keys (a trace each) and a long name: more than is asked for at once. */
static void
what_is_too_much_for_a_part_is_computed_whole(void **state)
{
    (void)state;
    static const char more[] =
        "WITH s AS (UPDATE evidence.stream SET seq = seq + 1, next_offset = next_offset + %d "
        "RETURNING stream_id, seq, next_offset - %d AS at), b AS (INSERT INTO evidence.batch "
        "(stream_id, seq, first_offset, next_offset, records, events, decoder_version, kind, "
        "scopes) SELECT stream_id, seq, at, at + %d, 0, 0, 1, 'kafka', '{large}' FROM s) INSERT "
        "INTO ingest.event (stream_id, record_offset, idx, event_time, scope, kind, record_kind, "
        "phase, precision, time_source, format, source, trace_id, fingerprint, title, severity, "
        "uid) SELECT stream_id, at + n, 0, '2026-03-01 00:00+00', 'large', 'alert', 'alert', "
        "'trigger', 's', 'native', 'test', repeat(E'\\x01', "
        "1000), 'trace' || at + n, 'fp', 'down', 21, md5((at + n)::text)::uuid FROM s, "
        "generate_series(0, %d) n";
    static const int counts[] = {11500, 1};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        char sql[1800];
        snprintf(sql, sizeof(sql), more, counts[i], counts[i], counts[i], counts[i] - 1);
        pgtest_run(sql);
        correlate(0);
    }
    assert_int_equal(pgtest_int("SELECT records FROM correlate.incident WHERE scope = 'large'"),
                     11501);
}

/* Its numbers are 2^31: a correlator that follows takes more steps than that. */
static void
steps_use_up_no_numbers_of_scopes(void **state)
{
    (void)state;
    pgtest_run("ALTER TABLE correlate.group_scope ALTER scope_no RESTART WITH 2147483647");
    for (int i = 0; i < 3; i++) {
        deliver("many", 1, 10);
        correlate(1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twice_as_many_alerts_cost_twice_as_much),
        cmocka_unit_test(a_long_history_is_not_read),
        cmocka_unit_test(what_is_too_much_for_a_part_is_computed_whole),
        cmocka_unit_test(steps_use_up_no_numbers_of_scopes)};
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
