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

#include "hindcast/version.h"
#include "ingest/worker/assignment.h"
#include "ingest/worker/commit.h"
#include "ingest/worker/decoding.h"
#include "tests/lib/scripted/servers.h"

#define TOPIC "orders"
#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

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

/* Nobody decodes with options that are not applied. */
static void
the_first_one_applies_its_own(void **state)
{
    (void)state;
    struct err err = {0};
    worker = scripted_start(NULL);
    scripted_fail(CALL_DECODING_ADD, ERR_DB_DOWN);
    assert_int_equal(decoding_renew(worker, &err), -1);
    assert_int_equal(err.code, ERR_DB_DOWN);
    assert_int_equal(worker->decoding.number, 0);
    (void)scripted_log();
    assert_int_equal(decoding_renew(worker, &err), 0);
    assert_string_equal(scripted_log(), "decoding?\nbegin\ndecoding?\n");
    assert_int_equal(worker->decoding.number, 1);
    assert_false(worker->decoding.differs);
    assert_string_equal(worker->decoding.digest, worker->decoding.own_digest);
    assert_int_equal(worker->ingest->decoding.how, APPLIED_FIRST);

    assert_int_equal(decoding_renew(worker, &err), 0);
    assert_string_equal(scripted_log(), "decoding?\n");
    assert_int_equal(worker->decoding.how, APPLIED_BEFORE);
    assert_int_equal(worker->ingest->decoding.how, APPLIED_FIRST);
}

/* Refused, read, and everything is decoded again; nothing twice. */
static void
a_batch_that_was_decoded_otherwise_is_decoded_again(void **state)
{
    (void)state;
    begin();
    scripted_apply("scope = shop\norders.service = cart\n");
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_string_equal(scripted_log(), "commit 1->2\ndecoding?\n");
    assert_int_equal(scripted_stream(1)->records, 0);
    assert_true(batch_empty(worker->batch) && batch_empty(worker->sent));
    assert_int_equal(worker->decoding.number, 2);
    assert_true(worker->decoding.differs);
    assert_string_equal(worker->decoding.differs_in,
                        "the options format, headers, scope and 7 more");
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
    scripted_apply("");
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
    scripted_apply("");
    scripted_fail(CALL_DECODING, ERR_DB_DOWN);
    assert_int_equal(scripted_commit(worker), ERR_DB_DOWN);
    assert_int_equal(worker->decoding.number, 1);
    assert_int_equal(batch_next_offset(worker->sent, 1), 2);
    scripted_let_time_pass(worker);
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_int_equal(worker->decoding.number, 2);
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
    scripted_apply("scope = shop\n");
    scripted_fail(CALL_TAKEN, ERR_OVERTAKEN);
    commit_ask(worker);
    commit_settle(worker);
    assert_int_equal(worker->decoding.number, 2);
    assert_int_equal(worker->partitions[0].state, PARTITION_UNCLAIMED);
    assert_int_equal(worker->failed.code, ERR_NONE);
}

/* Maps are not put to use while others decode: all workers end, with nothing written. */
static void
other_files_end_all_workers(void **state)
{
    (void)state;
    begin();
    scripted_apply("file a.map 32 text\n[a]\nbid = 9\nwhen = x\nkind = log\n\n");
    assert_int_equal(scripted_commit(worker), ERR_NONE);
    assert_true(batch_empty(worker->batch) && batch_empty(worker->sent));
    assert_int_equal(scripted_stream(1)->records, 0);
    assert_int_equal(worker->decoding.number, 1);
    assert_true(worker->ingest->exchanging);
    assert_int_equal(worker->ingest->exchange_number, 2);
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
    scripted_apply("format = of_a_later_program\n");
    assert_int_equal(scripted_commit(worker), ERR_CONFIG);
    assert_int_equal(worker->decoding.number, 1);
    assert_int_equal(scripted_stream(1)->records, 0);
}

/* Options and files go on, and count as this program's. */
static void
a_newer_program_takes_over_when_it_starts(void **state)
{
    (void)state;
    struct err err = {0};
    worker = scripted_start(NULL);
    scripted_apply_of("0.0.9 " HEX, "scope = shop\n");
    assert_int_equal(decoding_renew(worker, &err), 0);
    assert_string_equal(scripted_log(), "decoding?\ntake over 1\ndecoding?\n");
    assert_int_equal(worker->decoding.number, 2);
    assert_string_equal(worker->decoding.differs_in,
                        "the options format, headers, scope and 6 more");
    assert_int_equal(worker->ingest->decoding.how, APPLIED_TAKEN_OVER);
}

/* What it cannot read it leaves to those who can. */
static void
what_a_newer_program_cannot_read_it_does_not_take_over(void **state)
{
    (void)state;
    struct err err = {0};
    worker = scripted_start(NULL);
    scripted_apply_of("0.0.9 " HEX, "format = of_an_earlier_program\n");
    assert_int_equal(decoding_renew(worker, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    scripted_apply_of("0.0.9 " HEX, "file a.map 4 text\n[a]\n\n");
    assert_int_equal(decoding_renew(worker, &err), 0);
    assert_true(worker->ingest->exchanging);
    assert_int_equal(applied_files_use(&worker->ingest->exchange, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    assert_string_equal(scripted_log(), "decoding?\ndecoding?\n");
    format_files_release(&worker->ingest->exchange);
}

/* It was applied by a person while this one ran: two programs do not take over from each other. */
static void
a_program_that_runs_takes_nothing_over(void **state)
{
    (void)state;
    begin();
    scripted_apply_of("0.0.9 " HEX, "");
    assert_int_equal(scripted_commit(worker), ERR_DB_SCHEMA);
    assert_int_equal(scripted_stream(1)->records, 0);
    assert_string_equal(scripted_log(), "commit 1->2\ndecoding?\n");
}

static void
options_of_another_program_stop_it(void **state)
{
    static const char *const others[] = {"99.0.0 " HEX, HINDCAST_VERSION " " HEX, "? x",
                                         "0.1 " HEX,    "0.1.9999999999 " HEX,    ""};
    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct err err = {0};
        worker = scripted_start(NULL);
        scripted_apply_of(others[i], "");
        assert_int_equal(decoding_renew(worker, &err), -1);
        assert_int_equal(err.code, ERR_DB_SCHEMA);
        assert_string_equal(scripted_log(), "decoding?\n");
        scripted_end(state);
    }
    worker = scripted_start(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_first_one_applies_its_own, scripted_end),
        cmocka_unit_test_teardown(a_batch_that_was_decoded_otherwise_is_decoded_again,
                                  scripted_end),
        cmocka_unit_test_teardown(both_batches_are_dropped, scripted_end),
        cmocka_unit_test_teardown(options_that_cannot_be_read_are_read_later, scripted_end),
        cmocka_unit_test_teardown(who_is_idle_learns_of_others, scripted_end),
        cmocka_unit_test_teardown(other_files_end_all_workers, scripted_end),
        cmocka_unit_test_teardown(options_that_this_program_lacks_stop_it, scripted_end),
        cmocka_unit_test_teardown(a_newer_program_takes_over_when_it_starts, scripted_end),
        cmocka_unit_test_teardown(what_a_newer_program_cannot_read_it_does_not_take_over,
                                  scripted_end),
        cmocka_unit_test_teardown(a_program_that_runs_takes_nothing_over, scripted_end),
        cmocka_unit_test_teardown(options_of_another_program_stop_it, scripted_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
