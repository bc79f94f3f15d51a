/*
 * Partitions that come and go, against a scripted database and broker: claims that are refused,
 * given back and lost partitions, topics that are deleted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "ingest/worker/assignment.h"
#include "ingest/worker/commit.h"
#include "ingest/worker/vanished.h"
#include "tests/lib/scripted/servers.h"

#define TOPIC "orders"

static struct worker *worker;

static void
begin(const char *const *settings)
{
    worker = scripted_start(settings);
    for (int32_t i = 0; i < 3; i++)
        scripted_broker(TOPIC, i, 0, 100);
    (void)scripted_log();
}

static size_t
fill(struct kafka_place *places, const int32_t *partitions, size_t count)
{
    memset(places, 0, count * sizeof(*places));
    for (size_t i = 0; i < count; i++) {
        snprintf(places[i].topic, sizeof(places[i].topic), "%s", TOPIC);
        places[i].partition = partitions[i];
    }
    return count;
}

static void
revoke(int32_t partition, bool lost)
{
    struct kafka_place place;
    (void)fill(&place, &partition, 1);
    worker->listener.revoked(worker, &place, 1, lost);
}

static const struct partition *
partition_of(int32_t number)
{
    return partition_find(worker, SV(TOPIC), number);
}

static void
assert_state(int32_t number, enum partition_state state)
{
    assert_non_null(partition_of(number));
    assert_int_equal(partition_of(number)->state, state);
}

/* ---- claims ---- */

/* In one order whatever Kafka's, so that two workers meet at the same row; read from the start. */
static void
all_are_claimed_in_one_order(void **state)
{
    (void)state;
    struct kafka_place places[3];
    bool paused = true;
    begin(NULL);
    worker->listener.assigned(worker, places, fill(places, (const int32_t[]){2, 0, 1}, 3), &paused);
    assert_string_equal(scripted_log(), "claim orders/0\nclaim orders/1\nclaim orders/2\n");
    assert_false(paused);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(places[i].offset, KAFKA_FROM_START);
    assert_int_equal(atomic_load(&worker->assigned), 3);
    assert_true(atomic_load(&worker->joined));
}

static void
reading_goes_on_at_the_stored_tail(void **state)
{
    (void)state;
    struct kafka_place place;
    bool paused;
    begin(NULL);
    scripted_assign(worker, TOPIC, 0);
    for (int64_t i = 0; i < 3; i++)
        scripted_record(worker, TOPIC, 0, i);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    revoke(0, false);
    worker->listener.assigned(worker, &place, fill(&place, (const int32_t[]){0}, 1), &paused);
    assert_int_equal(place.offset, 3);
    scripted_stream(1)->tail_offset = 2;
    revoke(0, false);
    worker->listener.assigned(worker, &place, fill(&place, (const int32_t[]){0}, 1), &paused);
    assert_int_equal(place.offset, 2);
}

/* The database is away: none is claimed, all are assigned, and what comes is not used. */
static void
a_claim_that_is_refused_is_made_later(void **state)
{
    (void)state;
    struct kafka_place places[3];
    bool paused = false;
    begin(NULL);
    scripted_fail(CALL_CLAIM, ERR_DB_DOWN);
    worker->listener.assigned(worker, places, fill(places, (const int32_t[]){0, 1, 2}, 3), &paused);
    /* Who has waited for one does not wait for each of them. */
    assert_string_equal(scripted_log(), "claim orders/0\npause\n");
    assert_true(paused);
    assert_int_equal(worker->failed.code, ERR_NONE);
    for (int32_t i = 0; i < 3; i++)
        assert_state(i, PARTITION_UNCLAIMED);
    scripted_record(worker, TOPIC, 0, 0);
    assert_true(batch_empty(worker->batch));

    assignment_retry(worker); /* not yet */
    assert_string_equal(scripted_log(), "");
    scripted_let_time_pass(worker);
    assignment_retry(worker);
    assert_string_equal(scripted_log(), "reconnect\nclaim orders/0\nrestart orders/0 at -2\npause\n"
                                        "claim orders/1\nrestart orders/1 at -2\npause\n"
                                        "claim orders/2\nrestart orders/2 at -2\npause\n");
    scripted_record(worker, TOPIC, 0, 0);
    assert_false(batch_empty(worker->batch));
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_false(worker->paused);
    assert_int_equal(scripted_stream(1)->records, 1);
}

