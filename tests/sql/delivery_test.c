/*
 * Delivery: claims, fences, commits under the role of ingest, and the records read back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/delivery.h"
#include "hindcast/evidence.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

#define TIME_2026 (INT64_C(1767225600) * NS_PER_S)

static struct err err;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

static struct event
an_event(enum event_kind kind, int64_t time_ns)
{
    return (struct event){.scope = SV("default"),
                          .kind = kind,
                          .record_kind = kind == EVENT_LOG ? RECORD_LOG : RECORD_ALERT,
                          .phase = kind == EVENT_LOG ? PHASE_NONE : PHASE_TRIGGER,
                          .format = SV("test"),
                          .event_time_ns = time_ns,
                          .precision = PRECISION_NANOSECOND,
                          .time_source = TIME_SOURCE_NATIVE,
                          .service = SV("api"),
                          .title = SV("t\303\274r"),
                          .body = SV("it broke"),
                          .uid = {1, 2, 3},
                          .attributes = SV("{\"a\": 1}")};
}

static void
add(struct batch *batch, const struct stream *stream, int64_t offset, enum outcome outcome,
    enum event_kind kind, int64_t time_ns)
{
    char value[32];
    struct event event = an_event(kind, time_ns);
    struct decode_result result = {.reason = QUARANTINE_SYNTAX, .detail = SV("no")};
    snprintf(value, sizeof(value), "value %d", (int)offset);
    struct record record = {.topic = sv_from(stream->topic),
                            .partition = stream->partition,
                            .offset = offset,
                            .kafka_time_ns = TIME_2026,
                            .key = SV("k"),
                            .timestamp_type = TIMESTAMP_APPEND,
                            .value = sv_from(value)};
    if (outcome == OUTCOME_TOMBSTONE)
        record.value = SV_NONE;
    batch_add(batch, stream, &record, outcome, &event, outcome == OUTCOME_STORED ? 1 : 0, &result);
}

static struct batch *
new_batch(void)
{
    return batch_new(NULL);
}

static int
commit(struct store *store, struct batch *batch, struct stream *stream, bool *ret_fenced)
{
    return store_commit(store, batch, stream, 1, ret_fenced, &err);
}

static void
a_batch_is_written_under_the_role_of_ingest(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = new_batch();
    struct stream streams[2];
    bool fenced[2];
    need(store_claim(store, "c", "rows", 0, "me", &streams[0], &err));
    need(store_claim(store, "c", "rows", 1, "me", &streams[1], &err));
    assert_true(streams[0].next_offset == -1 && streams[0].epoch == 1);
    add(batch, &streams[0], 7, OUTCOME_STORED, EVENT_LOG, TIME_2026 + 123456789);
    add(batch, &streams[0], 8, OUTCOME_STORED, EVENT_ALERT, TIME_2026 + 1001);
    add(batch, &streams[0], 9, OUTCOME_TOMBSTONE, EVENT_LOG, 0);
    add(batch, &streams[0], 10, OUTCOME_QUARANTINED, EVENT_LOG, 0);
    batch_add_holes(batch, &streams[0], 11, 13);
    batch_add_lost(batch, &streams[1], 0, 5);
    need(store_commit(store, batch, streams, 2, fenced, &err));
    assert_int_equal(streams[0].next_offset, 13);
    assert_int_equal(streams[0].tail_offset, 10);
    assert_int_equal(
        pgtest_int("SELECT count(*) FROM ingest.log WHERE record_offset = 7 AND event_ns = 789"
                   " AND event_time = '2026-01-01 00:00:00.123456+00' AND service = 'api'"
                   " AND attributes ->> 'a' = '1' AND body = 'it broke'"),
        1);
    assert_int_equal(
        pgtest_int("SELECT count(*) FROM ingest.event WHERE kind = 'alert' AND phase = 'trigger'"
                   " AND title = 'tür' AND event_ns = 1"),
        1);
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.quarantine WHERE reason = 'syntax'"),
                     1);
    assert_int_equal(
        pgtest_int("SELECT count(*) FROM analyst.ledger WHERE adds_up AND topic = 'rows'"), 2);
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.batch b JOIN evidence.stream s USING"
                                " (stream_id) WHERE topic = 'rows' AND b.seq = 1"
                                " AND kind = CASE partition WHEN 0 THEN 'kafka' ELSE 'gap' END"),
                     2);
    batch_clear(batch);
    add(batch, &streams[0], 13, OUTCOME_EMPTY, EVENT_LOG, 0);
    need(store_commit(store, batch, streams, 2, fenced, &err));
    need(store_wake_correlator(store, &err));
    need(store_note_gap(store, &streams[1], 0, 5, "retention", &err));
    need(store_release(store, streams, 2, &err));
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.stream WHERE owner_pid IS NOT NULL"),
                     0);
    batch_free(batch);
    store_close(store);
}

/* Who reconnects while another one is about to claim has a backend that was not ended. */
static void
a_claim_takes_only_the_owner_it_saw(void **state)
{
    (void)state;
    struct store *first = pgtest_open("hindcast_ingest");
    struct stream stream;
    char sql[1200];
    need(store_claim(first, "c", "seen", 0, "me", &stream, &err));
    snprintf(sql, sizeof(sql),
             "PREPARE claim AS %s; EXECUTE claim (%lld, now(), 'other', %lld, 1, now(), 0)",
             store_query_text(QUERY_stream_claim), (long long)stream.stream_id,
             (long long)stream.epoch);
    pgtest_run(sql);
    assert_int_equal(pgtest_int("SELECT epoch FROM evidence.stream WHERE topic = 'seen'"), 1);
    store_close(first);
}

