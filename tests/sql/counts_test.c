/*
 * Counts of what was read: deltas in the transaction of their rows, folding, what is stored already
 * when they come, and the questions they answer. The rule is one: counts are those of the rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "base/strbuf.h"
#include "hindcast/batch.h"
#include "hindcast/counts.h"
#include "hindcast/delivery.h"
#include "hindcast/retention.h"
#include "store/pg/conn.h"
#include "store/status/status.h"
#include "tests/lib/pgtest.h"

#define TIME_2026 (INT64_C(1767225600) * NS_PER_S)
#define RECORDS 240

static struct err err;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

/* Of two services and scopes, log lines and others, with and without a time, over some minutes. */
static struct event
an_event(int64_t number)
{
    static const int severities[] = {0, 9, 13, 17, 21};
    static const enum time_source sources[] = {TIME_SOURCE_NATIVE, TIME_SOURCE_ASSUMED_ZONE,
                                               TIME_SOURCE_INHERITED, TIME_SOURCE_ABSENT};
    enum time_source source = sources[number % 4];
    struct event event = {.scope = number % 7 == 0 ? SV("other") : SV("default"),
                          .kind = number % 5 == 0 ? EVENT_ALERT : EVENT_LOG,
                          .record_kind = number % 5 == 0 ? RECORD_ALERT : RECORD_LOG,
                          .format = number % 3 == 0 ? SV("text") : SV("logfmt"),
                          .service = number % 6 == 0   ? SV("")
                                     : number % 2 == 0 ? SV("cart")
                                                       : SV("he said \"\\pay\""),
                          .severity = severities[number % 5],
                          .event_time_ns = source == TIME_SOURCE_ABSENT
                                               ? TIME_NONE
                                               : TIME_2026 + number * 7 * NS_PER_S,
                          .precision = PRECISION_SECOND,
                          .time_source = source,
                          .title = SV("t"),
                          .body = SV("b")};
    if (number % 60 == 35) {
        event.kind = EVENT_NOTE;
        event.record_kind = RECORD_MANIFEST;
    }
    return event;
}

static void
add(struct batch *batch, const struct stream *stream, int64_t offset)
{
    struct event event = an_event(offset);
    struct decode_result result = {.reason = QUARANTINE_SYNTAX,
                                   .format = offset % 20 == 6 ? SV("json") : SV_NONE,
                                   .detail = SV("no")};
    struct record record = {.topic = sv_from(stream->topic),
                            .partition = stream->partition,
                            .offset = offset,
                            .kafka_time_ns = TIME_2026,
                            .value = SV("v")};
    enum outcome outcome = offset % 10 == 6   ? OUTCOME_QUARANTINED
                           : offset % 20 == 1 ? OUTCOME_EMPTY
                                              : OUTCOME_STORED;
    batch_add(batch, stream, &record, outcome, &event, outcome == OUTCOME_STORED ? 1 : 0, &result);
}

static void
deliver(struct store *store, struct stream *stream, int64_t from, int64_t to)
{
    bool fenced;
    struct batch *batch = batch_new(NULL);
    for (int64_t i = from; i < to; i++)
        add(batch, stream, i);
    need(store_commit(store, batch, stream, 1, &fenced, &err));
    batch_free(batch);
}

static int64_t
deltas(void)
{
    return pgtest_int("SELECT count(*) FROM evidence.delta");
}

static void
counts_are_those_of_the_rows_however_far_folding_is(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_ingest");
    struct store *folder = pgtest_open("hindcast_correlate");
    struct stream stream;
    need(store_claim(store, "c", "all", 0, "me", &stream, &err));
    deliver(store, &stream, 0, RECORDS / 2);
    deliver(store, &stream, RECORDS / 2, RECORDS);
    assert_true(deltas() > 20);
    assert_int_equal(pgtest_counts_differ(), 0);
    /* some of it, twice, the rest */
    for (int i = 0; i < 2; i++) {
        int64_t before = deltas();
        assert_int_equal(pgtest_int("SELECT evidence.fold_deltas(7)"), 7);
        assert_int_equal(deltas(), before - 7);
        assert_int_equal(pgtest_counts_differ(), 0);
    }
    int64_t left = deltas(), folded;
    need(counts_fold(folder, NULL, &folded, &err));
    assert_int_equal(folded, left);
    assert_int_equal(deltas(), 0);
    assert_int_equal(pgtest_counts_differ(), 0);
    need(counts_fold(folder, NULL, &folded, &err));
    assert_int_equal(folded, 0);
    /* deltas of cells that are there already */
    deliver(store, &stream, RECORDS, RECORDS + 50);
    assert_int_equal(pgtest_counts_differ(), 0);
    need(counts_fold(folder, &(bool){true}, &folded, &err));
    assert_int_equal(folded, 0); /* asked to stop */
    need(counts_fold(folder, NULL, &folded, &err));
    assert_int_equal(pgtest_counts_differ(), 0);
    store_close(folder);
    store_close(store);
}

