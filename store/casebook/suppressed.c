/*
 * What rules suppressed: see hindcast/suppressed.h. Called by `hindcast suppressed` on the main
 * thread.
 */
#include "hindcast/suppressed.h"

#include "store/casebook/columns.h"
#include "store/pg/query.h"

int
casebook_suppressed(struct store *store, struct arena *arena,
                    const struct suppressed_request *request, struct suppressed_row **ret_rows,
                    size_t *ret_count, struct err *err)
{
    PGresult *result;
    char since[INT_TEXT], until[INT_TEXT];
    const char *values[] = {bound_text(request->since_ns, since),
                            bound_text(request->until_ns, until), request->incident};
    if (store_sql(store, QUERY_suppressed, values, 3, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct suppressed_row *rows = ARENA_ARRAY(arena, struct suppressed_row, count + 1);
    for (int row = 0; (size_t)row < count; row++)
        rows[row] = (struct suppressed_row){
            .rule = column_text(arena, result, row, 0),
            .kind = column_text(arena, result, row, 1),
            .alerts = column_int(result, row, 2),
            .records = column_int(result, row, 3),
            .first_ns = column_time(result, row, 4),
            .last_ns = column_time(result, row, 5),
            .told = column_int(result, row, 6),
        };
    PQclear(result);
    *ret_rows = rows;
    *ret_count = count;
    return 0;
}
