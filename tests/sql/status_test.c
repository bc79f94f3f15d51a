/*
 * What `hindcast status` reads: the numbers of a database whose rows are known, under the roles
 * that may ask, and that nobody else may.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/delivery.h"
#include "store/pg/conn.h"
#include "store/status/status.h"
#include "tests/lib/pgtest.h"

#define DAY_NS (24 * 3600 * NS_PER_S)

static struct err err;

/*
 * Topic t, partition 0: an old incarnation and a new one with batches 90 s, 30 s and 11 min old.
 * Partition 1: read, owner gone. Partition 2: claimed, nothing read. Topic B sorts before t.
 */
static const char rows[] =
    "INSERT INTO evidence.stream (stream_id, cluster_id, topic, incarnation, partition, "
    "first_offset,"
    " next_offset, seq, records, stored, quarantined, holes, lost, events, max_event_time,"
    " owner_pid, owner_start, owner_name) VALUES"
    " (1, 'c', 't', 1, 0, 0, 4, 1, 4, 4, 0, 0, 0, 4, '2026-01-09 00:00+00', NULL, NULL, NULL),"
    " (2, 'c', 't', 2, 0, 0, 63, 3, 60, 58, 2, 2, 1, 70, '2026-01-02 00:00+00', NULL, NULL, NULL),"
    " (3, 'c', 't', 1, 1, 5, 15, 1, 10, 9, 1, 0, 0, 9, '2026-01-03 00:00+00', 1, '2001-01-01', "
    "'h:1'),"
    " (4, 'c', 't', 1, 2, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL),"
    " (5, 'c', 'B', 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0, NULL, NULL, NULL, NULL);"
    "INSERT INTO evidence.batch (stream_id, seq, first_offset, next_offset, min_event_time,"
    " max_event_time, committed_at, records, events, decoder_version, kind) VALUES"
    " (1, 1, 0, 4, '2026-01-09', '2026-01-09 00:00+00', now() - interval '20 s', 4, 4, 1, 'kafka'),"
    " (2, 1, 0, 10, '2026-01-01', '2026-01-01 00:00+00', now() - interval '11 min', 10, 11, 1, "
    "'kafka'),"
    " (2, 2, 10, 40, '2025-12-31 12:00+00', '2026-01-02 00:00+00', now() - interval '90 s', 30, "
    "35, 1, 'kafka'),"
    " (2, 3, 40, 63, '2026-01-01 18:00+00', '2026-01-01 20:00+00', now() - interval '30 s', 20, "
    "24, 1, 'kafka'),"
    " (3, 1, 5, 15, '2026-01-03', '2026-01-03 00:00+00', now() - interval '2 h', 10, 9, 1, "
    "'kafka'),"
    " (5, 1, 0, 1, NULL, NULL, now() - interval '3 h', 1, 0, 1, 'kafka');"
    "INSERT INTO evidence.quarantine (stream_id, record_offset, reason, format_guess, detail, "
    "state)"
    " VALUES (2, 61, 'syntax', 'slack', 'second', 'open'), (2, 7, 'syntax', NULL, NULL, "
    "'dismissed'),"
    " (3, 6, 'bad_field', 'ecs', 'no time', 'open'), (5, 0, 'syntax', NULL, 'first', 'open'),"
    " (5, 3, 'syntax', NULL, 'later', 'open');"
    "INSERT INTO evidence.source_gap (stream_id, from_offset, to_offset, kind, seen_at) VALUES"
    " (2, 20, 21, 'retention', now() - interval '1 hour'),"
    " (3, 2, 5, 'truncated', now() - interval '3 days')";

static void
read_as(const char *role, struct arena *arena, struct store_status *ret)
{
    struct store *store = pgtest_open(role);
    if (store_status_timeout(store, 5 * NS_PER_S, &err) != 0 ||
        store_status(store, arena, DAY_NS, ret, &err) != 0)
        fail_msg("%s: %s: %s", role, err_name(err.code), err.message);
    store_close(store);
}

static const struct stream_status *
stream_of(const struct store_status *status, int64_t id)
{
    for (size_t i = 0; i < status->stream_count; i++)
        if (status->streams[i].stream_id == id)
            return &status->streams[i];
    fail_msg("no stream %d", (int)id);
    return NULL;
}

static void
nothing_was_ever_read(void **state)
{
    (void)state;
    struct arena arena;
    struct store_status got;
    arena_init(&arena, 0);
    read_as("hindcast_ingest", &arena, &got);
    assert_true(got.now_ns > 0);
    assert_int_equal(got.stream_count + got.scope_count + got.reason_count + got.gap_count, 0);
    arena_release(&arena);
}

