/*
 * What nobody tells a time of: stored apart, counted, found by SQL with file and line, in no
 * timeline, no duplicate too many, no basis for anything that draft suggests; retention takes what
 * nobody reads.
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
#include "hindcast/delivery.h"
#include "hindcast/retention.h"
#include "store/status/overview.h"
#include "tests/lib/pgtest.h"

#define MOMENT_NS (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00Z */

static struct err err;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

static void
add(struct batch *batch, const struct stream *stream, int64_t offset, enum event_kind kind,
    int severity, bool timed, char uid)
{
    struct record record = {.topic = sv_from(stream->topic),
                            .offset = offset,
                            .kafka_time_ns = MOMENT_NS + NS_PER_DAY,
                            .timestamp_type = TIMESTAMP_CREATE,
                            .value = uid != '\0' ? SV("same") : SV("other")};
    struct event event = {.scope = SV("default"),
                          .kind = kind,
                          .record_kind = kind == EVENT_LOG ? RECORD_LOG : RECORD_ALERT,
                          .format = SV("test"),
                          .source = SV("file:api.log"),
                          .severity = severity,
                          .event_time_ns = timed ? MOMENT_NS + offset : TIME_NONE,
                          .precision = timed ? PRECISION_SECOND : PRECISION_NONE,
                          .time_source = timed ? TIME_SOURCE_NATIVE : TIME_SOURCE_ABSENT,
                          .title = SV("title"),
                          .body = SV("body"),
                          .file = SV("logs/api.log"),
                          .line = offset + 1};
    struct decode_result result = {.status = DECODE_OK};
    event.identified = kind != EVENT_LOG || uid != '\0';
    event.uid[0] = (uint8_t)(uid != '\0' ? uid : (char)offset);
    batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, &result);
}

/* 0 and 4 are one alert, once without a time and once with one; 2 is the only notable line. */
static int
deliver(void **state)
{
    struct stream stream;
    bool fenced;
    int status = pgtest_setup(state);
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = batch_new(NULL);
    need(store_claim(store, "c", "t", 0, "me", &stream, &err));
    add(batch, &stream, 0, EVENT_ALERT, 17, false, 'a');
    add(batch, &stream, 1, EVENT_LOG, 9, false, '\0');
    add(batch, &stream, 2, EVENT_LOG, 17, false, '\0');
    add(batch, &stream, 3, EVENT_ALERT, 17, false, '\0');
    need(store_commit(store, batch, &stream, 1, &fenced, &err));
    batch_clear(batch);
    stream.next_offset = 4;
    stream.seq = 1;
    add(batch, &stream, 4, EVENT_ALERT, 17, true, 'a');
    add(batch, &stream, 5, EVENT_LOG, 9, true, '\0');
    need(store_commit(store, batch, &stream, 1, &fenced, &err));
    batch_free(batch);
    store_close(store);
    return status;
}

static void
they_are_stored_apart_and_counted(void **state)
{
    (void)state;
    assert_int_equal(pgtest_int("SELECT count(*) FROM ingest.log_untimed"), 2);
    assert_int_equal(pgtest_int("SELECT count(*) FROM ingest.log WHERE time_source = 'none'"), 2);
    assert_int_equal(pgtest_int("SELECT count(*) FROM ingest.event WHERE event_time = '-infinity'"),
                     2);
    assert_int_equal(pgtest_int("SELECT untimed FROM analyst.ledger WHERE events = 6"), 4);
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.batch WHERE min_event_time IS NULL"
                                " AND max_event_time IS NULL"),
                     1);
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.stream"
                                " WHERE max_event_time = '2026-03-01 10:00+00'"),
                     1);
}

static void
sql_finds_them_and_where_they_lie(void **state)
{
    (void)state;
    char *found = pgtest_value(
        "SELECT string_agg(format('%s %s:%s %s/%s/%s %s', kind, file, line, topic, partition,"
        " record_offset, text), ', ' ORDER BY record_offset) FROM analyst.untimed");
    assert_string_equal(found, "alert logs/api.log:1 t/0/0 title, log logs/api.log:2 t/0/1 title, "
                               "log logs/api.log:3 t/0/2 title, alert logs/api.log:4 t/0/3 title");
    free(found);
}