/* A program from before tail_time moves the tail and leaves the time: it is that of another one. */
static void
the_time_of_an_older_tail_says_nothing(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = new_batch();
    struct stream stream;
    bool fenced = false;
    int64_t epoch, next;
    need(store_claim(store, "c", "older", 0, "me", &stream, &err));
    assert_true(stream.tail_time_ns == TIME_NONE);
    add(batch, &stream, 0, OUTCOME_STORED, EVENT_LOG, TIME_2026);
    need(commit(store, batch, &stream, &fenced));
    need(store_stream_read(store, &stream, &epoch, &next, &err));
    assert_true(stream.tail_time_ns == TIME_2026);
    pgtest_run("UPDATE evidence.stream SET tail_offset = 5, next_offset = 6, holes = 5, "
               "tail_sha256 = sha256('value 5') WHERE topic = 'older'");
    need(store_stream_read(store, &stream, &epoch, &next, &err));
    assert_true(stream.tail_offset == 5 && stream.tail_time_ns == TIME_NONE);
    need(store_claim(store, "c", "older", 0, "me", &stream, &err));
    assert_true(stream.tail_offset == 5 && stream.tail_time_ns == TIME_NONE);
    batch_free(batch);
    store_close(store);
}

static void
a_second_claim_ends_and_fences_the_first(void **state)
{
    (void)state;
    struct store *first = pgtest_open("hindcast_ingest"), *second = pgtest_open("hindcast_ingest");
    struct batch *batch = new_batch();
    struct stream old, new;
    bool fenced = false;
    int64_t epoch, next;
    need(store_claim(first, "c", "fence", 0, "first", &old, &err));
    add(batch, &old, 0, OUTCOME_STORED, EVENT_LOG, TIME_2026);
    need(commit(first, batch, &old, &fenced));
    need(store_claim(second, "c", "fence", 0, "second", &new, &err));
    assert_int_equal(new.epoch, 2);
    assert_int_equal(new.next_offset, 1);
    assert_memory_equal(&new.tail_sha256, &old.tail_sha256, SHA256_BYTES);
    assert_true(new.tail_time_ns == TIME_2026 &&old.tail_time_ns == TIME_2026);
    batch_clear(batch);
    add(batch, &old, 1, OUTCOME_STORED, EVENT_LOG, TIME_2026);

    assert_int_equal(commit(first, batch, &old, &fenced), -1);
    assert_int_equal(err.code, ERR_DB_DOWN);
    assert_false(store_connected(first));
    need(store_reconnect(first, &err));
    assert_int_equal(commit(first, batch, &old, &fenced), -1);
    assert_int_equal(err.code, ERR_FENCED);
    assert_true(fenced);
    need(store_stream_read(first, &old, &epoch, &next, &err));
    assert_true(epoch == 2 && next == 1);

    /* The rightful owner writes the same record; then the zombie's rows clash before its fence. */
    need(commit(second, batch, &new, &fenced));
    assert_int_equal(commit(first, batch, &old, &fenced), -1);
    assert_int_equal(err.code, ERR_FENCED);
    assert_true(fenced);
    assert_int_equal(
        pgtest_int("SELECT count(*) FROM ingest.log JOIN evidence.stream USING (stream_id)"
                   " WHERE topic = 'fence'"),
        2);
    batch_free(batch);
    store_close(first);
    store_close(second);
}

static void
after_a_reconnect_the_row_names_the_new_backend(void **state)
{
    (void)state;
    struct store *first = pgtest_open("hindcast_ingest"), *second = pgtest_open("hindcast_ingest");
    struct stream old, new;
    need(store_claim(first, "c", "own", 0, "first", &old, &err));
    int64_t before = pgtest_int("SELECT owner_pid FROM evidence.stream WHERE topic = 'own'");
    need(store_reconnect(first, &err));
    need(store_own_again(first, &old, &err));
    need(store_own_again(first, &old, &err));
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.stream s JOIN pg_stat_activity a"
                                " ON a.pid = s.owner_pid AND a.backend_start = s.owner_start"
                                " WHERE topic = 'own' AND epoch = 1"),
                     1);
    assert_true(before != pgtest_int("SELECT owner_pid FROM evidence.stream WHERE topic = 'own'"));
    /* and where somebody else has claimed it, nothing is touched */
    need(store_claim(second, "c", "own", 0, "second", &new, &err));
    need(store_reconnect(first, &err));
    need(store_own_again(first, &old, &err));
    assert_true(store_connected(second));
    need(store_release(second, &new, 1, &err));
    store_close(first);
    store_close(second);
}