/* The rule itself is seen to be broken, whichever count is wrong. */
static void
a_wrong_count_is_seen(void **state)
{
    (void)state;
    static const char *const breaks[] = {
        "UPDATE evidence.minute SET events = events + 1 WHERE severity = 17",
        "UPDATE evidence.reading SET events = events + 1 WHERE kind = 'log'",
        "UPDATE evidence.reading SET events = events + 1 WHERE kind = 'quarantined'",
    };
    for (size_t i = 0; i < 3; i++) {
        char back[200];
        pgtest_run(breaks[i]);
        assert_true(pgtest_counts_differ() > 0);
        snprintf(back, sizeof(back), "%s", breaks[i]);
        memcpy(strstr(back, "+ 1"), "- 1", 3);
        pgtest_run(back);
    }
    assert_int_equal(pgtest_counts_differ(), 0);
}

static void
a_fenced_batch_counts_nothing(void **state)
{
    (void)state;
    bool fenced;
    struct store *first = pgtest_open("hindcast_ingest"), *second = pgtest_open("hindcast_ingest");
    struct stream mine, theirs;
    need(store_claim(first, "c", "fenced", 0, "first", &mine, &err));
    pgtest_run("UPDATE evidence.stream SET epoch = epoch + 1 WHERE topic = 'fenced'");
    struct batch *batch = batch_new(NULL);
    for (int64_t i = 0; i < 20; i++)
        add(batch, &mine, i);
    assert_int_equal(store_commit(first, batch, &mine, 1, &fenced, &err), -1);
    assert_int_equal(err.code, ERR_FENCED);
    assert_int_equal(deltas(), 0);
    assert_int_equal(pgtest_counts_differ(), 0);
    batch_free(batch);
    need(store_claim(second, "c", "fenced", 0, "second", &theirs, &err));
    deliver(second, &theirs, 0, 20);
    assert_int_equal(pgtest_counts_differ(), 0);
    store_close(second);
    store_close(first);
}

/* Who comes while another one folds goes on without waiting. */
static void
one_folds_at_a_time(void **state)
{
    (void)state;
    int64_t folded, before = deltas();
    struct store *folder = pgtest_open("hindcast_correlate"), *owner = pgtest_open(NULL);
    assert_true(before > 0);
    PQclear(PQexec(owner->pg, "BEGIN"));
    PQclear(PQexec(owner->pg, "SELECT name FROM evidence.lock WHERE name = 'counts' FOR UPDATE"));
    need(counts_fold(folder, NULL, &folded, &err));
    assert_int_equal(folded, 0);
    assert_int_equal(deltas(), before);
    PQclear(PQexec(owner->pg, "ROLLBACK"));
    need(counts_fold(folder, NULL, &folded, &err));
    assert_int_equal(folded, before);
    store_close(owner);
    store_close(folder);
}

/* As in a database from before they were counted. */
static void
what_is_stored_already_is_counted(void **state)
{
    (void)state;
    static const char *const names[] = {"0026_counts.sql", "0029_fold_by_ingest.sql"};
    pgtest_run("DROP VIEW analyst.minutes, analyst.reading CASCADE;"
               "DROP FUNCTION evidence.fold_deltas(bigint);"
               "DROP TABLE evidence.delta, evidence.minute, evidence.reading CASCADE;"
               "DELETE FROM evidence.lock WHERE name = 'counts'");
    for (size_t i = 0; i < 2; i++) {
        struct strbuf script;
        const struct embedded_file *file = embedded_find(embedded_migrations, names[i]);
        assert_non_null(file);
        strbuf_init(&script, 0);
        strbuf_addf(&script, "BEGIN; %s; COMMIT", file->text);
        pgtest_run(script.ptr);
        strbuf_release(&script);
    }
    assert_true(pgtest_int("SELECT sum(events) FROM analyst.minutes") > RECORDS / 2);
    assert_int_equal(pgtest_counts_differ(), 0);
}

