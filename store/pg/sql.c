/*
 * Running embedded statements, and transactions: see conn.h. All of store/ uses it, each on the
 * thread of its connection.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "store/pg/waiting.h"

const char *
store_query_text(enum query query)
{
    return embedded_queries[query].text;
}

const char *
store_query_name(enum query query)
{
    return embedded_queries[query].name;
}

static int
failed(struct store *store, PGresult *result, const char *what, struct err *err)
{
    store_fail(store, result, what, err);
    PQclear(result);
    if (!store_connected(store) && err != NULL && err->code == ERR_DB_QUERY)
        err->code = ERR_DB_DOWN;
    return -1;
}

static bool
succeeded(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

static int
run(struct store *store, enum query query, const char *const *values, int count, int format,
    PGresult **ret_result, struct err *err)
{
    const char *id = store_query_name(query);
    if (!store_connected(store))
        return err_set(err, ERR_DB_DOWN, "%s: the connection to PostgreSQL is closed", id);
    if (!store->prepared[query]) {
        PGresult *made = store_prepare(store, id, store_query_text(query));
        if (!succeeded(made))
            return failed(store, made, id, err);
        PQclear(made);
        store->prepared[query] = true;
    }
    PGresult *result = store_exec_prepared(store, id, values, count, format);
    if (!succeeded(result))
        return failed(store, result, id, err);
    *ret_result = result;
    return 0;
}

int
store_sql(struct store *store, enum query query, const char *const *values, int count,
          PGresult **ret_result, struct err *err)
{
    return run(store, query, values, count, 0, ret_result, err);
}

int
store_sql_binary(struct store *store, enum query query, const char *const *values, int count,
                 PGresult **ret_result, struct err *err)
{
    return run(store, query, values, count, 1, ret_result, err);
}

int
store_do(struct store *store, enum query query, const char *const *values, int count,
         int64_t *ret_rows, struct err *err)
{
    PGresult *result;
    if (run(store, query, values, count, 0, &result, err) != 0)
        return -1;
    if (ret_rows != NULL)
        *ret_rows = strtoll(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return 0;
}

int
store_script(struct store *store, const char *text, const char *what, struct err *err)
{
    if (!store_connected(store))
        return err_set(err, ERR_DB_DOWN, "%s: the connection to PostgreSQL is closed", what);
    PGresult *result = store_exec(store, text);
    if (!succeeded(result))
        return failed(store, result, what, err);
    PQclear(result);
    return 0;
}

int
store_begin(struct store *store, struct err *err)
{
    if (store_script(store, "BEGIN", "beginning a transaction", err) != 0)
        return -1;
    store->in_transaction = true;
    return 0;
}

int
store_read_begin(struct store *store, enum store_reading what, struct err *err)
{
    if (store_script(store, store_query_text(QUERY_read_begin), "beginning to read", err) != 0)
        return -1;
    store->in_transaction = true;
    /* LOCK takes no snapshot: what it waited for is seen. */
    if (what == READ_RECORDS && store_do(store, QUERY_read_hold, NULL, 0, NULL, err) != 0) {
        store_rollback(store);
        return -1;
    }
    return 0;
}

void
store_read_end(struct store *store)
{
    store_rollback(store);
}

int
store_end(struct store *store, struct err *err)
{
    PGresult *result = store_exec(store, "COMMIT");
    bool done = succeeded(result) && strcmp(PQcmdStatus(result), "COMMIT") == 0;
    store->in_transaction = false;
    if (done) {
        PQclear(result);
        return 0;
    }
    if (succeeded(result)) {
        PQclear(result);
        return err_set(err, ERR_DB_QUERY, "the transaction had failed and was rolled back");
    }
    bool answered = PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL;
    failed(store, result, "COMMIT", err);
    /* A backend that is terminated may have committed before it says so. */
    if (err != NULL && (!answered || !store_connected(store)))
        err->code = ERR_DB_UNKNOWN;
    return -1;
}

void
store_rollback(struct store *store)
{
    store->in_transaction = false;
    if (store_connected(store) && PQtransactionStatus(store->pg) != PQTRANS_IDLE)
        PQclear(store_exec(store, "ROLLBACK"));
}
