/*
 * Looking at a stream without claiming it: see store.h. Called by workers that wait for others.
 */
#include "store/conn.h"

int
store_stream_find(struct store *store, const char *cluster_id, const char *topic, int32_t partition,
                  int64_t *ret_next_offset, struct err *err)
{
    char number[INT_TEXT];
    const char *values[] = {cluster_id, topic, int_text(partition, number)};
    PGresult *result;
    if (store_sql(store, "stream_where", values, 3, &result, err) != 0)
        return -1;
    bool known = PQntuples(result) == 1 && !column_null(result, 0, 0);
    *ret_next_offset = known ? column_int(result, 0, 0) : -1;
    PQclear(result);
    return 0;
}