static void
check_streams(const struct store_status *got)
{
    static const int64_t order[] = {5, 1, 2, 3, 4};
    assert_int_equal(got->stream_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(got->streams[i].stream_id, order[i]);
    const struct stream_status *s = stream_of(got, 2);
    assert_true(s->current && s->adds_up && !s->owner_connected && sv_empty(s->owner));
    assert_true(s->first_offset == 0 && s->next_offset == 63 && s->records == 60);
    assert_true(s->stored == 58 && s->quarantined == 2 && s->holes == 2 && s->lost == 1);
    assert_int_equal(s->events, 70);
    assert_int_equal(s->records_1m, 20);
    assert_int_equal(s->events_1m, 24);
    assert_int_equal(s->records_10m, 50);
    assert_int_equal(s->events_10m, 59);
    int64_t age = got->now_ns - s->last_commit_ns;
    assert_true(age >= 30 * NS_PER_S && age < 120 * NS_PER_S);
    assert_false(stream_of(got, 1)->current);
    s = stream_of(got, 3);
    assert_true(sv_eq(s->owner, SV("h:1")) && !s->owner_connected);
    assert_true(s->records_10m == 0 && s->max_event_ns == INT64_C(1767398400) * NS_PER_S);
    s = stream_of(got, 4);
    assert_true(s->next_offset == -1 && s->last_commit_ns == TIME_NONE && s->adds_up);
}

static void
check_the_rest(const struct store_status *got)
{
    assert_int_equal(got->reason_count, 2);
    const struct reason_status *r = &got->reasons[0];
    assert_true(sv_eq(r->reason, SV("syntax")) && r->records == 3);
    assert_true(sv_eq(r->topic, SV("B")) && r->offset == 0 && sv_eq(r->detail, SV("first")));
    assert_true(r->format_guess.ptr == NULL);
    r = &got->reasons[1];
    assert_true(sv_eq(r->reason, SV("bad_field")) && r->partition == 1 && r->offset == 6);
    assert_int_equal(got->gap_count, 1);
    assert_true(sv_eq(got->gaps[0].kind, SV("retention")) && got->gaps[0].incarnation == 2);
    assert_true(got->gaps[0].from == 20 && got->gaps[0].to == 21);
}

static void
numbers_are_those_of_the_rows(void **state)
{
    (void)state;
    static const char *const roles[] = {"hindcast_ingest", "hindcast_correlate"};
    pgtest_run(rows);
    for (size_t i = 0; i < 2; i++) {
        struct arena arena;
        struct store_status got;
        arena_init(&arena, 0);
        read_as(roles[i], &arena, &got);
        check_streams(&got);
        check_the_rest(&got);
        assert_int_equal(got.scope_count, 0);
        arena_release(&arena);
    }
}

static void
expect_scope(const char *scope, int64_t watermark_s, int64_t behind, int partition)
{
    struct arena arena;
    struct store_status got;
    arena_init(&arena, 0);
    read_as("hindcast_ingest", &arena, &got);
    const struct scope_status *found = NULL;
    for (size_t i = 0; i < got.scope_count; i++)
        if (sv_eq(got.scopes[i].scope, sv_from(scope)))
            found = &got.scopes[i];
    assert_non_null(found);
    assert_int_equal(found->watermark_ns, watermark_s < 0 ? TIME_NONE : watermark_s * NS_PER_S);
    assert_int_equal(found->batches_behind, behind);
    if (watermark_s >= 0)
        assert_int_equal(found->held_by_partition, partition);
    else
        assert_true(sv_empty(found->held_by_topic));
    assert_int_equal(found->newest_ns, INT64_C(1767916800) * NS_PER_S); /* 2026-01-09 */
    arena_release(&arena);
}

static void
the_watermark_is_held_by_the_partition_furthest_back(void **state)
{
    (void)state;
    pgtest_run("INSERT INTO ingest.event (stream_id, record_offset, event_time, idx, scope, kind,"
               " record_kind, precision, time_source, format, uid) VALUES (2, 1, '2026-01-01', 0,"
               " 'quiet', 'alert', 'alert', 's', 'native', 'x', gen_random_uuid())");
    expect_scope("quiet", -1, 6, 0); /* events, but never correlated */
    pgtest_run("INSERT INTO correlate.cursor VALUES ('s', 0, 3), ('s', 1, 1), ('s', 2, 3),"
               " ('s', 3, 1), ('s', 5, 1)");
    /* all taken in: the current partition whose newest event is oldest; the old incarnation is done
     */
    expect_scope("s", INT64_C(1767312000), 0, 0);
    /* one batch behind: nothing of it counts, so its oldest event is where certainty ends */
    pgtest_run("UPDATE correlate.cursor SET seq = 2 WHERE stream_id = 2");
    expect_scope("s", INT64_C(1767290400), 1, 0);
    pgtest_run("UPDATE correlate.cursor SET seq = 1 WHERE stream_id = 2");
    expect_scope("s", INT64_C(1767182400), 2, 0);
    /* an old incarnation that was not taken in holds it back all the same */
    pgtest_run(
        "UPDATE correlate.cursor SET seq = 3 WHERE stream_id = 2;"
        "DELETE FROM correlate.cursor WHERE stream_id = 3;"
        "UPDATE evidence.batch SET min_event_time = '2025-11-01 00:00+00' WHERE stream_id = 3");
    expect_scope("s", INT64_C(1761955200), 1, 1);
}

static void
a_ledger_that_does_not_add_up_is_seen(void **state)
{
    (void)state;
    struct arena arena;
    struct store_status got;
    arena_init(&arena, 0);
    pgtest_run("ALTER TABLE evidence.stream DROP CONSTRAINT every_offset_is_accounted_for;"
               "UPDATE evidence.stream SET holes = holes + 1 WHERE stream_id = 2");
    read_as("hindcast_correlate", &arena, &got);
    assert_false(stream_of(&got, 2)->adds_up);
    assert_true(stream_of(&got, 3)->adds_up);
    arena_release(&arena);
}

static void
the_owner_is_there_while_its_connection_is(void **state)
{
    (void)state;
    struct arena arena;
    struct store_status got;
    struct stream stream;
    pgtest_run("SELECT setval(pg_get_serial_sequence('evidence.stream', 'stream_id'), 100)");
    struct store *owner = pgtest_open("hindcast_ingest");
    arena_init(&arena, 0);
    if (store_claim(owner, "c", "owned", 0, "host:9:0", &stream, &err) != 0)
        fail_msg("%s", err.message);
    read_as("hindcast_correlate", &arena, &got);
    assert_true(stream_of(&got, stream.stream_id)->owner_connected);
    read_as("hindcast_ingest", &arena, &got);
    assert_true(stream_of(&got, stream.stream_id)->owner_connected);
    char sql[96];
    snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d, 5000)", PQbackendPID(owner->pg));
    pgtest_run(sql);
    read_as("hindcast_ingest", &arena, &got);
    assert_false(stream_of(&got, stream.stream_id)->owner_connected);
    assert_true(sv_eq(stream_of(&got, stream.stream_id)->owner, SV("host:9:0")));
    store_close(owner);
    arena_release(&arena);
}

