/*
 * Offsets that are not the expected ones, against a scripted broker and database: what retention
 * took, what was never there, topics that are deleted and made again. Nothing is skipped without a
 * proof, and what has none stops the worker.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "ingest/worker/commit.h"
#include "ingest/worker/gap.h"
#include "tests/lib/scripted/servers.h"

#define TOPIC "orders"

static struct worker *worker;
static struct partition *partition;

/* One partition, stream 1, read and committed up to `next`; the broker has [low, high). */
static void
begin_with(const char *const *settings, int64_t next, int64_t low, int64_t high)
{
    worker = scripted_start(settings);
    scripted_broker(TOPIC, 0, 0, high);
    scripted_assign(worker, TOPIC, 0);
    for (int64_t i = 0; i < next; i++)
        scripted_record(worker, TOPIC, 0, i);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    scripted_broker(TOPIC, 0, low, high);
    partition = &worker->partitions[0];
    (void)scripted_log();
}

static void
begin(int64_t next, int64_t low, int64_t high)
{
    begin_with(NULL, next, low, high);
}

static void
assert_going_on(int64_t expected)
{
    assert_int_equal(worker->failed.code, ERR_NONE);
    assert_int_equal(partition->state, PARTITION_READING);
    assert_int_equal(partition->expected, expected);
}

static void
assert_stopped(enum err_code code)
{
    assert_int_equal(worker->failed.code, code);
    assert_int_equal(worker->ingest->failed.code, code);
    assert_true(atomic_load(&worker->ingest->stop));
}

/* ---- a record that comes too early ---- */

static void
records_that_follow_need_no_question(void **state)
{
    (void)state;
    begin(3, 0, 10);
    scripted_record(worker, TOPIC, 0, 3);
    scripted_record(worker, TOPIC, 0, 4);
    assert_string_equal(scripted_log(), "");
    assert_going_on(5);
}

static void
what_was_read_before_is_left_out(void **state)
{
    (void)state;
    begin(3, 0, 10);
    scripted_record(worker, TOPIC, 0, 1);
    assert_going_on(3);
    assert_true(batch_empty(worker->batch));
    assert_string_equal(scripted_log(), "");
}

/* Markers of transactions: a consumer made for the question finds nothing in between. */
static void
offsets_without_records_are_a_hole(void **state)
{
    (void)state;
    begin(3, 0, 10);
    scripted_first_record(5);
    scripted_record(worker, TOPIC, 0, 5);
    assert_string_equal(scripted_log(), "watermarks orders/0\nfirst orders/0 from 3\n");
    assert_going_on(6);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(scripted_stream(1)->records, 4);
    assert_int_equal(scripted_stream(1)->next_offset, 6);
}

static void
holes_that_are_normal_are_not_asked_about(void **state)
{
    (void)state;
    begin_with((const char *const[]){"kafka.holes=true", NULL}, 3, 0, 10);
    scripted_record(worker, TOPIC, 0, 5);
    assert_string_equal(scripted_log(), "watermarks orders/0\n");
    assert_going_on(6);
}

/* There is a record that ours did not show: read again a few times, then stop. */
static void
a_record_that_is_there_is_not_skipped(void **state)
{
    (void)state;
    begin(3, 0, 10);
    scripted_first_record(4);
    for (int i = 0; i < 3; i++) {
        scripted_record(worker, TOPIC, 0, 5);
        assert_string_equal(scripted_log(), "watermarks orders/0\nfirst orders/0 from 3\n"
                                            "restart orders/0 at 3\n");
        /* What was stored is not read again from the middle: the tail is checked by a claim only.
         */
        assert_going_on(3);
    }
    scripted_record(worker, TOPIC, 0, 5);
    assert_stopped(ERR_GAP);
    assert_non_null(strstr(worker->failed.message, "from offset 3 to 4 are missing"));
    assert_true(batch_empty(worker->batch));
}

/* The tries are those of one gap: a record in between ends them. */
static void
a_gap_that_closes_begins_a_new_count(void **state)
{
    (void)state;
    begin(3, 0, 20);
    scripted_first_record(4);
    for (int i = 0; i < 3; i++)
        scripted_record(worker, TOPIC, 0, 5);
    scripted_record(worker, TOPIC, 0, 3);
    for (int i = 0; i < 3; i++)
        scripted_record(worker, TOPIC, 0, 5);
    assert_going_on(4);
    scripted_record(worker, TOPIC, 0, 5);
    assert_stopped(ERR_GAP);
}

