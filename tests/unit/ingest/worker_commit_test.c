/*
 * Committing against a scripted database: what is lost on the way there and back, what another
 * worker took, in what order batches go. Whatever happens, each record is committed once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "ingest/worker/commit.h"
#include "tests/lib/scripted/servers.h"

#define TOPIC "orders"

static struct worker *worker;

/* Two partitions, streams 1 and 2, with the records [0, first) and [0, second) in the batch. */
static void
begin(int64_t first, int64_t second)
{
    worker = scripted_start(NULL);
    scripted_broker(TOPIC, 0, 0, 100);
    scripted_broker(TOPIC, 1, 0, 100);
    scripted_assign(worker, TOPIC, 0);
    scripted_assign(worker, TOPIC, 1);
    for (int64_t i = 0; i < first; i++)
        scripted_record(worker, TOPIC, 0, i);
    for (int64_t i = 0; i < second; i++)
        scripted_record(worker, TOPIC, 1, i);
    (void)scripted_log();
}

static void
assert_stream(int64_t stream_id, int64_t records, int64_t next)
{
    assert_int_equal(scripted_stream(stream_id)->records, records);
    assert_int_equal(scripted_stream(stream_id)->next_offset, next);
}

static void
assert_all_committed(int64_t records)
{
    assert_int_equal(atomic_load(&worker->totals.records), records);
    assert_true(batch_empty(worker->batch) && batch_empty(worker->sent));
    assert_false(worker->in_flight);
}

static void
a_batch_is_committed(void **state)
{
    (void)state;
    begin(3, 2);
    assert_true(commit_pending(worker, &worker->partitions[0]));
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "commit 1->3 2->2\n");
    assert_stream(1, 3, 3);
    assert_stream(2, 2, 2);
    assert_all_committed(5);
    assert_false(commit_pending(worker, &worker->partitions[0]));
    assert_int_equal(worker->streams[0].next_offset, 3);
    assert_int_equal(atomic_load(&worker->totals.batches), 1);
}

/* A batch that is not due waits. */
static void
what_is_not_due_stays(void **state)
{
    (void)state;
    struct err err = {0};
    begin(3, 0);
    assert_int_equal(commit_step(worker, false, &err), 0);
    assert_false(worker->in_flight);
    assert_string_equal(scripted_log(), "");
}

static void
the_answer_is_lost_and_it_was_written(void **state)
{
    (void)state;
    begin(3, 2);
    scripted_lose_answer(true);
    assert_int_equal(scripted_commit(worker), ERR_DB_UNKNOWN);
    assert_true(worker->unresolved && worker->paused);
    assert_int_equal(atomic_load(&worker->totals.records), 0);
    scripted_let_time_pass(worker);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    /* Nothing is sent a second time. */
    assert_string_equal(scripted_log(), "commit 1->3 2->2\npause\nreconnect\nown 1\nread 1\nown 2\n"
                                        "read 2\nresume\n");
    assert_stream(1, 3, 3);
    assert_stream(2, 2, 2);
    assert_all_committed(5);
    assert_int_equal(worker->partitions[0].state, PARTITION_READING);
}

static void
the_answer_is_lost_and_it_was_not_written(void **state)
{
    (void)state;
    begin(3, 2);
    scripted_lose_answer(false);
    assert_int_equal(scripted_commit(worker), ERR_DB_UNKNOWN);
    scripted_let_time_pass(worker);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "commit 1->3 2->2\npause\nreconnect\nown 1\nread 1\nown 2\n"
                                        "read 2\ncommit 1->3 2->2\nresume\n");
    assert_stream(1, 3, 3);
    assert_all_committed(5);
}

/* What is filled meanwhile goes after what was sent, and only once that is settled. */
static void
batches_stay_in_order(void **state)
{
    (void)state;
    begin(3, 0);
    scripted_lose_answer(false);
    assert_int_equal(scripted_commit(worker), ERR_DB_UNKNOWN);
    scripted_record(worker, TOPIC, 0, 3);
    scripted_record(worker, TOPIC, 0, 4);
    scripted_let_time_pass(worker);
    (void)scripted_log();
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_stream(1, 3, 3);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "reconnect\nown 1\nread 1\nown 2\nread 2\ncommit 1->3\n"
                                        "resume\ncommit 1->5\n");
    assert_stream(1, 5, 5);
    assert_all_committed(5);
}

