/*
 * Ingest under pressure, against a real Kafka and a real PostgreSQL with a proxy in between: a slow
 * and an absent database, a connection lost in COMMIT, a dropped partition, records that PostgreSQL
 * refuses, topics with holes, clocks that are wrong. Afterwards the rows are exactly those that
 * were sent and the ledger adds up.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "tests/lib/ingestrun.h"
#include "tests/lib/kafkafeed.h"
#include "tests/lib/kafkatest.h"
#include "tests/lib/pgproxy.h"
#include "tests/lib/pgtest.h"

#define PARTITIONS 3

static char topic[64], group[64];
static char port[16];
static struct pgproxy *proxy;
static int topics;

/* The way to PostgreSQL leads through the proxy. */
static const char *const through_proxy[] = {"PGHOST",  "127.0.0.1",    "PGPORT",  port, "PGSSLMODE",
                                            "disable", "PGGSSENCMODE", "disable", NULL};

static int64_t
number(const char *format)
{
    char sql[800];
    snprintf(sql, sizeof(sql), format, topic);
    return pgtest_int(sql);
}

static void
nap(void)
{
    nanosleep(&(struct timespec){0, 50 * NS_PER_MS}, NULL);
}

static void
new_names(void)
{
    snprintf(topic, sizeof(topic), "pressure-%ld-%d", (long)getpid(), ++topics);
    snprintf(group, sizeof(group), "%s", topic);
}

/* ---- a slow and an absent database ---- */

#define BACKLOG 20000
#define BACKLOG_PADDING 3000
#define GROWTH_KIB_MAX (48 * 1024)
#define SESSION_MS "1500"
#define POLL_MS "2000"
#define HELD_NS (3 * NS_PER_S) /* longer than either */

/* Memory stays bounded and the member stays in its group while the proxy is in this mode. */
static void
hold(pid_t pid, enum proxy_mode mode, int64_t before_kib, const char *member)
{
    char id[128], state[32];
    int64_t until = clock_monotonic_ns() + HELD_NS;
    pgproxy_set(proxy, mode);
    while (clock_monotonic_ns() < until) {
        assert_int_equal(kafkafeed_members(group, id, state), 1);
        assert_string_equal(state, "Stable");
        assert_string_equal(id, member);
        int64_t grown = ingestrun_memory(pid, "VmHWM") - before_kib;
        if (grown > GROWTH_KIB_MAX)
            fail_msg("%lld KiB more than before", (long long)grown);
        nap();
    }
}

static void
a_database_that_is_away_costs_neither_membership_nor_memory(void **state)
{
    const char *const settings[] = {"PGHOST",
                                    "127.0.0.1",
                                    "PGPORT",
                                    port,
                                    "PGSSLMODE",
                                    "disable",
                                    "PGGSSENCMODE",
                                    "disable",
                                    "HINDCAST_RDKAFKA_SESSION_TIMEOUT_MS",
                                    SESSION_MS,
                                    "HINDCAST_RDKAFKA_MAX_POLL_INTERVAL_MS",
                                    POLL_MS,
                                    NULL};
    char member[128], group_state[32];
    (void)state;
    ingestrun_padding = 0;
    kafkafeed_send(topic, PARTITIONS, 0, 300, ingestrun_line, NULL, true);
    pid_t pid = ingestrun_start(topic, group, false, settings);
    ingestrun_wait_records(pid, topic, 300);
    assert_int_equal(kafkafeed_members(group, member, group_state), 1);
    int64_t before = ingestrun_memory(pid, "VmHWM");
    pgproxy_set(proxy, PROXY_STALL);
    ingestrun_padding = BACKLOG_PADDING;
    kafkafeed_send(topic, PARTITIONS, 300, BACKLOG, ingestrun_line, NULL, true);
    ingestrun_padding = 0;
    hold(pid, PROXY_STALL, before, member);
    assert_true(pgproxy_waiting(proxy) > 0);
    assert_true(number("SELECT sum(records) FROM evidence.stream WHERE topic = '%s'") < 2000);
    hold(pid, PROXY_REFUSE, before, member);
    pgproxy_set(proxy, PROXY_PASS);
    ingestrun_wait_records(pid, topic, BACKLOG);
    assert_int_equal(number("SELECT max(epoch) FROM evidence.stream WHERE topic = '%s'"), 1);
    ingestrun_stop(pid);
    ingestrun_check(topic, BACKLOG, "true");
}

