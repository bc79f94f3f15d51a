/*
 * Reading raw records out of their segments; where retention took the segment, out of
 * evidence.kept. Called by the casebook, verify and export, each on the thread of its connection.
 * Readers go in order of time, in which streams take turns, and within a stream in that of offsets:
 * the segment read last is held for each of STORE_SEGMENTS_HELD streams. A segment never changes
 * except by erasure, which a reader may miss until the next segment or connection.
 */
#include "hindcast/evidence.h"
#include "store/evidence/kept.h"
#include "store/evidence/segment_cache.h"
#include "store/pg/conn.h"

static struct segment_cache **
place_of(struct store *store, int64_t stream_id)
{
    return &store->segments[(uint64_t)stream_id % STORE_SEGMENTS_HELD];
}

static int
load_segment(struct store *store, int64_t stream_id, int64_t offset, struct err *err)
{
    PGresult *result;
    char id[INT_TEXT], place[INT_TEXT];
    const char *values[] = {int_text(stream_id, id), int_text(offset, place)};
    struct segment_cache **held = place_of(store, stream_id);
    segment_cache_free(*held);
    *held = NULL;
    if (store_sql_binary(store, QUERY_segment_find, values, 2, &result, err) != 0)
        return -1;
    int status = 0;
    if (PQntuples(result) == 1)
        status = segment_cache_read(stream_id, result, held, err);
    PQclear(result);
    return status;
}

int
store_read_record(struct store *store, struct arena *arena, int64_t stream_id, int64_t offset,
                  struct raw_record *ret_record, struct err *err)
{
    struct segment_cache **held = place_of(store, stream_id);
    size_t at = segment_cache_at(*held, stream_id, offset);
    if (at == SIZE_MAX) {
        if (load_segment(store, stream_id, offset, err) != 0)
            return -1;
        at = segment_cache_at(*held, stream_id, offset);
    }
    if (at == SIZE_MAX)
        return kept_read(store, arena, stream_id, offset, ret_record, err);
    return segment_cache_record(*held, at, arena, ret_record, err);
}
