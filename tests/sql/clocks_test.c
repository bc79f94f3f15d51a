/*
 * What the stored records tell of clocks: appends count where the broker's clock timed them, and
 * only there; precision, bounds in time and roles. Lines of hosts with known offsets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "correlate/clock/offsets.h"
#include "hindcast/delivery.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

#define TIME_2026 (INT64_C(1767225600) * NS_PER_S)
#define LINES 40
#define AHEAD_NS (7 * NS_PER_S)

static struct err err;
static struct arena arena;
static struct store *writer;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

/* A line a second, each appended 2 to 41 ms after it was written, by a clock that is ahead. */
static void
deliver(const char *topic, const char *host, enum timestamp_type type,
        enum time_precision precision)
{
    bool fenced;
    struct stream stream;
    struct batch *batch = batch_new(NULL);
    need(store_claim(writer, "c", topic, 0, "me", &stream, &err));
    for (int i = 0; i < LINES; i++) {
        int64_t true_ns = TIME_2026 + i * NS_PER_S;
        struct record record = {.topic = sv_from(topic),
                                .offset = i,
                                .kafka_time_ns = true_ns + (2 + (i * 7) % LINES) * NS_PER_MS,
                                .timestamp_type = type,
                                .value = SV("line")};
        struct event event = {.scope = SV("default"),
                              .kind = EVENT_LOG,
                              .record_kind = RECORD_LOG,
                              .format = SV("test"),
                              .host = sv_from(host),
                              .source = SV("app"),
                              .event_time_ns = true_ns + AHEAD_NS,
                              .precision = precision,
                              .time_source = TIME_SOURCE_NATIVE,
                              .body = SV("body")};
        struct decode_result result = {.status = DECODE_OK};
        batch_add(batch, &stream, &record, OUTCOME_STORED, &event, 1, &result);
    }
    need(store_commit(writer, batch, &stream, 1, &fenced, &err));
    batch_free(batch);
}

static struct clock_offsets
offsets_of(int64_t since_ns, int64_t until_ns, int64_t append_us)
{
    struct clock_sample *samples;
    struct clock_offsets offsets;
    size_t count;
    struct store *reader = pgtest_open("hindcast_correlate");
    need(store_read_begin(reader, READ_RECORDS, &err));
    need(store_clock_samples(reader, &arena, since_ns, until_ns, CLOCK_SAMPLES_MAX, &samples,
                             &count, &err));
    store_read_end(reader);
    store_close(reader);
    need(clock_offsets(&arena, samples, count, append_us, &offsets, &err));
    return offsets;
}

static void
appends_of_the_broker_prove_a_clock_ahead(void **state)
{
    (void)state;
    struct clock_offsets offsets = offsets_of(TIME_NONE, TIME_NONE, -1);
    assert_true(sv_empty(offsets.reference));
    assert_int_equal(offsets.count, 2); /* none of the producer's clock */
    const struct clock_interval *fine = clock_offset_of(&offsets, SV("fine"));
    assert_non_null(fine);
    assert_int_equal(fine->samples, LINES);
    assert_true(fine->applies);
    /* The quickest append took 2 ms, Kafka cuts to a millisecond, and there is slack. */
    assert_true(fine->lo_us == 7000000 - 2000 - 1000 - CLOCK_SLACK_US);
    assert_true(fine->hi_us == CLOCK_OPEN_US);
    const struct clock_interval *coarse = clock_offset_of(&offsets, SV("coarse"));
    assert_true(coarse->lo_us == fine->lo_us);
    offsets = offsets_of(TIME_NONE, TIME_NONE, 5000);
    fine = clock_offset_of(&offsets, SV("fine"));
    assert_true(fine->lo_us <= 7000000 && fine->hi_us >= 7000000 && fine->hi_us < 7010000);
}

static void
bounds_in_time_hold(void **state)
{
    (void)state;
    struct clock_offsets offsets = offsets_of(TIME_2026 + AHEAD_NS + 10 * NS_PER_S, TIME_NONE, -1);
    assert_int_equal(clock_offset_of(&offsets, SV("fine"))->samples, LINES - 10);
    offsets = offsets_of(TIME_NONE, TIME_2026 + AHEAD_NS + 10 * NS_PER_S, -1);
    assert_int_equal(clock_offset_of(&offsets, SV("fine"))->samples, 10);
    assert_false(clock_offset_of(&offsets, SV("fine"))->applies);
    offsets = offsets_of(TIME_2026 + NS_PER_DAY, TIME_NONE, -1);
    assert_int_equal(offsets.count, 0);
}

static void
more_samples_than_may_be_are_refused(void **state)
{
    struct clock_sample *samples;
    size_t count;
    struct store *reader = pgtest_open("hindcast_correlate");
    (void)state;
    need(store_read_begin(reader, READ_RECORDS, &err));
    need(store_clock_samples(reader, &arena, TIME_NONE, TIME_NONE, 2 * (size_t)LINES, &samples,
                             &count, &err));
    assert_int_equal(count, 2 * LINES);
    assert_int_equal(store_clock_samples(reader, &arena, TIME_NONE, TIME_NONE,
                                         2 * (size_t)LINES - 1, &samples, &count, &err),
                     -1);
    assert_int_equal(err.code, ERR_LIMIT);
    assert_non_null(strstr(err.message, "more than 79 pairs"));
    store_read_end(reader);
    store_close(reader);
}

static void
only_who_reads_records_may(void **state)
{
    (void)state;
    static const char *const roles[] = {"hindcast_analyst", "hindcast_responder",
                                        "hindcast_ingest"};
    for (size_t i = 0; i < 3; i++) {
        struct clock_sample *samples;
        size_t count;
        struct store *store = pgtest_open(roles[i]);
        err = (struct err){0};
        assert_int_equal(store_clock_samples(store, &arena, TIME_NONE, TIME_NONE, CLOCK_SAMPLES_MAX,
                                             &samples, &count, &err),
                         -1);
        assert_string_equal(err.sqlstate, "42501");
        store_close(store);
    }
}

static int
set_up(void **state)
{
    int status = pgtest_setup(state);
    arena_init(&arena, 0);
    writer = pgtest_open("hindcast_ingest");
    deliver("appended", "fine", TIMESTAMP_APPEND, PRECISION_MICROSECOND);
    deliver("coarse", "coarse", TIMESTAMP_APPEND, PRECISION_SECOND);
    deliver("produced", "producer", TIMESTAMP_CREATE, PRECISION_MICROSECOND);
    return status;
}

static int
tear_down(void **state)
{
    store_close(writer);
    arena_release(&arena);
    return pgtest_teardown(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_of_the_broker_prove_a_clock_ahead),
        cmocka_unit_test(bounds_in_time_hold),
        cmocka_unit_test(more_samples_than_may_be_are_refused),
        cmocka_unit_test(only_who_reads_records_may),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
