/*
 * Running embedded statements, transactions, and reading columns: see conn.h. All of store/ uses
 * it, each on the thread of its connection.
 */
#include <assert.h>
#include <inttypes.h>
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

bool
column_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) != 0;
}

struct sv
column_view(const PGresult *result, int row, int column)
{
    if (column_null(result, row, column))
        return SV_NONE;
    return sv_of(PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

struct sv
column_text(struct arena *arena, const PGresult *result, int row, int column)
{
    struct sv view = column_view(result, row, column);
    return view.ptr == NULL ? SV_NONE : arena_copy(arena, view);
}

int64_t
column_int(const PGresult *result, int row, int column)
{
    return strtoll(PQgetvalue(result, row, column), NULL, 10);
}

bool
column_bool(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column)[0] == 't';
}

int64_t
column_time(const PGresult *result, int row, int column)
{
    struct parsed_time time;
    if (column_null(result, row, column) || !time_parse(column_view(result, row, column), &time))
        return TIME_NONE;
    return time.ns;
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
column_bytes(const PGresult *result, int row, int column, void *ret_bytes, size_t len)
{
    struct sv text = column_view(result, row, column);
    uint8_t *out = ret_bytes;
    if (text.len != 2 + 2 * len || memcmp(text.ptr, "\\x", 2) != 0)
        return false;
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(text.ptr[2 + 2 * i]), low = hex_digit(text.ptr[3 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

const char *
int_text(int64_t value, char text[INT_TEXT])
{
    snprintf(text, INT_TEXT, "%" PRId64, value);
    return text;
}