/* The answer is lost again and again, and so is the connection that asks for it. */
static void
an_outcome_stays_unknown_until_it_is_read(void **state)
{
    (void)state;
    begin(3, 0);
    scripted_lose_answer(true);
    scripted_fail(CALL_RECONNECT, ERR_DB_DOWN);
    scripted_fail(CALL_OWN_AGAIN, ERR_DB_DOWN);
    scripted_fail(CALL_STREAM_READ, ERR_DB_DOWN);
    assert_int_equal(scripted_commit(worker), ERR_DB_UNKNOWN);
    for (int i = 0; i < 3; i++) {
        /* Not before its time: nothing is asked. */
        (void)scripted_log();
        assert_int_equal(scripted_commit(worker), ERR_NONE);
        assert_string_equal(scripted_log(), "");
        scripted_let_time_pass(worker);
        assert_int_equal(scripted_commit(worker), ERR_DB_DOWN);
        assert_true(worker->unresolved);
        assert_int_equal(worker->database.retry.tries, i + 2);
    }
    scripted_let_time_pass(worker);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_false(worker->unresolved);
    assert_stream(1, 3, 3);
    assert_all_committed(3);
}

/* Somebody claimed the stream while nobody knew: theirs now, whatever became of our batch. */
static void
a_stream_is_taken_while_the_outcome_is_unknown(void **state)
{
    (void)state;
    begin(3, 2);
    scripted_lose_answer(false);
    assert_int_equal(scripted_commit(worker), ERR_DB_UNKNOWN);
    /* The other one has read the same records since. */
    *scripted_stream(1) = (struct scripted_stream){.epoch = 2, .next_offset = 3, .records = 3};
    scripted_let_time_pass(worker);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "commit 1->3 2->2\npause\nreconnect\nown 1\nread 1\nown 2\n"
                                        "read 2\ncommit 2->2\nresume\n");
    assert_int_equal(worker->partitions[0].state, PARTITION_FENCED);
    assert_int_equal(worker->partitions[1].state, PARTITION_READING);
    assert_stream(1, 3, 3);
    assert_stream(2, 2, 2);
    assert_all_committed(2);
}

/* A failover to a server that had not heard of commits that were acknowledged: read again. */
static void
acknowledged_commits_are_gone(void **state)
{
    (void)state;
    begin(3, 2);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    scripted_stream(1)->next_offset = -1;
    scripted_stream(1)->records = 0;
    scripted_record(worker, TOPIC, 0, 3);
    scripted_fail(CALL_COMMIT, ERR_DB_DOWN);
    assert_int_equal(scripted_commit(worker), ERR_DB_DOWN);
    scripted_let_time_pass(worker);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(worker->partitions[0].state, PARTITION_UNCLAIMED);
    assert_int_equal(worker->partitions[1].state, PARTITION_READING);
    assert_stream(1, 0, -1);
    assert_all_committed(5);
}

/* Of a batch with a fenced stream nothing is written; the rest of it is, at once. */
static void
a_fenced_stream_is_dropped_and_the_rest_goes_on(void **state)
{
    (void)state;
    begin(3, 2);
    scripted_stream(2)->epoch++;
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "commit 1->3 2->2\ncommit 1->3\n");
    assert_int_equal(worker->partitions[1].state, PARTITION_FENCED);
    assert_true(worker->partitions[1].retry_at_ns > clock_monotonic_ns());
    assert_stream(1, 3, 3);
    assert_stream(2, 0, -1);
    assert_all_committed(3);
    assert_int_equal(atomic_load(&worker->totals.fenced), 1);
}

/* Fenced, but by none of ours: something is wrong here, and nothing may be dropped. */
static void
a_fence_without_a_fenced_stream_is_a_fault(void **state)
{
    (void)state;
    begin(3, 0);
    scripted_fail(CALL_COMMIT, ERR_FENCED);
    assert_int_equal(scripted_commit(worker), ERR_INTERNAL);
    assert_int_equal(batch_next_offset(worker->sent, 1), 3);
}

static void
a_database_that_is_away_loses_nothing(void **state)
{
    (void)state;
    begin(3, 0);
    scripted_fail(CALL_COMMIT, ERR_DB_FULL);
    assert_int_equal(scripted_commit(worker), ERR_DB_FULL);
    assert_true(worker->paused);
    assert_true(worker->waiting_for[0] != '\0');
    assert_false(worker->unresolved);
    assert_int_equal(batch_next_offset(worker->sent, 1), 3);
    scripted_let_time_pass(worker);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "commit 1->3\npause\ncommit 1->3\nresume\n");
    assert_int_equal(worker->waiting_for[0], '\0');
    assert_all_committed(3);
}

static void
what_waiting_does_not_mend_is_no_wait(void **state)
{
    (void)state;
    begin(3, 0);
    scripted_fail(CALL_COMMIT, ERR_DB_QUERY);
    assert_int_equal(scripted_commit(worker), ERR_DB_QUERY);
    assert_false(backoff_active(&worker->database));
    assert_stream(1, 0, -1);
}

