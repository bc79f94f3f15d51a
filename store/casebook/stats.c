/*
 * Asking the database how long incidents took: see hindcast/stats.h. Called by `hindcast stats` on
 * the main thread.
 */
#include "hindcast/stats.h"

#include "hindcast/casebook.h"
#include "store/casebook/columns.h"
#include "store/pg/query.h"

enum { PART, INCIDENTS, MEASURE, N, MEDIAN, P90, LONGEST, LONGEST_IN, SPREAD, NAMES, OPEN };

static void
read_row(struct arena *arena, const PGresult *result, int row, struct stats_row *ret_row)
{
    size_t count;
    *ret_row = (struct stats_row){
        .part = column_text(arena, result, row, PART),
        .measure = (enum stats_measure)column_int(result, row, MEASURE),
        .incidents = column_int(result, row, INCIDENTS),
        .n = column_int(result, row, N),
        .median_ns = column_int(result, row, MEDIAN),
        .p90_ns = column_int(result, row, P90),
        .longest_ns = column_int(result, row, LONGEST),
        .longest_in = column_text(arena, result, row, LONGEST_IN),
    };
    ret_row->names = column_texts(arena, result, row, NAMES, &count);
    ret_row->open = column_texts(arena, result, row, OPEN, &ret_row->open_count);
    json_t *bins = column_array(result, row, SPREAD);
    for (size_t i = 0; i < STATS_BINS && i < json_array_size(bins); i++)
        ret_row->bins[i] = json_integer_value(json_array_get(bins, i));
    json_decref(bins);
}

int
casebook_stats(struct store *store, struct arena *arena, const struct stats_request *request,
               const struct stats_row **ret_rows, size_t *ret_count, struct err *err)
{
    PGresult *result;
    char since[INT_TEXT], until[INT_TEXT];
    const char *values[] = {request->by, bound_text(request->since_ns, since),
                            bound_text(request->until_ns, until)};
    if (store_sql(store, QUERY_stats_durations, values, 3, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct stats_row *rows = ARENA_ARRAY(arena, struct stats_row, count + 1);
    for (int row = 0; (size_t)row < count; row++)
        read_row(arena, result, row, &rows[row]);
    PQclear(result);
    *ret_rows = rows;
    *ret_count = count;
    return 0;
}