/* Refused again: the others wait with it. */
static void
a_claim_that_is_refused_again_is_made_later_still(void **state)
{
    (void)state;
    begin(NULL);
    scripted_fail(CALL_CLAIM, ERR_DB_CONFLICT);
    scripted_assign(worker, TOPIC, 0);
    scripted_fail(CALL_CLAIM, ERR_DB_CONFLICT);
    scripted_assign(worker, TOPIC, 1);
    (void)scripted_log();
    scripted_fail(CALL_CLAIM, ERR_DB_CONFLICT);
    scripted_let_time_pass(worker);
    assignment_retry(worker);
    assert_string_equal(scripted_log(), "claim orders/0\n");
    assert_true(partition_of(0)->retry_at_ns > clock_monotonic_ns());
    assert_int_equal(worker->database.retry.tries, 3);
}

static void
a_claim_that_waiting_does_not_mend_stops(void **state)
{
    (void)state;
    begin(NULL);
    scripted_fail(CALL_CLAIM, ERR_DB_SCHEMA);
    scripted_assign(worker, TOPIC, 0);
    assert_int_equal(worker->failed.code, ERR_DB_SCHEMA);
    assert_true(worker_stopping(worker));
    (void)scripted_log();
    scripted_assign(worker, TOPIC, 1); /* no claims any more */
    assert_string_equal(scripted_log(), "");
}

/* Another worker owns it: tried again, after its session at the earliest, and then it is ours. */
static void
a_fenced_partition_is_claimed_again(void **state)
{
    (void)state;
    begin(NULL);
    scripted_assign(worker, TOPIC, 0);
    scripted_record(worker, TOPIC, 0, 0);
    scripted_stream(1)->epoch++;
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_state(0, PARTITION_FENCED);
    assert_true(partition_of(0)->retry_at_ns > clock_monotonic_ns() + NS_PER_S);
    assignment_retry(worker);
    assert_state(0, PARTITION_FENCED);
    scripted_record(worker, TOPIC, 0, 1); /* what was fetched already is not ours */
    assert_true(batch_empty(worker->batch));
    (void)scripted_log();
    scripted_let_time_pass(worker);
    assignment_retry(worker);
    assert_string_equal(scripted_log(), "claim orders/0\nrestart orders/0 at -2\n");
    scripted_record(worker, TOPIC, 0, 0);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(scripted_stream(1)->records, 1);
}

/* ---- given back, lost ---- */

static void
what_was_read_is_committed_before_it_is_given_back(void **state)
{
    (void)state;
    begin(NULL);
    for (int32_t i = 0; i < 3; i++)
        scripted_assign(worker, TOPIC, i);
    scripted_record(worker, TOPIC, 0, 0);
    scripted_record(worker, TOPIC, 2, 0);
    (void)scripted_log();
    revoke(0, false);
    assert_string_equal(scripted_log(), "commit 1->1 3->1\nrelease 1\n");
    assert_null(partition_of(0));
    /* The others keep the streams that are theirs. */
    scripted_record(worker, TOPIC, 1, 0);
    scripted_record(worker, TOPIC, 2, 1);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "commit 2->1 3->2\n");
    assert_int_equal(atomic_load(&worker->assigned), 2);
}

/* Others may read it already: nothing is written for it any more, nor released. */
static void
what_is_lost_is_dropped(void **state)
{
    (void)state;
    begin(NULL);
    scripted_assign(worker, TOPIC, 0);
    scripted_assign(worker, TOPIC, 1);
    scripted_record(worker, TOPIC, 0, 0);
    scripted_record(worker, TOPIC, 1, 0);
    (void)scripted_log();
    revoke(0, true);
    assert_string_equal(scripted_log(), "");
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "commit 2->1\n");
    assert_int_equal(scripted_stream(1)->records, 0);
}

/* The database does not take it in time: given back all the same, and read again by the next. */
static void
what_cannot_be_committed_is_given_back(void **state)
{
    (void)state;
    begin(NULL);
    scripted_assign(worker, TOPIC, 0);
    scripted_record(worker, TOPIC, 0, 0);
    scripted_fail(CALL_COMMIT, ERR_DB_DOWN);
    assert_int_equal(scripted_commit(worker), ERR_DB_DOWN);
    atomic_store(&worker->ingest->drained_ns, 1); /* no patience left */
    (void)scripted_log();
    revoke(0, false);
    assert_string_equal(scripted_log(), "");
    assert_int_equal(worker->failed.code, ERR_NONE);
    assert_int_equal(worker->count, 0);
    assert_true(batch_empty(worker->batch) && batch_empty(worker->sent));
    assert_int_equal(atomic_load(&worker->totals.records), 0);
}