static void
readers_see_partitions_but_no_details(void **state)
{
    (void)state;
    int64_t count;
    struct store *store = pgtest_open("hindcast_analyst");
    assert_int_equal(store_do(store, QUERY_status_streams, NULL, 0, &count, &err), 0);
    assert_true(count >= 5);
    assert_int_equal(store_do(store, QUERY_status_quarantine, NULL, 0, &count, &err), -1);
    assert_string_equal(err.sqlstate, "42501");
    assert_int_equal(store_do(store, QUERY_status_scopes, NULL, 0, &count, &err), 0);
    store_close(store);
    store = pgtest_open("hindcast_public");
    assert_int_equal(store_do(store, QUERY_status_streams, NULL, 0, &count, &err), -1);
    assert_string_equal(err.sqlstate, "42501");
    store_close(store);
}

static void
a_slow_answer_is_given_up(void **state)
{
    (void)state;
    struct arena arena;
    struct store_status got;
    struct store *store = pgtest_open("hindcast_ingest"), *other = pgtest_open(NULL);
    arena_init(&arena, 0);
    if (store_status_timeout(store, 100 * NS_PER_MS, &err) != 0 ||
        store_script(other, "BEGIN; LOCK TABLE evidence.stream", "locking", &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(store_status(store, &arena, DAY_NS, &got, &err), -1);
    assert_true(strcmp(err.sqlstate, "57014") == 0 || strcmp(err.sqlstate, "55P03") == 0);
    assert_true(store_connected(store));
    store_close(other);
    read_as("hindcast_ingest", &arena, &got);
    store_close(store);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_was_ever_read),
        cmocka_unit_test(numbers_are_those_of_the_rows),
        cmocka_unit_test(the_watermark_is_held_by_the_partition_furthest_back),
        cmocka_unit_test(a_ledger_that_does_not_add_up_is_seen),
        cmocka_unit_test(the_owner_is_there_while_its_connection_is),
        cmocka_unit_test(readers_see_partitions_but_no_details),
        cmocka_unit_test(a_slow_answer_is_given_up),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
