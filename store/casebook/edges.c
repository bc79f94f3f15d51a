/*
 * Edges of services out of records: see hindcast/service_edges.h. Called by `hindcast graph derive`
 * on the main thread.
 */
#include "hindcast/service_edges.h"

#include "store/casebook/columns.h"
#include "store/pg/query.h"

int
store_service_edges(struct store *store, struct arena *arena, const struct edge_fields *fields,
                    int64_t since_ns, int64_t until_ns, struct counted_edge **ret_edges,
                    size_t *ret_count, struct err *err)
{
    PGresult *result;
    char since[INT_TEXT], until[INT_TEXT];
    const char *values[] = {bound_text(since_ns, since), bound_text(until_ns, until),
                            fields->called, fields->caller};
    if (store_sql(store, QUERY_edges_derive, values, 4, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct counted_edge *edges = ARENA_ARRAY(arena, struct counted_edge, count + 1);
    for (int row = 0; (size_t)row < count; row++)
        edges[row] = (struct counted_edge){
            .from = column_text(arena, result, row, 0),
            .to = column_text(arena, result, row, 1),
            .seen = column_int(result, row, 2),
        };
    PQclear(result);
    *ret_edges = edges;
    *ret_count = count;
    return 0;
}