/* What a program from before wrote, or retention removed before they were counted, is said. */
static void
what_nobody_counted_is_said(void **state)
{
    (void)state;
    pgtest_run("UPDATE evidence.stream SET events = events + 5, quarantined = quarantined + 1,"
               " stored = stored - 1 WHERE topic = 'all'");
    assert_int_equal(pgtest_int("SELECT events FROM analyst.reading WHERE topic = 'all'"
                                " AND kind = 'uncounted'"),
                     5);
    pgtest_run("UPDATE evidence.stream SET events = events - 5, quarantined = quarantined - 1,"
               " stored = stored + 1 WHERE topic = 'all'");
    assert_int_equal(pgtest_counts_differ(), 0);
}

/* ---- questions ---- */

static void
ask(const struct minute_question *question, struct arena *arena, struct minute_counts **ret,
    size_t *ret_count)
{
    struct store *store = pgtest_open("hindcast_correlate");
    need(counts_minutes(store, arena, question, ret, ret_count, &err));
    store_close(store);
}

static void
minutes_are_asked_for_by_scope_time_and_service(void **state)
{
    (void)state;
    const struct sv services[] = {SV("he said \"\\pay\""), SV("nobody")};
    struct minute_question question = {.scope = SV("default"),
                                       .from_ns = TIME_2026,
                                       .to_ns = TIME_2026 + 20 * NS_PER_MINUTE,
                                       .step_minutes = 1};
    struct minute_counts *minutes;
    struct arena arena;
    size_t count;
    int64_t events = 0, errors = 0;
    arena_init(&arena, 0);
    ask(&question, &arena, &minutes, &count);
    assert_true(count > 15 && count <= 20);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal((minutes[i].from_ns - TIME_2026) % NS_PER_MINUTE, 0);
        assert_true(i == 0 || minutes[i].from_ns > minutes[i - 1].from_ns);
        events += minutes[i].events;
        errors += minutes[i].logs[SEVERITY_ERROR];
    }
#define OF "scope = 'default' AND event_time >= '2026-01-01' AND event_time < '2026-01-01 00:20'"
    assert_int_equal(events, pgtest_int("SELECT (SELECT count(*) FROM ingest.log WHERE " OF ") +"
                                        " (SELECT count(*) FROM ingest.event WHERE " OF ")"));
    assert_int_equal(errors,
                     pgtest_int("SELECT count(*) FROM ingest.log WHERE severity = 17 AND " OF));
    assert_true(errors > 0);

    question.services = services;
    question.service_count = 2;
    ask(&question, &arena, &minutes, &count);
    errors = 0;
    for (size_t i = 0; i < count; i++)
        errors += minutes[i].logs[SEVERITY_ERROR];
    assert_int_equal(errors, pgtest_int("SELECT count(*) FROM ingest.log WHERE severity = 17 AND"
                                        " service = 'he said \"\\pay\"' AND " OF));
    assert_true(errors > 0);

    /* steps of some minutes, which begin where the question does */
    question = (struct minute_question){.scope = SV("default"),
                                        .from_ns = TIME_2026 - 3 * NS_PER_MINUTE,
                                        .to_ns = TIME_2026 + 20 * NS_PER_MINUTE,
                                        .step_minutes = 5};
    ask(&question, &arena, &minutes, &count);
    assert_int_equal(count, 5);
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(minutes[i].from_ns, question.from_ns + (int64_t)i * 5 * NS_PER_MINUTE);
        sum += minutes[i].events;
    }
    assert_int_equal(sum, events);

    /* as far as times go: people move a row to any of these years */
    question.from_ns = TIME_MIN_NS;
    question.to_ns = TIME_MAX_NS / NS_PER_MINUTE * NS_PER_MINUTE;
    question.step_minutes = INT64_C(500) * 24 * 60;
    ask(&question, &arena, &minutes, &count);
    assert_true(count > 0);

    question.scope = SV("nobody");
    ask(&question, &arena, &minutes, &count);
    assert_int_equal(count, 0);
    arena_release(&arena);
}