static void
what_retention_took_is_noted(void **state)
{
    (void)state;
    begin(3, 7, 10);
    scripted_record(worker, TOPIC, 0, 7);
    assert_string_equal(scripted_log(), "watermarks orders/0\ngap 1 [3, 7) retention\n");
    assert_going_on(8);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(scripted_stream(1)->records, 4);
    assert_int_equal(scripted_stream(1)->next_offset, 8);
}

/* Retention took a part of it, the rest is a hole; and it never takes what is at hand. */
static void
each_part_of_a_gap_has_its_own_proof(void **state)
{
    (void)state;
    begin(3, 5, 10);
    scripted_first_record(7);
    scripted_record(worker, TOPIC, 0, 7);
    assert_string_equal(scripted_log(), "watermarks orders/0\ngap 1 [3, 5) retention\n"
                                        "first orders/0 from 5\n");
    assert_going_on(8);
    scripted_broker(TOPIC, 0, 50, 60);
    scripted_record(worker, TOPIC, 0, 12);
    assert_string_equal(scripted_log(), "watermarks orders/0\ngap 1 [8, 12) retention\n");
    assert_going_on(13);
}

/* Whoever does not answer: the partition is claimed again later, and the record read again. */
static void
a_question_without_an_answer_skips_nothing(void **state)
{
    static const struct {
        enum scripted_call call;
        enum err_code code;
    } cases[] = {
        {CALL_WATERMARKS, ERR_BROKER_DOWN},
        {CALL_NOTE_GAP, ERR_DB_DOWN},
        {CALL_FIRST_OFFSET, ERR_BROKER_DOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        begin(3, 5, 10);
        scripted_fail(cases[i].call, cases[i].code);
        scripted_record(worker, TOPIC, 0, 7);
        assert_int_equal(worker->failed.code, ERR_NONE);
        assert_int_equal(partition->state, PARTITION_UNCLAIMED);
        assert_true(batch_empty(worker->batch));
        assert_int_equal(scripted_stream(1)->next_offset, 3);
        if (i + 1 < sizeof(cases) / sizeof(cases[0]))
            scripted_end(NULL);
    }
}

static void
an_answer_that_waiting_does_not_change_stops(void **state)
{
    (void)state;
    begin(3, 0, 10);
    scripted_fail(CALL_WATERMARKS, ERR_BROKER_AUTH);
    scripted_record(worker, TOPIC, 0, 7);
    assert_stopped(ERR_BROKER_AUTH);
    assert_true(batch_empty(worker->batch));
}

static void
where_a_gap_is_an_error_it_stops_at_once(void **state)
{
    (void)state;
    begin(3, 0, 10);
    ((struct ingest_options *)(uintptr_t)worker->ingest->options)->gap_is_error = true;
    scripted_record(worker, TOPIC, 0, 5);
    assert_stopped(ERR_GAP);
    assert_string_equal(scripted_log(), "");
}

/* A stream never read begins where its topic does, not at the first record that is seen. */
static void
a_new_stream_begins_where_its_topic_does(void **state)
{
    (void)state;
    begin(0, 4, 10);
    scripted_first_record(4);
    scripted_record(worker, TOPIC, 0, 6);
    assert_string_equal(scripted_log(), "watermarks orders/0\nwatermarks orders/0\n"
                                        "first orders/0 from 4\nrestart orders/0 at 4\n");
    assert_going_on(4);
    scripted_record(worker, TOPIC, 0, 4);
    assert_going_on(5);
}

static void
who_wants_the_latest_begins_there(void **state)
{
    (void)state;
    begin_with((const char *const[]){"kafka.start=latest", NULL}, 0, 0, 10);
    scripted_record(worker, TOPIC, 0, 6);
    assert_string_equal(scripted_log(), "");
    assert_going_on(7);
}

/* ---- the tail, and topics that are made again ---- */

/* Claimed again, the next record is to be the last one that was stored. */
static void
claim_again(int64_t tail_time_ns)
{
    struct scripted_stream *row = scripted_stream(1);
    row->tail_offset = row->next_offset - 1;
    row->tail_time_ns = tail_time_ns;
    sha256_of("2", 1, &row->tail_sha256);
    scripted_assign(worker, TOPIC, 0);
    partition = &worker->partitions[0];
    (void)scripted_log();
}

static void
the_stored_tail_is_found_again(void **state)
{
    (void)state;
    begin(3, 0, 10);
    claim_again(NS_PER_S);
    assert_true(partition->tail_pending);
    scripted_record(worker, TOPIC, 0, 2);
    assert_string_equal(scripted_log(), "tail 1 same\n");
    assert_going_on(3);
    assert_true(batch_empty(worker->batch)); /* it is stored already */
    scripted_record(worker, TOPIC, 0, 3);
    assert_going_on(4);
}

/* Another value, or the same at another time: another topic of the same name. */
static void
another_tail_is_another_topic(void **state)
{
    static const int64_t times_ns[] = {TIME_NONE, 2 * NS_PER_S};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        begin(3, 0, 10);
        claim_again(times_ns[i]);
        if (i == 0)
            sha256_of("x", 1, &worker->streams[0].tail_sha256);
        scripted_record(worker, TOPIC, 0, 2);
        assert_string_equal(scripted_log(), "tail 1 other\nrenew 1\nrestart orders/0 at -2\n");
        assert_going_on(-1);
        assert_int_equal(worker->streams[0].stream_id, 2);
        assert_int_equal(worker->streams[0].incarnation, 2);
        scripted_record(worker, TOPIC, 0, 0);
        assert_int_equal(scripted_commit(worker), ERR_NONE);
        assert_int_equal(scripted_stream(1)->records, 3);
        assert_int_equal(scripted_stream(2)->records, 1);
        if (i == 0)
            scripted_end(NULL);
    }
}

