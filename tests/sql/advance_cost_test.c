/*
 * What one step costs, against a real PostgreSQL: many alerts that come at once are looked at once
 * each, not each beside all others; and numbers of scopes do not run out.
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

/* So many alerts in one batch, ten minutes after each other, behind all that came. */
static void
deliver(int count)
{
    char sql[1600];
    snprintf(
        sql, sizeof(sql),
        "WITH s AS (UPDATE evidence.stream SET seq = seq + 1, next_offset = coalesce(next_offset, "
        "0) + %d RETURNING stream_id, seq, next_offset - %d AS at), b AS (INSERT INTO "
        "evidence.batch (stream_id, seq, first_offset, next_offset, records, events, "
        "decoder_version, kind, scopes) SELECT stream_id, seq, at, at + %d, 0, 0, 1, 'kafka', "
        "'{many}' FROM s) INSERT INTO ingest.event (stream_id, record_offset, idx, event_time, "
        "scope, kind, record_kind, phase, precision, time_source, format, source, service, "
        "fingerprint, title, severity, uid) SELECT stream_id, at + n, 0, '2026-03-01 "
        "00:00+00'::timestamptz + (at + n) * interval '10 minutes', 'many', 'alert', 'alert', "
        "'trigger', 's', 'native', 'test', 'mon', 'svc' || (at + n) %% 7, 'fp' || at + n, 'down', "
        "21, md5((at + n)::text)::uuid FROM s, generate_series(0, %d) n",
        count, count, count, count - 1);
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
    deliver(count);
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
    deliver(ALERTS);
    correlate(0);
    int64_t few = looks_for(ALERTS), many = looks_for(2 * ALERTS);
    print_message("%d alerts: %lld looks into kept nodes, %d alerts: %lld\n", ALERTS,
                  (long long)few, 2 * ALERTS, (long long)many);
    assert_true(few > 0 && many < few * 5 / 2);
}

/* Its numbers are 2^31: a correlator that follows takes more steps than that. */
static void
steps_use_up_no_numbers_of_scopes(void **state)
{
    (void)state;
    pgtest_run("ALTER TABLE correlate.group_scope ALTER scope_no RESTART WITH 2147483647");
    for (int i = 0; i < 3; i++) {
        deliver(1);
        correlate(1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(twice_as_many_alerts_cost_twice_as_much),
                                       cmocka_unit_test(steps_use_up_no_numbers_of_scopes)};
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