static void
deliveries_that_another_one_stands_for_are_told(void **state)
{
    (void)state;
    int64_t lines;
    struct store *store = pgtest_open("hindcast_correlate");
    pgtest_run(
        "INSERT INTO correlate.delivery (stream_id, record_offset, event_time, version, idx,"
        " incarnation, partition, counts, uid, scope, topic, kind, format, decided_by)"
        " SELECT 1, n, timestamptz '2026-01-01 00:00+00' + n * interval '1 minute', 0, 0, 1, 0,"
        " n = 0, '00000000000000000000000000000001', 'default', 'all', 'log', 'text',"
        " CASE WHEN n > 0 THEN 'coordinates' END FROM generate_series(0, 3) n");
    need(counts_duplicates(store, SV("default"), TIME_2026, TIME_2026 + 3 * NS_PER_MINUTE, &lines,
                           &err));
    assert_int_equal(lines, 2);
    store_close(store);
}

/* A gap lies between the events around it, as far as there are some. */
static void
gaps_of_offsets_have_a_place_in_time(void **state)
{
    (void)state;
    struct arena arena;
    struct record_gap *gaps;
    size_t count;
    pgtest_run(
        "INSERT INTO evidence.stream (stream_id, cluster_id, topic, partition) VALUES (900, 'c',"
        " 'gap', 3);"
        "INSERT INTO evidence.batch (stream_id, seq, first_offset, next_offset, min_event_time,"
        " max_event_time, records, events, decoder_version, kind) VALUES"
        " (900, 1, 0, 10, '2026-02-01 09:00+00', '2026-02-01 10:00+00', 10, 10, 2, 'kafka'),"
        " (900, 2, 10, 15, NULL, NULL, 0, 0, 2, 'gap'),"
        " (900, 3, 15, 20, '2026-02-01 10:05+00', '2026-02-01 11:00+00', 5, 5, 2, 'kafka');"
        "INSERT INTO evidence.source_gap (stream_id, from_offset, to_offset, kind) VALUES"
        " (900, 10, 15, 'retention'), (900, 20, 20, 'recreated')");
    const int64_t ten = TIME_2026 + 31 * NS_PER_DAY + 10 * NS_PER_HOUR;
    static const char *const roles[] = {"hindcast_correlate", "hindcast_responder",
                                        "hindcast_analyst"};
    arena_init(&arena, 0);
    for (size_t i = 0; i < 3; i++) {
        struct store *store = pgtest_open(roles[i]);
        need(counts_gaps(store, &arena, ten - NS_PER_HOUR, ten + 2 * NS_PER_HOUR, &gaps, &count,
                         &err));
        assert_int_equal(count, 2);
        assert_true(sv_eq(gaps[0].topic, SV("gap")) && gaps[0].partition == 3);
        assert_true(gaps[0].from == 10 && gaps[0].to == 15);
        assert_int_equal(gaps[0].after_ns, ten);
        assert_int_equal(gaps[0].before_ns, ten + 5 * NS_PER_MINUTE);
        assert_true(sv_eq(gaps[1].kind, SV("recreated")) && gaps[1].to == gaps[1].from);
        assert_int_equal(gaps[1].after_ns, ten + NS_PER_HOUR);
        assert_true(gaps[1].before_ns == TIME_NONE);
        need(counts_gaps(store, &arena, ten + NS_PER_DAY, ten + 2 * NS_PER_DAY, &gaps, &count,
                         &err));
        assert_int_equal(count, 0);
        store_close(store);
    }
    arena_release(&arena);
    pgtest_run("DELETE FROM evidence.source_gap WHERE stream_id = 900;"
               "DELETE FROM evidence.batch WHERE stream_id = 900;"
               "DELETE FROM evidence.stream WHERE stream_id = 900");
}

static void
ingest_adds_and_folds_and_does_nothing_else(void **state)
{
    (void)state;
    static const char *const refused[] = {"SELECT count(*) FROM evidence.delta",
                                          "DELETE FROM evidence.delta",
                                          "UPDATE evidence.minute SET events = 0",
                                          "INSERT INTO evidence.reading SELECT 1, 1, '', '', ''"};
    int64_t folded;
    struct store *store = pgtest_open("hindcast_ingest");
    need(counts_fold_some(store, &folded, &err));
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        PGresult *result = PQexec(store->pg, refused[i]);
        assert_string_equal(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42501");
        PQclear(result);
    }
    store_close(store);
}