static void
a_tail_that_was_compacted_away_is_said_so(void **state)
{
    (void)state;
    begin(3, 0, 10);
    claim_again(NS_PER_S);
    scripted_record(worker, TOPIC, 0, 3);
    assert_string_equal(scripted_log(), "tail 1 other\n");
    assert_going_on(4);
}

/* Shorter than what was read: deleted and made again. What belongs to the old one goes first. */
static void
a_topic_that_is_shorter_is_another_one(void **state)
{
    (void)state;
    begin(3, 0, 2);
    scripted_record(worker, TOPIC, 0, 3);
    gap_out_of_range(worker, partition);
    assert_string_equal(scripted_log(), "watermarks orders/0\ncommit 1->4\nrenew 1\n"
                                        "restart orders/0 at -2\n");
    assert_going_on(-1);
    assert_int_equal(scripted_stream(1)->records, 4);
    scripted_record(worker, TOPIC, 0, 0);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(scripted_stream(2)->next_offset, 1);
}

/* While that is committed another worker takes the stream: it is not ours to renew. */
static void
a_stream_that_was_taken_is_not_renewed(void **state)
{
    (void)state;
    begin(3, 0, 2);
    scripted_record(worker, TOPIC, 0, 3);
    scripted_stream(1)->epoch++;
    gap_out_of_range(worker, partition);
    assert_string_equal(scripted_log(), "watermarks orders/0\ncommit 1->4\n");
    assert_int_equal(partition->state, PARTITION_FENCED);
    assert_int_equal(worker->failed.code, ERR_NONE);
}

static void
a_renewal_that_fails_is_tried_again(void **state)
{
    (void)state;
    begin(3, 0, 2);
    scripted_fail(CALL_RENEW, ERR_DB_DOWN);
    gap_out_of_range(worker, partition);
    assert_int_equal(partition->state, PARTITION_UNCLAIMED);
    assert_int_equal(worker->failed.code, ERR_NONE);
    assert_int_equal(worker->streams[0].stream_id, 1);
}

/* ---- what the broker says of its ends ---- */

static void
a_position_that_retention_took_is_noted(void **state)
{
    (void)state;
    begin(3, 7, 10);
    partition->tail_pending = true;
    gap_out_of_range(worker, partition);
    assert_string_equal(scripted_log(), "watermarks orders/0\ngap 1 [3, 7) retention\n"
                                        "tail 1 other\nrestart orders/0 at 7\n");
    assert_going_on(7);
}

/* Neither below nor above: the broker was not sure of its end. */
static void
a_position_that_is_there_is_read_again(void **state)
{
    (void)state;
    begin(3, 0, 10);
    gap_out_of_range(worker, partition);
    assert_string_equal(scripted_log(), "watermarks orders/0\nrestart orders/0 at 3\n");
    assert_going_on(3);
}

static void
an_end_is_reached_when_all_is_committed(void **state)
{
    (void)state;
    begin(3, 0, 3);
    struct goal goal = {.topic = TOPIC, .end = 4, .reached = -1};
    worker->ingest->goals = (struct goals){&goal, 1};
    scripted_record(worker, TOPIC, 0, 3);
    gap_end(worker, partition, 4);
    assert_int_equal(atomic_load(&goal.reached), -1);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(atomic_load(&goal.reached), 4);
    /* Behind markers of a transaction: nothing is missing before the end. */
    scripted_first_record(6);
    gap_end(worker, partition, 6);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(atomic_load(&goal.reached), 6);
    worker->ingest->goals = (struct goals){0};
}

