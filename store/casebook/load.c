/*
 * Loading what the correlator needs of a scope: one snapshot that holds the events, the notable log
 * lines, the declarations and the cursor they stand for, so that a batch committed meanwhile is
 * either in all of them or in none. Called by `correlate` on its own thread.
 */
#include "store/casebook/columns.h"
#include "store/casebook/digest.h"
#include "store/casebook/loading.h"

/* Moving the cursor costs a write, reading past batches of others grows with their number. */
#define PASS_BATCHES 1000

static int
look_behind(struct store *store, const char *scope, int64_t configuration, bool *ret_behind,
            struct err *err)
{
    char number[INT_TEXT];
    const char *values[] = {scope, int_text(configuration, number)};
    PGresult *result;
    if (store_sql(store, QUERY_casebook_behind, values, 2, &result, err) != 0)
        return -1;
    bool behind = column_bool(result, 0, 0);
    int64_t of_others = column_int(result, 0, 1);
    PQclear(result);
    if (!behind && of_others > PASS_BATCHES &&
        store_do(store, QUERY_casebook_pass, values, 1, NULL, err) != 0)
        return -1;
    *ret_behind = behind;
    return 0;
}

int
casebook_behind(struct store *store, struct sv scope, int64_t configuration, bool *ret_behind,
                struct err *err)
{
    struct arena arena;
    arena_init(&arena, 1024);
    int status = look_behind(store, arena_strdup(&arena, scope), configuration, ret_behind, err);
    arena_release(&arena);
    return status;
}

int
casebook_event_known(struct store *store, struct coordinates at, bool *ret_known, struct err *err)
{
    char stream[INT_TEXT], offset[INT_TEXT], index[INT_TEXT];
    const char *values[] = {int_text(at.stream_id, stream), int_text(at.offset, offset),
                            int_text(at.index, index)};
    PGresult *result;
    if (store_sql(store, QUERY_casebook_event_known, values, 3, &result, err) != 0)
        return -1;
    *ret_known = column_bool(result, 0, 0);
    PQclear(result);
    return 0;
}

int
casebook_scopes(struct store *store, struct arena *arena, bool derived, struct sv **ret_scopes,
                size_t *ret_count, struct err *err)
{
    PGresult *result;
    const char *values[] = {derived ? "true" : "false"};
    if (store_sql(store, QUERY_casebook_scopes, values, 1, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct sv *scopes = ARENA_ARRAY(arena, struct sv, count + 1);
    for (size_t i = 0; i < count; i++)
        scopes[i] = column_text(arena, result, (int)i, 0);
    PQclear(result);
    *ret_scopes = scopes;
    *ret_count = count;
    return 0;
}

static int
load_observations(struct loading *loading, struct err *err)
{
    if (store_do(loading->store, QUERY_casebook_observations, &loading->scope, 1, NULL, err) != 0)
        return -1;
    for (;;) {
        PGresult *result;
        if (store_sql(loading->store, QUERY_casebook_fetch, NULL, 0, &result, err) != 0)
            return -1;
        int rows = PQntuples(result);
        for (int row = 0; row < rows; row++)
            loading_row(loading, result, row);
        PQclear(result);
        if (rows == 0)
            return 0;
    }
}

static int
load_all(struct loading *loading, struct correlation_input *input,
         struct cursor_position **ret_cursor, size_t *ret_count, struct err *err)
{
    if (loading_cursor(loading, ret_cursor, ret_count, err) != 0 ||
        loading_streams(loading, err) != 0 || loading_decided(loading, input, err) != 0 ||
        load_observations(loading, err) != 0)
        return -1;
    return casebook_digests(loading->store, loading->observations, loading->count, err);
}

int
casebook_load(struct store *store, struct arena *arena, struct sv scope,
              struct correlation_input *ret_input, struct cursor_position **ret_cursor,
              size_t *ret_cursor_count, struct err *err)
{
    struct loading loading = {.store = store, .arena = arena, .scope = arena_strdup(arena, scope)};
    struct correlation_input input = {.scope = arena_copy(arena, scope)};
    struct cursor_position *cursor;
    size_t count;
    if (store_read_begin(store, READ_RECORDS, err) != 0)
        return -1;
    int status = load_all(&loading, &input, &cursor, &count, err);
    store_read_end(store);
    if (status != 0)
        return -1;
    loading_take(&loading, &input);
    *ret_input = input;
    *ret_cursor = cursor;
    *ret_cursor_count = count;
    return 0;
}
