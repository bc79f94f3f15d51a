/*
 * Taking a stream over from another process, as logins that are members of hindcast_ingest and
 * nothing else: with one login the old backend is ended; another login may neither see nor end it,
 * unless it is given that right, but the epoch fences the old one all the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "hindcast/delivery.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

static struct err err;
static char one[64], other[64];

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s", err.message);
}

static void
run(const char *format, const char *login)
{
    char sql[256];
    snprintf(sql, sizeof(sql), format, login, login);
    pgtest_run(sql);
}

static struct store *
open_as(const char *login)
{
    char conninfo[256];
    struct store *store = NULL;
    snprintf(conninfo, sizeof(conninfo), "%s user=%s", pgtest_conninfo(), login);
    struct store_options options = {
        .conninfo = conninfo, .role = "hindcast_ingest", .check_schema = true};
    need(store_open(&store, &options, &err));
    return store;
}

/* Claims for `first`, then for `second`; is the first one's connection still there? */
static bool
survives(const char *topic, const char *first_login, const char *second_login)
{
    struct store *first = open_as(first_login), *second = open_as(second_login);
    struct stream old, new;
    int64_t epoch, next, rows;
    bool fenced = false;
    need(store_claim(first, "c", topic, 0, "first", &old, &err));
    need(store_claim(second, "c", topic, 0, "second", &new, &err));
    assert_int_equal(new.epoch, old.epoch + 1);
    bool alive = store_do(first, QUERY_migrate_version, NULL, 0, &rows, &err) == 0;
    if (!alive) {
        assert_int_equal(err.code, ERR_DB_DOWN);
        need(store_reconnect(first, &err));
    }
    /* Ended or not, what it held is no longer its own. */
    struct batch *batch = batch_new(NULL);
    batch_add_holes(batch, &old, 0, 3);
    assert_int_equal(store_commit(first, batch, &old, 1, &fenced, &err), -1);
    assert_int_equal(err.code, ERR_FENCED);
    assert_true(fenced);
    need(store_stream_read(second, &new, &epoch, &next, &err));
    assert_true(epoch == new.epoch);
    batch_free(batch);
    store_close(first);
    store_close(second);
    return alive;
}

static void
one_login_ends_its_own_backend(void **state)
{
    (void)state;
    assert_false(survives("same", one, one));
}

static void
another_login_only_fences(void **state)
{
    (void)state;
    assert_true(survives("differ", one, other));
}

static void
with_the_right_it_ends_the_backend_too(void **state)
{
    (void)state;
    run("GRANT pg_signal_backend, pg_read_all_stats TO %s", other);
    assert_false(survives("granted", one, other));
}

static int
setup(void **state)
{
    pgtest_setup(state);
    snprintf(one, sizeof(one), "hindcast_test_one_%d", (int)getpid());
    snprintf(other, sizeof(other), "hindcast_test_other_%d", (int)getpid());
    run("CREATE ROLE %s LOGIN; GRANT hindcast_ingest TO %s", one);
    run("CREATE ROLE %s LOGIN; GRANT hindcast_ingest TO %s", other);
    return 0;
}

static int
teardown(void **state)
{
    run("DROP ROLE %s", one);
    run("DROP ROLE %s", other);
    return pgtest_teardown(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_login_ends_its_own_backend),
        cmocka_unit_test(another_login_only_fences),
        cmocka_unit_test(with_the_right_it_ends_the_backend_too),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