/* Per topic and format, bounded however many there are. */
static void
status_says_what_was_read(void **state)
{
    (void)state;
    struct arena arena;
    struct store_status status;
    struct store *store = pgtest_open("hindcast_ingest");
    int64_t native = 0, quarantined = 0, manifests = 0, all = 0;
    arena_init(&arena, 0);
    need(store_status(store, &arena, NS_PER_DAY, &status, &err));
    for (size_t i = 0; i < status.reading_count; i++) {
        const struct topic_reading *at = &status.readings[i];
        if (!sv_eq(at->topic, SV("all")))
            continue;
        native += at->events[TIME_SOURCE_NATIVE];
        for (int source = 0; source <= TIME_SOURCE_ABSENT; source++)
            all += at->events[source];
        quarantined += at->quarantined;
        manifests += at->manifests;
        assert_false(at->others);
    }
#define OF_ALL " FROM analyst.ledger WHERE topic = 'all'"
    assert_int_equal(all + manifests, pgtest_int("SELECT events" OF_ALL));
    assert_int_equal(quarantined, pgtest_int("SELECT quarantined" OF_ALL));
    assert_int_equal(manifests, pgtest_int("SELECT count(*) FROM ingest.event JOIN evidence.stream"
                                           " USING (stream_id) WHERE topic = 'all' AND"
                                           " record_kind = 'manifest'"));
    assert_true(native > 0 && manifests > 0 && quarantined > 0);

    pgtest_run("INSERT INTO evidence.stream (stream_id, cluster_id, topic, partition, events, "
               "stored, records,"
               " first_offset, next_offset) VALUES (999, 'c', 'many', 0, 200, 200, 200, 0, 200);"
               "INSERT INTO evidence.delta SELECT 999, NULL, 1 + (n < 10)::integer, 0, 'default', "
               "'', 'log', 'format ' ||"
               " n, 'native' FROM generate_series(0, 189) n");
    need(store_status(store, &arena, NS_PER_DAY, &status, &err));
    size_t rows = 0;
    for (size_t i = 0; i < status.reading_count; i++) {
        const struct topic_reading *at = &status.readings[i];
        if (!sv_eq(at->topic, SV("many")))
            continue;
        assert_int_equal(at->events[TIME_SOURCE_NATIVE], rows < 10 ? 2 : rows < 50 ? 1 : 140);
        assert_int_equal(at->others, rows == 50);
        rows++;
    }
    assert_int_equal(rows, COUNT_FORMATS_MAX + 1);
    pgtest_run("DELETE FROM evidence.stream WHERE stream_id = 999;"
               "DELETE FROM evidence.delta WHERE stream_id = 999");
    arena_release(&arena);
    store_close(store);
}

/* Counts of a topic are its ledger, and stay. */
static void
minutes_go_with_the_lines_of_their_day(void **state)
{
    (void)state;
    struct store *store = pgtest_open(NULL);
    struct retention_limits limits = {.log_days = 0};
    int64_t readings = pgtest_int("SELECT sum(events) FROM analyst.reading");
    int64_t before = pgtest_int("SELECT count(*) FROM analyst.minutes");
    need(retention_minutes(store, &limits, &err)); /* kept for good */
    assert_int_equal(pgtest_int("SELECT count(*) FROM analyst.minutes"), before);
    pgtest_run(
        "INSERT INTO evidence.minute (scope, minute, service, kind, severity, events)"
        " VALUES ('default', date_bin('1 minute', now(), '1970-01-01 00:00+00'), '', 'log', 0, 7)");
    limits.log_days = 10;
    need(retention_minutes(store, &limits, &err));
    assert_int_equal(pgtest_int("SELECT sum(events) FROM analyst.minutes"), 7);
    assert_int_equal(pgtest_int("SELECT sum(events) FROM analyst.reading"), readings);
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_the_rows_however_far_folding_is),
        cmocka_unit_test(a_wrong_count_is_seen),
        cmocka_unit_test(a_fenced_batch_counts_nothing),
        cmocka_unit_test(one_folds_at_a_time),
        cmocka_unit_test(what_is_stored_already_is_counted),
        cmocka_unit_test(what_nobody_counted_is_said),
        cmocka_unit_test(minutes_are_asked_for_by_scope_time_and_service),
        cmocka_unit_test(deliveries_that_another_one_stands_for_are_told),
        cmocka_unit_test(gaps_of_offsets_have_a_place_in_time),
        cmocka_unit_test(ingest_adds_and_folds_and_does_nothing_else),
        cmocka_unit_test(status_says_what_was_read),
        cmocka_unit_test(minutes_go_with_the_lines_of_their_day),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
