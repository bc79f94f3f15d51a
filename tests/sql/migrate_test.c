/*
 * The schema: migrating, checking versions, and that every statement prepares. What holds for all
 * its tables is in catalogue_test.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "hindcast/migrate.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

static void
open_checked(struct err *err, int expected)
{
    struct store *store = NULL;
    struct store_options options = {.conninfo = pgtest_conninfo(), .check_schema = true};
    int status = store_open(&store, &options, err);
    if (status != expected)
        fail_msg("store_open gave %d: %s", status, err->message);
    store_close(store);
}

static void
migrating_creates_then_leaves_alone(void **state)
{
    (void)state;
    struct err err = {0};
    struct migrate_result result;
    open_checked(&err, -1);
    assert_int_equal(err.code, ERR_DB_SCHEMA);
    assert_non_null(strstr(err.hint, "hindcast migrate"));

    struct store *store = pgtest_open(NULL);
    if (store_migrate(store, &result, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(result.before, 0);
    assert_true(result.applied >= 2);
    int version = result.after;
    assert_int_equal(store_migrate(store, &result, &err), 0);
    assert_int_equal(result.applied, 0);
    assert_int_equal(result.before, version);
    store_close(store);
    open_checked(&err, 0);
}

static void
a_changed_migration_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct migrate_result result;
    struct store *store = pgtest_open(NULL);
    pgtest_run("UPDATE hindcast.migration SET checksum = 'x' || checksum WHERE version = 1");
    assert_int_equal(store_migrate(store, &result, &err), -1);
    assert_int_equal(err.code, ERR_DB_SCHEMA);
    assert_non_null(strstr(err.message, "0001_"));
    pgtest_run("UPDATE hindcast.migration SET checksum = substr(checksum, 2) WHERE version = 1");
    assert_int_equal(store_migrate(store, &result, &err), 0);
    store_close(store);
}

static void
versions_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct migrate_result result;
    pgtest_run("UPDATE hindcast.schema_version SET version = version + 1000");
    open_checked(&err, 0);
    struct store *store = pgtest_open(NULL);
    assert_int_equal(store_migrate(store, &result, &err), -1);
    assert_non_null(strstr(err.message, "schema is newer"));
    store_close(store);
    pgtest_run("UPDATE hindcast.schema_version SET oldest_program = 1000");
    open_checked(&err, -1);
    assert_non_null(strstr(err.message, "schema is newer"));
    pgtest_run("UPDATE hindcast.schema_version SET version = 1, oldest_program = 1");
    open_checked(&err, -1);
    assert_non_null(strstr(err.message, "too old"));
    pgtest_run("UPDATE hindcast.schema_version SET version = (SELECT max(version) FROM "
               "hindcast.migration)");
    open_checked(&err, 0);
}

static void
every_statement_prepares(void **state)
{
    (void)state;
    struct store *store = pgtest_open(NULL);
    for (const struct embedded_file *file = embedded_queries; file->name != NULL; file++) {
        if (strncmp(file->text, "-- script", 9) == 0)
            continue;
        PGresult *result = PQprepare(store->pg, "", file->text, 0, NULL);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            fail_msg("%s: %s", file->name, PQresultErrorMessage(result));
        PQclear(result);
    }
    store_close(store);
}

static void
the_database_being_away_is_said(void **state)
{
    (void)state;
    struct err err = {0};
    struct store *store = NULL;
    struct store_options options = {.conninfo = "host=127.0.0.1 port=1 user=u password=s3cret"};
    assert_int_equal(store_open(&store, &options, &err), -1);
    assert_int_equal(err.code, ERR_DB_DOWN);
    assert_null(strstr(err.message, "s3cret"));
    options.conninfo = "dbname=hindcast_no_such_database";
    assert_int_equal(store_open(&store, &options, &err), -1);
    assert_int_equal(err.code, ERR_DB_AUTH);
    assert_string_equal(err.sqlstate, "3D000");
    options.conninfo = "user=hindcast_nobody_at_all";
    assert_int_equal(store_open(&store, &options, &err), -1);
    assert_int_equal(err.code, ERR_DB_AUTH);
    options.conninfo = "host=x password s3cret";
    assert_int_equal(store_open(&store, &options, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    assert_null(strstr(err.message, "s3cret"));
}

static void
a_terminated_connection_can_be_opened_again(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t rows;
    struct store *store = pgtest_open("hindcast_ingest");
    char sql[96];
    snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d, 5000)", PQbackendPID(store->pg));
    pgtest_run(sql);
    assert_int_equal(store_do(store, QUERY_migrate_applied, NULL, 0, &rows, &err), -1);
    assert_int_equal(err.code, ERR_DB_DOWN);
    assert_false(store_connected(store));
    assert_int_equal(store_reconnect(store, &err), 0);
    assert_int_equal(store_do(store, QUERY_migrate_applied, NULL, 0, &rows, &err), 0);
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migrating_creates_then_leaves_alone),
        cmocka_unit_test(a_changed_migration_is_refused),
        cmocka_unit_test(versions_that_do_not_fit_are_refused),
        cmocka_unit_test(every_statement_prepares),
        cmocka_unit_test(the_database_being_away_is_said),
        cmocka_unit_test(a_terminated_connection_can_be_opened_again),
    };
    return cmocka_run_group_tests(tests, pgtest_setup_empty, pgtest_teardown);
}
