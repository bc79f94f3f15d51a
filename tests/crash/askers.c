/*
 * How the processes beside a run ask the database, which may be away for a while: see beside.h.
 */
#include <stdlib.h>

#include "app/applied.h"
#include "hindcast/casebook.h"
#include "store/pg/conn.h"
#include "tests/crash/beside.h"

#define AWAY (-2)

struct store *
beside_store(struct run *run, struct store *store)
{
    const struct store_options options = {.conninfo = "",
                                          .role = "hindcast_correlate",
                                          .application_name = "crash reader",
                                          .connect_timeout_ns = 5 * NS_PER_S};
    struct err err = {0};
    if (store != NULL && store_connected(store))
        return store;
    store_close(store);
    store = NULL;
    if (store_open(&store, &options, &err) == 0)
        return store;
    if (!err_retriable(err.code))
        fail_run(run, "the database is not there for who reads: %s", err.message);
    return NULL;
}

/* As the login of the harness, who may end backends and look at them. */
int64_t
beside_int(struct run *run, struct store *store, const char *sql, const char *scope)
{
    if (store == NULL)
        return AWAY;
    PGconn *conn = PQconnectdb("application_name='crash asker'");
    PGresult *result = PQexecParams(conn, sql, 1, (const Oid[]){25}, &scope, NULL, NULL, 0);
    bool away = PQstatus(conn) != CONNECTION_OK;
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK;
    int64_t value = -1;
    if (good && PQntuples(result) > 0 && !PQgetisnull(result, 0, 0))
        value = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    if (!good && !away)
        fail_run(run, "%s: %s", sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
    return away ? AWAY : value;
}

static int
look(struct store *store, struct arena *arena, bool *ret_behind, struct err *err)
{
    struct correlation_config own;
    struct applied applied;
    struct sv *scopes;
    size_t count;
    correlation_config_default(&own);
    *ret_behind = false;
    if (applied_read(store, arena, &own, &applied, err) != 0 ||
        casebook_scopes(store, arena, false, &scopes, &count, err) != 0)
        return -1;
    for (size_t i = 0; i < count && !*ret_behind; i++)
        if (casebook_behind(store, scopes[i], applied.number, ret_behind, err) != 0)
            return -1;
    return 0;
}

bool
beside_nothing_new(struct run *run, struct store *store)
{
    struct arena arena;
    struct err err = {0};
    bool behind;
    arena_init(&arena, 0);
    int status = look(store, &arena, &behind, &err);
    arena_release(&arena);
    if (status != 0 && !err_retriable(err.code))
        fail_run(run, "looking for what is new: %s", err.message);
    return status == 0 && !behind;
}
