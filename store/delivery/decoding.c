/*
 * The decoding options that count: see hindcast/decoding.h. Called by the workers of ingest and by
 * `config` on the thread that owns the connection; commit.c and redecode.c ask within a transaction
 * whether a batch was decoded with them.
 */
#include "hindcast/decoding.h"

#include <assert.h>

#include "store/delivery/copying.h"

int
decoding_newest(struct store *store, struct arena *arena, struct stored_decoding *ret_decoding,
                struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_decoding_newest, NULL, 0, &result, err) != 0)
        return -1;
    *ret_decoding = (struct stored_decoding){.applied_ns = TIME_NONE};
    if (PQntuples(result) > 0)
        *ret_decoding = (struct stored_decoding){
            .number = column_int(result, 0, 0),
            .digest = column_text(arena, result, 0, 1),
            .content = column_text(arena, result, 0, 2),
            .applied_ns = column_time(result, 0, 3),
            .applied_by = column_text(arena, result, 0, 4),
        };
    PQclear(result);
    return 0;
}

int
decoding_digest(struct store *store, struct arena *arena, struct sv *ret_digest, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_decoding_digest, NULL, 0, &result, err) != 0)
        return -1;
    *ret_digest = PQntuples(result) > 0 ? column_text(arena, result, 0, 0) : SV_NONE;
    PQclear(result);
    return 0;
}

/* One of the functions that add a row; returns its number. */
static int
add_row(struct store *store, enum query query, const char *const *values, int count,
        int64_t *ret_number, struct err *err)
{
    PGresult *result;
    assert(!store->in_transaction);
    if (store_sql(store, query, values, count, &result, err) != 0)
        return -1;
    *ret_number = column_int(result, 0, 0);
    PQclear(result);
    return 0;
}

static int
add_set(struct store *store, enum query query, struct sv content, int64_t *ret_number,
        struct err *err)
{
    struct arena arena;
    assert(content.len > 0);
    arena_init(&arena, 0);
    const char *values[] = {arena_strdup(&arena, content)};
    int status = add_row(store, query, values, 1, ret_number, err);
    arena_release(&arena);
    return status;
}

int
decoding_apply(struct store *store, struct sv content, int64_t *ret_number, struct err *err)
{
    return add_set(store, QUERY_decoding_apply, content, ret_number, err);
}

int
decoding_begin(struct store *store, struct sv content, int64_t *ret_number, struct err *err)
{
    return add_set(store, QUERY_decoding_begin, content, ret_number, err);
}

int
decoding_take_over(struct store *store, const char *program, int64_t after, int64_t *ret_number,
                   struct err *err)
{
    char after_text[INT_TEXT];
    const char *values[] = {program, int_text(after, after_text)};
    assert(after > 0);
    return add_row(store, QUERY_decoding_take_over, values, 2, ret_number, err);
}

static int
compare(struct store *store, int64_t number, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_decoding_current, NULL, 0, &result, err) != 0)
        return -1;
    long long counts = column_int(result, 0, 0);
    PQclear(result);
    if (counts == number)
        return 0;
    return err_set(err, ERR_OVERTAKEN,
                   "the decoding options that count are number %lld by now; those in use are "
                   "number %lld",
                   counts, (long long)number);
}

int
decoding_check(struct store *store, const struct batch *batch, struct err *err)
{
    return batch->decoding == DECODING_ANY ? 0 : compare(store, batch->decoding, err);
}

int
decoding_check_store(struct store *store, struct err *err)
{
    return store->decoding == NULL ? 0 : compare(store, store->decoding_no, err);
}
