/*
 * See pgtest.h. Used by tests/sql and tests/it; one thread.
 */
#include "tests/lib/pgtest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "hindcast/migrate.h"

static char database[64];
static char conninfo[96];
static char before[256];

static void
ignore_notice(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

static PGresult *
run_in(const char *where, const char *sql)
{
    PGconn *pg = PQconnectdb(where);
    if (PQstatus(pg) != CONNECTION_OK)
        fail_msg("no database for the test: %s", PQerrorMessage(pg));
    PQsetNoticeProcessor(pg, ignore_notice, NULL);
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
    PQfinish(pg);
    return result;
}

static void
run_outside(const char *format)
{
    char sql[256];
    snprintf(sql, sizeof(sql), format, database);
    PQclear(run_in("dbname=postgres", sql));
}

int
pgtest_setup_empty(void **state)
{
    (void)state;
    snprintf(database, sizeof(database), "hindcast_test_%d", (int)getpid());
    snprintf(conninfo, sizeof(conninfo), "dbname=%s", database);
    snprintf(before, sizeof(before), "%s",
             getenv("PGDATABASE") == NULL ? "" : getenv("PGDATABASE"));
    run_outside("DROP DATABASE IF EXISTS %s WITH (FORCE)");
    run_outside("CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'");
    setenv("PGDATABASE", database, 1);
    return 0;
}

int
pgtest_setup(void **state)
{
    struct migrate_result result;
    struct err err = {0};
    pgtest_setup_empty(state);
    struct store *store = pgtest_open(NULL);
    if (store_migrate(store, &result, &err) != 0)
        fail_msg("migrate: %s", err.message);
    store_close(store);
    return 0;
}

int
pgtest_teardown(void **state)
{
    (void)state;
    if (before[0] != '\0')
        setenv("PGDATABASE", before, 1);
    else
        unsetenv("PGDATABASE");
    run_outside("DROP DATABASE %s WITH (FORCE)");
    return 0;
}

struct store *
pgtest_open(const char *role)
{
    struct store *store = NULL;
    struct err err = {0};
    struct store_options options = {.conninfo = conninfo, .role = role, .application_name = "test"};
    if (store_open(&store, &options, &err) != 0)
        fail_msg("open: %s", err.message);
    return store;
}

char *
pgtest_value(const char *sql)
{
    PGresult *result = run_in(conninfo, sql);
    char *value = NULL;
    if (PQntuples(result) > 0 && !PQgetisnull(result, 0, 0))
        value = strdup(PQgetvalue(result, 0, 0));
    PQclear(result);
    return value;
}

int64_t
pgtest_int(const char *sql)
{
    char *value = pgtest_value(sql);
    if (value == NULL)
        fail_msg("%s gave nothing", sql);
    int64_t number = strtoll(value, NULL, 10);
    free(value);
    return number;
}

void
pgtest_run(const char *sql)
{
    PQclear(run_in(conninfo, sql));
}

int64_t
pgtest_counts_differ(void)
{
    static char sql[8192];
    FILE *file = fopen("tests/lib/counts_differ.sql", "re");
    if (file == NULL)
        fail_msg("no tests/lib/counts_differ.sql");
    size_t len = fread(sql, 1, sizeof(sql) - 1, file);
    sql[len] = '\0';
    fclose(file);
    return pgtest_int(sql);
}

const char *
pgtest_conninfo(void)
{
    return conninfo;
}