/* ---- COMMIT ---- */

static void
an_unknown_outcome_is_read_from_the_row(void **state)
{
    (void)state;
    kafkafeed_send(topic, PARTITIONS, 0, 4000, ingestrun_line, NULL, true);
    pgproxy_set(proxy, PROXY_CUT_ALTERNATING);
    ingestrun_finish(ingestrun_start(topic, group, true, through_proxy));
    assert_true(pgproxy_cut_before(proxy) >= 2);
    assert_true(pgproxy_cut_after(proxy) >= 2);
    ingestrun_check(topic, 4000, "true");
    assert_int_equal(number("SELECT max(epoch) FROM evidence.stream WHERE topic = '%s'"), 1);
}

/* ---- tables ---- */

static void
dropped_partitions_are_made_again(void **state)
{
    char sql[200];
    (void)state;
    kafkafeed_send(topic, PARTITIONS, 0, 1000, ingestrun_line, NULL, true);
    pid_t pid = ingestrun_start(topic, group, false, NULL);
    ingestrun_wait_records(pid, topic, 1000);
    char *log = pgtest_value("SELECT name FROM evidence.partition WHERE parent = 'ingest.log'"
                             " AND '2026-03-01'::date >= lo AND '2026-03-01'::date < hi");
    char *segment = pgtest_value("SELECT tableoid::regclass FROM evidence.segment"
                                 " ORDER BY day DESC LIMIT 1");
    snprintf(sql, sizeof(sql), "DROP TABLE %s, %s", log, segment);
    pgtest_run(sql);
    free(log);
    free(segment);
    kafkafeed_send(topic, PARTITIONS, 1000, 2000, ingestrun_line, NULL, true);
    ingestrun_wait_records(pid, topic, 2000);
    ingestrun_stop(pid);
    ingestrun_check(topic, 2000, "i >= 1000");
    assert_int_equal(number("SELECT sum(quarantined) FROM evidence.stream WHERE topic = '%s'"), 0);
}

/* The whole way of a record that only PostgreSQL refuses; tests/sql has the details. */
static void
refused_records_are_quarantined(void **state)
{
    (void)state;
    pgtest_run("ALTER TABLE ingest.log ADD CONSTRAINT no_sevens CHECK"
               " (body NOT LIKE 'line %77') NOT VALID");
    kafkafeed_send(topic, PARTITIONS, 0, 1000, ingestrun_line, NULL, true);
    ingestrun_finish(ingestrun_start(topic, group, true, NULL));
    pgtest_run("ALTER TABLE ingest.log DROP CONSTRAINT no_sevens");
    ingestrun_check(topic, 1000, "i % 100 <> 77");
    assert_int_equal(number("SELECT sum(quarantined) FROM evidence.stream WHERE topic = '%s'"), 10);
    assert_int_equal(number("SELECT count(*) FROM evidence.quarantine JOIN evidence.stream USING"
                            " (stream_id) WHERE topic = '%s' AND reason = 'refused'"),
                     10);
}

/* ---- holes ---- */

#define HOLES "SELECT sum(holes) FROM evidence.stream WHERE topic = '%s'"
#define RECORDS "SELECT sum(records) FROM evidence.stream WHERE topic = '%s'"
#define LOST "SELECT sum(lost) FROM evidence.stream WHERE topic = '%s'"
#define GAPS                                                                                       \
    "SELECT count(*) FROM evidence.source_gap JOIN evidence.stream USING (stream_id)"              \
    " WHERE topic = '%s'"

static const char *const holes_expected[] = {"HINDCAST_KAFKA_HOLES", "true", NULL};

/* Every hole is in the ledger: what the topic's ends count and a consumer does not show. */
static void
check_holes(void)
{
    int64_t ends = 0, shown = 0;
    for (int32_t p = 0; p < PARTITIONS; p++) {
        ends += kafkafeed_end(topic, p);
        shown += kafkafeed_count(topic, p);
    }
    assert_true(ends > shown);
    assert_int_equal(number(RECORDS), shown);
    assert_int_equal(number(HOLES), ends - shown);
    assert_int_equal(number(LOST) + number(GAPS), 0);
    assert_int_equal(number("SELECT sum(next_offset) FROM evidence.stream WHERE topic = '%s'"),
                     ends);
}