/* Nothing to write, but the connection is gone: the server that took over may be behind. */
static void
a_lost_connection_is_looked_into_without_a_batch(void **state)
{
    (void)state;
    begin(3, 0);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    store_close(worker->store);
    scripted_stream(1)->next_offset = 1;
    (void)scripted_log();
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "reconnect\nown 1\nread 1\nown 2\nread 2\n");
    assert_int_equal(worker->partitions[0].state, PARTITION_UNCLAIMED);
}

static void
who_has_nothing_to_write_asks(void **state)
{
    (void)state;
    begin(0, 0);
    scripted_stream(2)->epoch++;
    commit_ask(worker);
    commit_ask(worker); /* one question at a time */
    commit_settle(worker);
    assert_string_equal(scripted_log(), "taken?\n");
    assert_int_equal(worker->partitions[0].state, PARTITION_READING);
    assert_int_equal(worker->partitions[1].state, PARTITION_FENCED);
}

/* A partition ends with all of it committed, in both batches. */
static void
everything_is_committed_before_an_end(void **state)
{
    (void)state;
    struct err err = {0};
    begin(2, 0);
    assert_int_equal(commit_step(worker, true, &err), 0);
    scripted_record(worker, TOPIC, 0, 2);
    assert_int_equal(commit_until(worker, INT64_MAX, &err), 0);
    assert_string_equal(scripted_log(), "commit 1->2\ncommit 1->3\n");
    assert_stream(1, 3, 3);
    assert_all_committed(3);
}

/* The patience of a program that is to end: no longer, and nothing counts as committed. */
static void
an_end_does_not_wait_for_ever(void **state)
{
    (void)state;
    struct err err = {0};
    begin(3, 0);
    scripted_fail(CALL_COMMIT, ERR_DB_DOWN);
    assert_int_equal(scripted_commit(worker), ERR_DB_DOWN);
    atomic_store(&worker->ingest->drained_ns, 1);
    assert_int_equal(commit_until(worker, INT64_MAX, &err), -1);
    assert_int_equal(err.code, ERR_DB_DOWN);
    assert_stream(1, 0, -1);
    assert_int_equal(atomic_load(&worker->totals.records), 0);
}

static void
kafka_hears_of_what_is_committed(void **state)
{
    (void)state;
    begin(3, 2);
    commit_offsets_to_kafka(worker);
    assert_string_equal(scripted_log(), "");
    scripted_stream(2)->epoch++;
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    (void)scripted_log();
    commit_offsets_to_kafka(worker);
    assert_string_equal(scripted_log(), "offset orders/0 3\n");
    scripted_record(worker, TOPIC, 0, 3);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    (void)scripted_log();
    commit_offsets_to_kafka(worker); /* too soon */
    assert_string_equal(scripted_log(), "");
    scripted_let_time_pass(worker);
    commit_offsets_to_kafka(worker);
    assert_string_equal(scripted_log(), "offset orders/0 4\n");
    commit_offsets_to_kafka(worker); /* nothing new */
    scripted_let_time_pass(worker);
    commit_offsets_to_kafka(worker);
    assert_string_equal(scripted_log(), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_batch_is_committed, scripted_end),
        cmocka_unit_test_teardown(what_is_not_due_stays, scripted_end),
        cmocka_unit_test_teardown(the_answer_is_lost_and_it_was_written, scripted_end),
        cmocka_unit_test_teardown(the_answer_is_lost_and_it_was_not_written, scripted_end),
        cmocka_unit_test_teardown(batches_stay_in_order, scripted_end),
        cmocka_unit_test_teardown(an_outcome_stays_unknown_until_it_is_read, scripted_end),
        cmocka_unit_test_teardown(a_stream_is_taken_while_the_outcome_is_unknown, scripted_end),
        cmocka_unit_test_teardown(acknowledged_commits_are_gone, scripted_end),
        cmocka_unit_test_teardown(a_fenced_stream_is_dropped_and_the_rest_goes_on, scripted_end),
        cmocka_unit_test_teardown(a_fence_without_a_fenced_stream_is_a_fault, scripted_end),
        cmocka_unit_test_teardown(a_database_that_is_away_loses_nothing, scripted_end),
        cmocka_unit_test_teardown(what_waiting_does_not_mend_is_no_wait, scripted_end),
        cmocka_unit_test_teardown(a_lost_connection_is_looked_into_without_a_batch, scripted_end),
        cmocka_unit_test_teardown(who_has_nothing_to_write_asks, scripted_end),
        cmocka_unit_test_teardown(everything_is_committed_before_an_end, scripted_end),
        cmocka_unit_test_teardown(an_end_does_not_wait_for_ever, scripted_end),
        cmocka_unit_test_teardown(kafka_hears_of_what_is_committed, scripted_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
