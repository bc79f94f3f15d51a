/*
 * Sending rows into a COPY ... FROM STDIN (FORMAT binary): see conn.h. Used by commit.c, inside its
 * transaction, on the worker's thread.
 */
#include "store/pg/copy.h"
#include "store/pg/waiting.h"

#define COPY_PIECE ((size_t)64 * 1024) /* libpq copies it once more: let that stay in the cache */

int
store_copy_begin(struct store *store, enum query query, struct err *err)
{
    struct strbuf head;
    PGresult *result = store_exec(store, store_query_text(query));
    if (PQresultStatus(result) != PGRES_COPY_IN) {
        store_fail(store, result, store_query_name(query), err);
        PQclear(result);
        return -1;
    }
    PQclear(result);
    strbuf_init(&head, 0);
    copy_header(&head);
    (void)PQputCopyData(store->pg, head.ptr, (int)head.len);
    strbuf_release(&head);
    return 0;
}

void
store_copy_put(struct store *store, struct sv bytes)
{
    while (bytes.len > 0) {
        size_t piece = bytes.len < COPY_PIECE ? bytes.len : COPY_PIECE;
        if (PQputCopyData(store->pg, bytes.ptr, (int)piece) != 1)
            return;
        bytes = sv_of(bytes.ptr + piece, bytes.len - piece);
    }
}

int
store_copy_end(struct store *store, enum query query, struct err *err)
{
    struct strbuf tail;
    int status = 0;
    strbuf_init(&tail, 0);
    copy_trailer(&tail);
    (void)PQputCopyData(store->pg, tail.ptr, (int)tail.len);
    strbuf_release(&tail);
    if (PQputCopyEnd(store->pg, NULL) != 1)
        status = store_fail(store, NULL, store_query_name(query), err);
    for (PGresult *result; (result = store_next_result(store)) != NULL; PQclear(result))
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            status = store_fail(store, result, store_query_name(query), err);
    if (status == 0 && !store_connected(store))
        status = store_fail(store, NULL, store_query_name(query), err);
    return status;
}