/* Transactions that commit and abort, with plain records between them and an abort at the end. */
static void
send_transactions(void)
{
    char id[80];
    snprintf(id, sizeof(id), "%s-writer", topic);
    kafkafeed_send(topic, PARTITIONS, 0, 100, ingestrun_line, NULL, true);
    kafkafeed_send(topic, PARTITIONS, 100, 200, ingestrun_line, id, true);
    kafkafeed_send(topic, PARTITIONS, 200, 300, ingestrun_line, id, false);
    kafkafeed_send(topic, PARTITIONS, 300, 400, ingestrun_line, id, true);
    kafkafeed_send(topic, PARTITIONS, 400, 500, ingestrun_line, NULL, true);
    kafkafeed_send(topic, PARTITIONS, 500, 600, ingestrun_line, id, false);
    kafkafeed_forget_writer();
}

/* The same topic once more, into empty tables, with other settings. */
static void
forget_all(void)
{
    pgtest_run("TRUNCATE evidence.stream, evidence.batch, evidence.segment, evidence.quarantine,"
               " evidence.source_gap, ingest.log, ingest.event");
}

static void
holes_of_transactions(void **state)
{
    (void)state;
    send_transactions();
    ingestrun_finish(ingestrun_start(topic, group, true, NULL));
    ingestrun_check(topic, 600, "i NOT BETWEEN 200 AND 299 AND i < 500");
    check_holes();
    forget_all();
    ingestrun_finish(ingestrun_start(topic, group, true, holes_expected));
    check_holes();
    /* Going on after a hole at the end. */
    kafkafeed_send(topic, PARTITIONS, 600, 610, ingestrun_line, NULL, true);
    ingestrun_finish(ingestrun_start(topic, group, true, NULL));
    ingestrun_check(topic, 610, "i NOT BETWEEN 200 AND 299 AND i NOT BETWEEN 500 AND 599");
    check_holes();
}

/*
 * Five keys, written again and again: compaction leaves the last of each and the newest segment,
 * and the first record of each partition, which has a key of its own.
 */
static int64_t
keyed_line(int64_t i, char *ret_key, char *ret_value, int size)
{
    snprintf(ret_key, 16, i < PARTITIONS ? "first %d" : "key %d", (int)(i % 5));
    return ingestrun_line(i, ret_key, ret_value, size);
}

static void
send_compacted(void)
{
    static const struct topic_setting settings[] = {{"cleanup.policy", "compact"},
                                                    {"segment.ms", "100"},
                                                    {"min.cleanable.dirty.ratio", "0.01"}};
    new_names();
    kafkafeed_create(topic, PARTITIONS, settings, 3);
    kafkafeed_send(topic, PARTITIONS, 0, 600, keyed_line, NULL, true);
    int64_t until = clock_monotonic_ns() + INGESTRUN_WAIT_S * NS_PER_S;
    /* A segment is closed by the first record that comes after its time. */
    for (int64_t i = 600;; i += PARTITIONS) {
        kafkafeed_send(topic, PARTITIONS, i, i + PARTITIONS, keyed_line, NULL, true);
        bool all = true;
        for (int32_t p = 0; p < PARTITIONS && all; p++)
            all = kafkafeed_count(topic, p) < 100;
        if (all)
            break;
        if (clock_monotonic_ns() > until)
            fail_msg("the topic was not compacted");
    }
}

static void
check_compacted(void)
{
    assert_int_equal(number("SELECT count(*) FROM analyst.ledger WHERE topic = '%s' AND adds_up"),
                     PARTITIONS);
    assert_true(number(HOLES) > 3 * 100);
    /* The last value of each key was never compacted away. */
    assert_int_equal(
        number("SELECT count(DISTINCT split_part(body, ' ', 2)::bigint % 5) FROM"
               " ingest.log JOIN evidence.stream USING (stream_id) WHERE topic = '%s'"),
        5);
    assert_int_equal(number(RECORDS " AND records = stored"), number(RECORDS));
    assert_int_equal(number(LOST) + number(GAPS), 0);
}

