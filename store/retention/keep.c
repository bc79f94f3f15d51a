/*
 * Before segments go: every record that the correlator's input comes from is copied to
 * evidence.kept with its Merkle path. See keep.h.
 */
#include "store/retention/keep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "store/evidence/kept.h"
#include "store/failpoint.h"
#include "store/pg/copy.h"

#define PIECE_BYTES ((size_t)4 * 1024 * 1024)

struct keeping {
    struct store *store;
    struct strbuf rows; /* in COPY form, not sent yet */
    int64_t kept;
};

static int
send_rows(struct keeping *keeping, struct err *err)
{
    if (keeping->rows.overflow)
        return err_set(err, ERR_LIMIT, "the records of one segment are too large to keep");
    if (keeping->rows.len == 0)
        return 0;
    if (store_copy_begin(keeping->store, QUERY_copy_kept, err) != 0)
        return -1;
    store_copy_put(keeping->store, strbuf_view(&keeping->rows));
    strbuf_clear(&keeping->rows);
    return store_copy_end(keeping->store, QUERY_copy_kept, err);
}

/* `offsets` is "{1,2,3}". One that lies between the records of a segment has no raw record. */
static int
keep_of_segment(struct keeping *keeping, const struct segment_cache *segment, const char *offsets,
                struct err *err)
{
    for (const char *at = offsets; *at == '{' || *at == ',';) {
        char *end;
        int64_t offset = strtoll(at + 1, &end, 10);
        size_t place = segment_cache_at(segment, segment->stream_id, offset);
        at = end;
        if (place == SIZE_MAX)
            continue;
        if (!segment->root_matches)
            return err_set(err, ERR_BROKEN_EVIDENCE,
                           "the Merkle root of the segment at offset %" PRId64 " of stream %" PRId64
                           " does not match its records",
                           segment->offsets[0], segment->stream_id);
        if (kept_add(segment, place, &keeping->rows, err) != 0)
            return -1;
        keeping->kept++;
    }
    return keeping->rows.len >= PIECE_BYTES ? send_rows(keeping, err) : 0;
}

/* Row `row` of retention_needed.sql. */
static int
keep_row(struct keeping *keeping, const PGresult *needed, int row, struct err *err)
{
    PGresult *result;
    struct segment_cache *segment = NULL;
    const char *values[] = {PQgetvalue(needed, row, 0), PQgetvalue(needed, row, 1),
                            PQgetvalue(needed, row, 2)};
    if (store_sql_binary(keeping->store, QUERY_retention_segment, values, 3, &result, err) != 0)
        return -1;
    int status = 0;
    if (PQntuples(result) == 1)
        status = segment_cache_read(column_int(needed, row, 0), result, &segment, err);
    PQclear(result);
    if (status == 0 && segment != NULL)
        status = keep_of_segment(keeping, segment, PQgetvalue(needed, row, 3), err);
    segment_cache_free(segment);
    return status;
}

static int
keep_all(struct keeping *keeping, const char *const days[2], struct err *err)
{
    PGresult *needed;
    if (store_sql(keeping->store, QUERY_retention_needed, days, 2, &needed, err) != 0)
        return -1;
    int status = 0, rows = PQntuples(needed);
    for (int row = 0; row < rows && status == 0; row++)
        status = keep_row(keeping, needed, row, err);
    PQclear(needed);
    if (status != 0 || send_rows(keeping, err) != 0)
        return -1;
    return store_do(keeping->store, QUERY_retention_retired, days, 2, NULL, err);
}

int
keep_records(struct store *store, const struct partition_info *partition, int64_t *ret_kept,
             struct err *err)
{
    struct keeping keeping = {.store = store};
    const char *days[] = {partition->from, partition->to};
    if (store_begin(store, err) != 0)
        return -1;
    strbuf_init(&keeping.rows, SEGMENT_BYTES_LIMIT + PIECE_BYTES);
    int status = keep_all(&keeping, days, err);
    strbuf_release(&keeping.rows);
    FAILPOINT_HERE(retention_before_kept);
    if (status == 0)
        status = store_end(store, err);
    if (status != 0) {
        store_rollback(store);
        return -1;
    }
    *ret_kept = keeping.kept;
    return 0;
}