static void
another_offset_fences_too(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = new_batch();
    struct stream streams[2];
    bool fenced[2];
    need(store_claim(store, "c", "offset", 0, "me", &streams[0], &err));
    need(store_claim(store, "c", "offset", 1, "me", &streams[1], &err));
    add(batch, &streams[0], 0, OUTCOME_EMPTY, EVENT_LOG, 0);
    add(batch, &streams[1], 0, OUTCOME_EMPTY, EVENT_LOG, 0);
    pgtest_run("UPDATE evidence.stream SET next_offset = 3, first_offset = 3 WHERE topic = 'offset'"
               " AND partition = 1");
    assert_int_equal(store_commit(store, batch, streams, 2, fenced, &err), -1);
    assert_int_equal(err.code, ERR_FENCED);
    assert_false(fenced[0]);
    assert_true(fenced[1]);
    batch_drop_stream(batch, streams[1].stream_id);
    need(store_commit(store, batch, streams, 2, fenced, &err));
    batch_free(batch);
    store_close(store);
}

static void
many_days_are_written_sorted(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = new_batch();
    struct stream stream;
    bool fenced;
    need(store_claim(store, "c", "days", 0, "me", &stream, &err));
    for (int i = 0; i < 400; i++)
        add(batch, &stream, i, OUTCOME_STORED, EVENT_LOG,
            TIME_2026 - (i * 7 % 40) * 30 * NS_PER_DAY);
    need(commit(store, batch, &stream, &fenced));
    assert_int_equal(
        pgtest_int("SELECT count(*) FROM ingest.log JOIN evidence.stream USING (stream_id)"
                   " WHERE topic = 'days'"),
        400);
    batch_free(batch);
    store_close(store);
}

static void
read_all(int64_t stream_id, int count, bool intact)
{
    struct store *store = pgtest_open("hindcast_correlate");
    struct arena arena;
    arena_init(&arena, 0);
    for (int i = 0; i < count; i++) {
        struct raw_record raw;
        char value[32];
        snprintf(value, sizeof(value), "value %d", 2 * i);
        need(store_read_record(store, &arena, stream_id, 2 * i, &raw, &err));
        assert_true(raw.found);
        assert_true(sv_eq(raw.record.value, sv_from(value)));
        assert_true(sv_eq(raw.record.key, SV("k")));
        assert_true(sv_eq(raw.topic, SV("evidence")));
        assert_true(raw.root_matches == intact);
        need(store_read_record(store, &arena, stream_id, 2 * i + 1, &raw, &err));
        assert_false(raw.found);
    }
    arena_release(&arena);
    store_close(store);
}

static void
records_read_back_prove_themselves(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = new_batch();
    struct stream stream;
    bool fenced;
    need(store_claim(store, "c", "evidence", 0, "me", &stream, &err));
    for (int i = 0; i < 700; i++) {
        if (i > 0)
            batch_add_holes(batch, &stream, 2 * i - 1, 2 * i);
        add(batch, &stream, 2 * i, OUTCOME_STORED, EVENT_LOG, TIME_2026);
    }
    need(commit(store, batch, &stream, &fenced));
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.segment JOIN evidence.stream USING"
                                " (stream_id) WHERE topic = 'evidence'"),
                     2);
    read_all(stream.stream_id, 700, true);
    pgtest_run("UPDATE evidence.stream SET incarnation = 9 WHERE topic = 'evidence'");
    read_all(stream.stream_id, 3, false);
    batch_free(batch);
    store_close(store);
}

static void
a_topic_made_anew_is_a_new_stream(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = new_batch();
    struct stream stream;
    bool fenced;
    int64_t next;
    need(store_claim(store, "c", "anew", 0, "me", &stream, &err));
    add(batch, &stream, 0, OUTCOME_EMPTY, EVENT_LOG, 0);
    need(commit(store, batch, &stream, &fenced));
    int64_t before = stream.stream_id;
    need(store_new_incarnation(store, &stream, "c", "me", &err));
    assert_true(stream.stream_id != before && stream.incarnation == 2 && stream.next_offset == -1);
    assert_string_equal(stream.topic, "anew");
    need(store_stream_find(store, "c", "anew", 0, &next, &err));
    assert_int_equal(next, -1);
    assert_int_equal(
        pgtest_int("SELECT count(*) FROM evidence.source_gap WHERE kind = 'recreated'"), 1);
    batch_free(batch);
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_written_under_the_role_of_ingest),
        cmocka_unit_test(a_claim_takes_only_the_owner_it_saw),
        cmocka_unit_test(the_time_of_an_older_tail_says_nothing),
        cmocka_unit_test(a_second_claim_ends_and_fences_the_first),
        cmocka_unit_test(after_a_reconnect_the_row_names_the_new_backend),
        cmocka_unit_test(another_offset_fences_too),
        cmocka_unit_test(many_days_are_written_sorted),
        cmocka_unit_test(records_read_back_prove_themselves),
        cmocka_unit_test(a_topic_made_anew_is_a_new_stream),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
