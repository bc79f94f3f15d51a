/*
 * Reading raw records out of their segments; where retention took the segment, out of
 * evidence.kept. Called by the casebook, verify and export, each on the thread of its connection.
 * The segment read last is held, because readers go in order of coordinates; a segment never
 * changes except by erasure, which a reader may miss until the next segment or connection.
 */
#include "hindcast/evidence.h"
#include "store/evidence/kept.h"
#include "store/evidence/segment_cache.h"
#include "store/pg/conn.h"

static int
load_segment(struct store *store, int64_t stream_id, int64_t offset, struct err *err)
{
    PGresult *result;
    char id[INT_TEXT], place[INT_TEXT];
    const char *values[] = {int_text(stream_id, id), int_text(offset, place)};
    segment_cache_free(store->cache);
    store->cache = NULL;
    if (store_sql_binary(store, QUERY_segment_find, values, 2, &result, err) != 0)
        return -1;
    int status = 0;
    if (PQntuples(result) == 1)
        status = segment_cache_read(stream_id, result, &store->cache, err);
    PQclear(result);
    return status;
}

int
store_read_record(struct store *store, struct arena *arena, int64_t stream_id, int64_t offset,
                  struct raw_record *ret_record, struct err *err)
{
    size_t at = segment_cache_at(store->cache, stream_id, offset);
    if (at == SIZE_MAX) {
        if (load_segment(store, stream_id, offset, err) != 0)
            return -1;
        at = segment_cache_at(store->cache, stream_id, offset);
    }
    if (at == SIZE_MAX)
        return kept_read(store, arena, stream_id, offset, ret_record, err);
    return segment_cache_record(store->cache, at, arena, ret_record, err);
}