/* An end before what was read: that topic was made again. */
static void
an_end_before_what_was_read_is_looked_into(void **state)
{
    (void)state;
    begin(3, 0, 1);
    gap_end(worker, partition, 1);
    assert_string_equal(scripted_log(), "watermarks orders/0\nrenew 1\nrestart orders/0 at -2\n");
    assert_going_on(-1);
}

/* ---- silence ---- */

static void
look(void)
{
    worker->listened_ns = 1;
    gap_silence(worker, clock_monotonic_ns());
    commit_settle(worker);
}

/* Nothing comes although there is something: the library forgot to fetch. Less and less often. */
static void
what_stands_still_is_read_again(void **state)
{
    static const char *const said[] = {
        "end orders/0\nrestart orders/0 at 3\ntaken?\n", /* 1 */
        "end orders/0\nrestart orders/0 at 3\ntaken?\n", /* 2 */
        "taken?\n",                                      /* 3 */
        "end orders/0\nrestart orders/0 at 3\ntaken?\n", /* 4 */
        "taken?\n",
    };
    (void)state;
    begin(3, 0, 10);
    look(); /* records came since the start */
    assert_string_equal(scripted_log(), "");
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        look();
        assert_string_equal(scripted_log(), said[i]);
    }
    scripted_record(worker, TOPIC, 0, 3);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    (void)scripted_log();
    look();
    assert_string_equal(scripted_log(), "");
}

static void
silence_at_the_end_is_no_fault(void **state)
{
    (void)state;
    begin(3, 0, 3);
    look();
    look();
    assert_string_equal(scripted_log(), "end orders/0\ntaken?\n");
    /* And it learns that the stream was taken, though it has nothing to write. */
    scripted_stream(1)->epoch++;
    look();
    assert_int_equal(partition->state, PARTITION_FENCED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(records_that_follow_need_no_question, scripted_end),
        cmocka_unit_test_teardown(what_was_read_before_is_left_out, scripted_end),
        cmocka_unit_test_teardown(offsets_without_records_are_a_hole, scripted_end),
        cmocka_unit_test_teardown(holes_that_are_normal_are_not_asked_about, scripted_end),
        cmocka_unit_test_teardown(a_record_that_is_there_is_not_skipped, scripted_end),
        cmocka_unit_test_teardown(a_gap_that_closes_begins_a_new_count, scripted_end),
        cmocka_unit_test_teardown(what_retention_took_is_noted, scripted_end),
        cmocka_unit_test_teardown(each_part_of_a_gap_has_its_own_proof, scripted_end),
        cmocka_unit_test_teardown(a_question_without_an_answer_skips_nothing, scripted_end),
        cmocka_unit_test_teardown(an_answer_that_waiting_does_not_change_stops, scripted_end),
        cmocka_unit_test_teardown(where_a_gap_is_an_error_it_stops_at_once, scripted_end),
        cmocka_unit_test_teardown(a_new_stream_begins_where_its_topic_does, scripted_end),
        cmocka_unit_test_teardown(who_wants_the_latest_begins_there, scripted_end),
        cmocka_unit_test_teardown(the_stored_tail_is_found_again, scripted_end),
        cmocka_unit_test_teardown(another_tail_is_another_topic, scripted_end),
        cmocka_unit_test_teardown(a_tail_that_was_compacted_away_is_said_so, scripted_end),
        cmocka_unit_test_teardown(a_topic_that_is_shorter_is_another_one, scripted_end),
        cmocka_unit_test_teardown(a_stream_that_was_taken_is_not_renewed, scripted_end),
        cmocka_unit_test_teardown(a_renewal_that_fails_is_tried_again, scripted_end),
        cmocka_unit_test_teardown(a_position_that_retention_took_is_noted, scripted_end),
        cmocka_unit_test_teardown(a_position_that_is_there_is_read_again, scripted_end),
        cmocka_unit_test_teardown(an_end_is_reached_when_all_is_committed, scripted_end),
        cmocka_unit_test_teardown(an_end_before_what_was_read_is_looked_into, scripted_end),
        cmocka_unit_test_teardown(what_stands_still_is_read_again, scripted_end),
        cmocka_unit_test_teardown(silence_at_the_end_is_no_fault, scripted_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
