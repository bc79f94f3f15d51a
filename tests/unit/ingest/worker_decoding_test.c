/*
 * A worker and the decoding options that are applied, against a scripted database: nothing is
 * committed that was decoded with others than those that count.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/worker/assignment.h"
#include "ingest/worker/commit.h"
#include "ingest/worker/decoding.h"
#include "tests/lib/scripted/servers.h"

#define TOPIC "orders"
#define HEAD "hindcast decoding 2\ndecoders = 00\n"

static struct worker *worker;

/* Two records in the batch, of one stream. */
static void
begin(void)
{
    struct err err = {0};
    worker = scripted_start(NULL);
    scripted_broker(TOPIC, 0, 0, 100);
    assert_int_equal(decoding_renew(worker, &err), 0);
    scripted_assign(worker, TOPIC, 0);
    scripted_record(worker, TOPIC, 0, 0);
    scripted_record(worker, TOPIC, 0, 1);
    (void)scripted_log();
}

static void
without_any_its_own_count(void **state)
{
    (void)state;
    begin();
    assert_int_equal(worker->decoding.number, 0);
    assert_false(worker->decoding.differs);
    assert_null(worker->decoding.config);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "commit 1->2\n");
}

/* Refused, read, and everything is decoded again; nothing twice. */
static void
a_batch_that_was_decoded_otherwise_is_decoded_again(void **state)
{
    (void)state;
    begin();
    scripted_apply(HEAD "scope = shop\norders.service = cart\n");
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "commit 1->2\ndecoding?\n");
    assert_int_equal(scripted_stream(1)->records, 0);
    assert_true(batch_empty(worker->batch) && batch_empty(worker->sent));
    assert_int_equal(worker->decoding.number, 1);
    assert_true(worker->decoding.differs);
    const struct decode_options *options = worker->partitions[0].decode;
    assert_true(sv_eq(options->scope, SV("shop")) && sv_eq(options->default_service, SV("cart")));
    assert_true(worker->ingest->decoding.differs);

    scripted_record(worker, TOPIC, 0, 2); /* fetched already: not before those in front of it */
    assert_true(batch_empty(worker->batch));
    assignment_retry(worker);
    assert_string_equal(scripted_log(), "claim orders/0\nrestart orders/0 at -2\n");
    for (int64_t i = 0; i < 3; i++)
        scripted_record(worker, TOPIC, 0, i);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(scripted_stream(1)->records, 3);
    assert_int_equal(atomic_load(&worker->totals.records), 3);
}

/* What is filled while the other batch is refused was decoded otherwise as well. */
static void
both_batches_are_dropped(void **state)
{
    (void)state;
    struct err err = {0};
    begin();
    scripted_apply(HEAD);
    assert_int_equal(commit_step(worker, true, &err), 0);
    scripted_record(worker, TOPIC, 0, 2);
    commit_settle(worker);
    assert_true(batch_empty(worker->batch) && batch_empty(worker->sent));
    assert_int_equal(worker->partitions[0].state, PARTITION_UNCLAIMED);
    assert_int_equal(scripted_stream(1)->records, 0);
}

/* The new ones cannot be read yet: the batch stays, and is refused again. */
static void
options_that_cannot_be_read_are_read_later(void **state)
{
    (void)state;
    begin();
    scripted_apply(HEAD);
    scripted_fail(CALL_DECODING, ERR_DB_DOWN);
    assert_int_equal(scripted_commit(worker), ERR_DB_DOWN);
    assert_int_equal(worker->decoding.number, 0);
    assert_int_equal(batch_next_offset(worker->sent, 1), 2);
    scripted_let_time_pass(worker);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(worker->decoding.number, 1);
    assert_int_equal(scripted_stream(1)->records, 0);
}

/* Also who has nothing to write learns that others count, when he asks for his streams. */
static void
who_is_idle_learns_of_others(void **state)
{
    (void)state;
    begin();
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    (void)scripted_log();
    scripted_apply(HEAD "scope = shop\n");
    scripted_fail(CALL_TAKEN, ERR_OVERTAKEN);
    commit_ask(worker);
    commit_settle(worker);
    assert_int_equal(worker->decoding.number, 1);
    assert_int_equal(worker->partitions[0].state, PARTITION_UNCLAIMED);
    assert_int_equal(worker->failed.code, ERR_NONE);
}

/* Maps are not put to use while others decode: all workers end, with nothing written. */
static void
other_files_end_all_workers(void **state)
{
    (void)state;
    begin();
    scripted_apply(HEAD "file a.map 32 text\n[a]\nbid = 9\nwhen = x\nkind = log\n\n");
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_true(batch_empty(worker->batch) && batch_empty(worker->sent));
    assert_int_equal(scripted_stream(1)->records, 0);
    assert_int_equal(worker->decoding.number, 0);
    assert_true(worker->ingest->exchanging);
    assert_int_equal(worker->ingest->exchange_number, 1);
    assert_int_equal(worker->ingest->exchange.count, 1);
    assert_string_equal(worker->ingest->exchange.list[0].name, "a.map");
    assert_true(worker_stopping(worker));
    assert_int_equal(worker->failed.code, ERR_NONE);
    scripted_record(worker, TOPIC, 0, 2);
    assert_true(batch_empty(worker->batch));
    format_files_release(&worker->ingest->exchange);
}

/* A format that this program does not have: it must not decode with another one. */
static void
options_that_this_program_lacks_stop_it(void **state)
{
    (void)state;
    begin();
    scripted_apply(HEAD "format = of_a_later_program\n");
    assert_int_equal(scripted_commit(worker), ERR_CONFIG);
    assert_int_equal(worker->decoding.number, 0);
    assert_int_equal(scripted_stream(1)->records, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(without_any_its_own_count, scripted_end),
        cmocka_unit_test_teardown(a_batch_that_was_decoded_otherwise_is_decoded_again,
                                  scripted_end),
        cmocka_unit_test_teardown(both_batches_are_dropped, scripted_end),
        cmocka_unit_test_teardown(options_that_cannot_be_read_are_read_later, scripted_end),
        cmocka_unit_test_teardown(who_is_idle_learns_of_others, scripted_end),
        cmocka_unit_test_teardown(other_files_end_all_workers, scripted_end),
        cmocka_unit_test_teardown(options_that_this_program_lacks_stop_it, scripted_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