/* Nobody may write a time and say that there is none, or the other way round. */
static void
times_and_their_source_agree(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "UPDATE ingest.event SET time_source = 'none' WHERE record_offset = 4",
        "UPDATE ingest.event SET time_source = 'native' WHERE record_offset = 0",
        "UPDATE ingest.log_untimed SET time_source = 'native'",
        "UPDATE ingest.event SET event_time = 'infinity' WHERE record_offset = 4",
    };
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        char sql[400];
        snprintf(sql, sizeof(sql),
                 "DO $$ BEGIN %s; RAISE 'was written'; EXCEPTION WHEN check_violation THEN NULL;"
                 " END $$",
                 refused[i]);
        pgtest_run(sql);
    }
}

static void
correlation_reads_them_for_duplicates_alone(void **state)
{
    (void)state;
    struct arena arena;
    struct correlation_input input;
    struct cursor_position *cursor;
    size_t cursor_count;
    struct correlation_config config;
    struct correlation correlation;
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    need(casebook_load(store, &arena, SV("default"), &input, &cursor, &cursor_count, &err));
    assert_int_equal(input.left_out, 0);
    assert_int_equal(input.count, 4); /* the alerts and the notable line */
    assert_true(sv_eq(input.observations[0].event.file, SV("logs/api.log")));
    assert_int_equal(input.observations[0].event.line, 1);
    correlation_config_default(&config);
    need(correlate_run(&arena, &input, &config, &correlation, &err));
    assert_int_equal(correlation.node_count, 1);
    assert_int_equal(correlation.incident_count, 1);
    assert_int_equal(correlation.incidents[0].first_ns, MOMENT_NS + 4);
    assert_int_equal(correlation.incidents[0].entry_count, 1);
    assert_int_equal(correlation.delivery_count, 2);
    assert_int_equal(correlation.deliveries[0].observation->at.offset, 4);
    assert_int_equal(correlation.deliveries[1].rule, BY_TIME);
    correlation.config_digest = SV("");
    need(casebook_save(store, &correlation, cursor, cursor_count, &err));
    char *deliveries = pgtest_value("SELECT string_agg(concat_ws(' ', record_offset, outcome,"
                                    " decided_by, event_time IS NULL), ', ' ORDER BY counts DESC)"
                                    " FROM analyst.deliveries JOIN (SELECT record_offset AS o,"
                                    " counts FROM correlate.delivery) d ON o = record_offset");
    assert_string_equal(deliveries, "4 counts f, 0 duplicate time t");
    free(deliveries);

    struct stored_delivery *rows;
    size_t count;
    need(casebook_deliveries(store, &arena, &rows, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(rows[1].event_time_ns, TIME_NONE);
    store_close(store);
    arena_release(&arena);
}

static void
they_suggest_nothing(void **state)
{
    (void)state;
    struct arena arena;
    struct overview overview;
    struct store *store = pgtest_open(NULL);
    arena_init(&arena, 0);
    need(store_overview(store, &arena, &overview, &err));
    assert_int_equal(overview.busiest_ns, MOMENT_NS);
    assert_int_equal(overview.busiest_events, 1);
    assert_int_equal(overview.row_count, 2);
    for (size_t i = 0; i < overview.row_count; i++) {
        assert_true(overview.rows[i].first_ns / NS_PER_HOUR == MOMENT_NS / NS_PER_HOUR);
        assert_int_equal(overview.rows[i].untimed, 2);
    }
    store_close(store);
    arena_release(&arena);
}

static void
retention_takes_what_nobody_reads(void **state)
{
    (void)state;
    struct retention_limits limits = {.log_days = 2};
    int64_t removed = -1;
    struct store *owner = pgtest_open("hindcast_owner");
    need(retention_untimed(owner, &limits, NS_PER_S, &removed, &err));
    assert_int_equal(removed, 0); /* written today */
    pgtest_run("UPDATE ingest.log_untimed SET ingest_time = ingest_time - interval '3 days'");
    need(retention_untimed(owner, &(struct retention_limits){0}, NS_PER_S, &removed, &err));
    assert_int_equal(removed, 0); /* no limit */
    need(retention_untimed(owner, &limits, NS_PER_S, &removed, &err));
    assert_int_equal(removed, 1);
    assert_int_equal(pgtest_int("SELECT record_offset FROM ingest.log_untimed"), 2);
    store_close(owner);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_stored_apart_and_counted),
        cmocka_unit_test(sql_finds_them_and_where_they_lie),
        cmocka_unit_test(times_and_their_source_agree),
        cmocka_unit_test(correlation_reads_them_for_duplicates_alone),
        cmocka_unit_test(they_suggest_nothing),
        cmocka_unit_test(retention_takes_what_nobody_reads),
    };
    return cmocka_run_group_tests(tests, deliver, pgtest_teardown);
}