static void
holes_of_compaction(void **state)
{
    (void)state;
    send_compacted();
    ingestrun_finish(ingestrun_start(topic, group, true, NULL));
    check_compacted();
    forget_all();
    ingestrun_finish(ingestrun_start(topic, group, true, holes_expected));
    check_compacted();
}

/* ---- clocks ---- */

/* Kafka times from 1971 to 2099, jumping back and forth; every third event time is absurd, too. */
static int64_t
wild_line(int64_t i, char *ret_key, char *ret_value, int size)
{
    static const int64_t years[] = {1, 56, 129, 30, 100};
    static const char *const times[] = {"2026-03-01T10:00:00Z", "0001-01-01T00:00:00Z",
                                        "9999-12-31T23:59:59Z"};
    (void)ret_key;
    snprintf(ret_value, (size_t)size,
             "{\"timestamp\":\"%s\",\"level\":\"info\",\"message\":\"line %lld\"}", times[i % 3],
             (long long)i);
    return years[i % 5] * 365 * 86400 * 1000 + i;
}

static void
clocks_that_jump_between_records(void **state)
{
    static const struct topic_setting settings[] = {
        {"message.timestamp.after.max.ms", "9223372036854775807"}, {"retention.ms", "-1"}};
    (void)state;
    new_names();
    kafkafeed_create(topic, PARTITIONS, settings, 2);
    kafkafeed_send(topic, PARTITIONS, 0, 1000, wild_line, NULL, true);
    ingestrun_finish(ingestrun_start(topic, group, true, NULL));
    ingestrun_check(topic, 1000, "true");
    assert_int_equal(number("SELECT count(*) FROM ingest.log JOIN evidence.stream USING (stream_id)"
                            " WHERE topic = '%s' AND (event_time < '1970-01-01' OR event_time >"
                            " '2100-01-01' OR event_time > kafka_time + interval '1 day')"),
                     0);
    /* Where the record's own time is no moment of a table, or days after Kafka's, Kafka's stands
     * in. */
    assert_int_equal(number("SELECT count(*) FROM ingest.log JOIN evidence.stream USING (stream_id)"
                            " WHERE topic = '%s' AND time_source = 'kafka'"
                            " AND event_time = kafka_time"),
                     666 + 201);
    assert_int_equal(number("SELECT count(*) FROM ingest.log JOIN evidence.stream USING (stream_id)"
                            " WHERE topic = '%s' AND time_source = 'native'"
                            " AND event_time = '2026-03-01 10:00:00+00'"),
                     334 - 201);
    assert_int_equal(number("SELECT count(*) FROM ingest.log JOIN evidence.stream USING (stream_id)"
                            " WHERE topic = '%s' AND time_source = 'kafka'"
                            " AND source_time_text = '2026-03-01T10:00:00Z'"),
                     201);
}

/* ---- set-up ---- */

static int
new_topic(void **state)
{
    (void)state;
    new_names();
    kafkafeed_create(topic, PARTITIONS, NULL, 0);
    pgproxy_set(proxy, PROXY_PASS);
    return 0;
}

static int
set_up(void **state)
{
    proxy = pgproxy_start();
    snprintf(port, sizeof(port), "%d", pgproxy_port(proxy));
    return pgtest_setup(state);
}

static int
tear_down(void **state)
{
    pgproxy_stop(proxy);
    return pgtest_teardown(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_database_that_is_away_costs_neither_membership_nor_memory,
                               new_topic),
        cmocka_unit_test_setup(an_unknown_outcome_is_read_from_the_row, new_topic),
        cmocka_unit_test_setup(dropped_partitions_are_made_again, new_topic),
        cmocka_unit_test_setup(refused_records_are_quarantined, new_topic),
        cmocka_unit_test_setup(holes_of_transactions, new_topic),
        cmocka_unit_test(holes_of_compaction),
        cmocka_unit_test(clocks_that_jump_between_records),
    };
    if (kafkatest_brokers() == NULL || getenv("HINDCAST") == NULL) {
        print_message("HINDCAST_KAFKA and HINDCAST are not set\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
