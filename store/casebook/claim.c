/*
 * Claims of scopes among correlators that follow: see casebook_claim(). Called by `correlate` on
 * its own thread.
 */
#include "store/casebook/columns.h"

int
casebook_claim(struct store *store, struct arena *arena, struct sv scope, bool *ret_claimed,
               struct err *err)
{
    PGresult *result;
    const char *values[] = {arena_strdup(arena, scope), store->backend_start};
    if (store_sql(store, QUERY_casebook_claim, values, 2, &result, err) != 0)
        return -1;
    *ret_claimed = PQntuples(result) > 0;
    PQclear(result);
    return 0;
}

int
casebook_release(struct store *store, struct arena *arena, struct sv scope, struct err *err)
{
    const char *values[] = {arena_strdup(arena, scope), store->backend_start};
    return store_do(store, QUERY_casebook_release, values, 2, NULL, err);
}