static void
what_was_never_claimed_is_not_released(void **state)
{
    (void)state;
    begin(NULL);
    scripted_fail(CALL_CLAIM, ERR_DB_CONFLICT);
    scripted_assign(worker, TOPIC, 0);
    (void)scripted_log();
    revoke(0, false);
    revoke(1, false); /* one that we never had */
    assert_string_equal(scripted_log(), "");
    assert_int_equal(worker->count, 0);
}

/* ---- topics that are deleted ---- */

/* Committed up to 2, then the topic is gone. */
static void
begin_deleted(const char *const *settings)
{
    begin(settings);
    scripted_assign(worker, TOPIC, 0);
    scripted_record(worker, TOPIC, 0, 0);
    scripted_record(worker, TOPIC, 0, 1);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    revoke(0, false);
    scripted_broker_forget(TOPIC);
    (void)scripted_log();
}

static void
look(void)
{
    scripted_let_time_pass(worker);
    vanished_look(worker, clock_monotonic_ns());
    commit_settle(worker);
}

static void
a_deleted_topic_is_noted_once(void **state)
{
    (void)state;
    begin_deleted((const char *const[]){"kafka.topics=orders", NULL});
    look(); /* it may be about to come back */
    assert_string_equal(scripted_log(), "beyond orders/0\n");
    look();
    assert_string_equal(scripted_log(), "beyond orders/0\ngap 1 [2, 2) vanished\n");
    look();
    assert_string_equal(scripted_log(), "beyond orders/0\n");
}

static void
a_topic_that_comes_back_is_not_noted(void **state)
{
    (void)state;
    begin_deleted((const char *const[]){"kafka.topics=orders", NULL});
    look();
    scripted_broker(TOPIC, 0, 0, 0);
    look();
    scripted_broker_forget(TOPIC);
    look(); /* gone anew: suspected anew */
    assert_string_equal(scripted_log(), "beyond orders/0\nbeyond orders/1\nbeyond orders/0\n");
}

/* A gap that could not be written down is one that has to be. */
static void
a_gap_that_was_not_written_is_written_later(void **state)
{
    (void)state;
    begin_deleted((const char *const[]){"kafka.topics=orders", NULL});
    look();
    scripted_fail(CALL_NOTE_GAP, ERR_DB_CONFLICT);
    look();
    (void)scripted_log();
    look();
    assert_string_equal(scripted_log(), "beyond orders/0\ngap 1 [2, 2) vanished\n");
}

/* Somebody locks the table: the worker goes on polling, and commits once the answer is there. */
static void
a_question_does_not_hold_the_worker_up(void **state)
{
    (void)state;
    begin_deleted((const char *const[]){"kafka.topics=orders", NULL});
    scripted_assign(worker, "payments", 0);
    scripted_record(worker, "payments", 0, 0);
    (void)scripted_log();
    scripted_hold_answers(true);
    scripted_let_time_pass(worker);
    vanished_look(worker, clock_monotonic_ns());
    assert_true(worker->in_flight);
    vanished_look(worker, clock_monotonic_ns());
    assert_false(commit_wait(worker, clock_monotonic_ns()));
    scripted_record(worker, "payments", 0, 1);
    scripted_hold_answers(false);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "beyond orders/0\ncommit 2->2\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(all_are_claimed_in_one_order, scripted_end),
        cmocka_unit_test_teardown(reading_goes_on_at_the_stored_tail, scripted_end),
        cmocka_unit_test_teardown(a_claim_that_is_refused_is_made_later, scripted_end),
        cmocka_unit_test_teardown(a_claim_that_is_refused_again_is_made_later_still, scripted_end),
        cmocka_unit_test_teardown(a_claim_that_waiting_does_not_mend_stops, scripted_end),
        cmocka_unit_test_teardown(a_fenced_partition_is_claimed_again, scripted_end),
        cmocka_unit_test_teardown(what_was_read_is_committed_before_it_is_given_back, scripted_end),
        cmocka_unit_test_teardown(what_is_lost_is_dropped, scripted_end),
        cmocka_unit_test_teardown(what_cannot_be_committed_is_given_back, scripted_end),
        cmocka_unit_test_teardown(what_was_never_claimed_is_not_released, scripted_end),
        cmocka_unit_test_teardown(a_deleted_topic_is_noted_once, scripted_end),
        cmocka_unit_test_teardown(a_topic_that_comes_back_is_not_noted, scripted_end),
        cmocka_unit_test_teardown(a_gap_that_was_not_written_is_written_later, scripted_end),
        cmocka_unit_test_teardown(a_question_does_not_hold_the_worker_up, scripted_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
