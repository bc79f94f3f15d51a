/*
 * The rows of a batch: see copying.h. The update of evidence.stream and the transaction are those
 * of who calls.
 */
#include "store/delivery/copying.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/failpoint.h"
#include "store/pg/copy.h"

/* Past this many partitions a COPY in arrival order would switch between them at every row. */
#define UNSORTED_DAYS_MAX 16

static bool
day_add(struct day_set *set, int32_t day)
{
    assert(day < STORE_DAYS);
    if (day == DAY_UNTIMED)
        return false;
    assert(day >= 0);
    uint8_t bit = (uint8_t)(1U << (day % 8)), *byte = &set->bits[day / 8];
    bool fresh = (*byte & bit) == 0;
    *byte |= bit;
    return fresh;
}

static void
day_remove(struct day_set *set, int32_t day)
{
    assert(day >= 0 && day < STORE_DAYS);
    set->bits[day / 8] &= (uint8_t) ~(1U << (day % 8));
}

static void
list_day(struct strbuf *out, int32_t day)
{
    struct civil civil;
    civil_from_days(day, &civil);
    strbuf_addf(out, "%s%04d-%02d-%02d", out->len > 1 ? "," : "", civil.year, civil.month,
                civil.day);
}

static int
ensure(struct store *store, const struct strbuf *log_days, const struct strbuf *segment_days,
       struct err *err)
{
    const char *values[] = {log_days->ptr, segment_days->ptr};
    return store_do(store, QUERY_ensure_partitions, values, 2, NULL, err);
}

/*
 * Days whose partition retention is taking away: their rows go to ingest.log_kept, and each batch
 * asks anew.
 */
static int
find_retiring(struct store *store, const struct strbuf *log_days, struct day_set *known,
              struct err *err)
{
    PGresult *result;
    const char *values[] = {log_days->ptr};
    if (store_sql(store, QUERY_partitions_retiring, values, 1, &result, err) != 0)
        return -1;
    for (int i = 0; i < PQntuples(result); i++) {
        int32_t day = (int32_t)column_int(result, i, 0);
        (void)day_add(&store->kept_days, day);
        day_remove(known, day);
    }
    PQclear(result);
    return 0;
}

int
copying_prepare(struct store *store, const struct batch *batch, struct err *err)
{
    struct strbuf log_days, segment_days;
    struct day_set log_known = store->log_days, segment_known = store->segment_days;
    strbuf_init(&log_days, 0);
    strbuf_init(&segment_days, 0);
    memset(&store->kept_days, 0, sizeof(store->kept_days));
    strbuf_add_char(&log_days, '{');
    strbuf_add_char(&segment_days, '{');
    for (size_t i = 0; i < batch->count; i++)
        for (size_t j = 0; j < batch->parts[i]->log_count; j++)
            if (day_add(&log_known, batch->parts[i]->log_rows[j].day))
                list_day(&log_days, batch->parts[i]->log_rows[j].day);
    if (batch->limits.evidence && day_add(&segment_known, batch->day))
        list_day(&segment_days, batch->day);
    int status = 0;
    bool any = log_days.len > 1 || segment_days.len > 1;
    strbuf_add_char(&log_days, '}');
    strbuf_add_char(&segment_days, '}');
    if (any)
        status = ensure(store, &log_days, &segment_days, err);
    if (status == 0 && log_days.len > 2)
        status = find_retiring(store, &log_days, &log_known, err);
    strbuf_release(&log_days);
    strbuf_release(&segment_days);
    if (status == 0) {
        store->log_days = log_known;
        store->segment_days = segment_known;
    }
    return status;
}

/* ---- COPY ---- */

struct sorted_row {
    const struct part *part;
    const struct log_row *row;
};

static int
by_day(const void *left, const void *right)
{
    const struct sorted_row *a = left, *b = right;
    if (a->row->day != b->row->day)
        return a->row->day < b->row->day ? -1 : 1;
    if (a->part != b->part)
        return a->part->stream_id < b->part->stream_id ? -1 : 1;
    return a->row->at < b->row->at ? -1 : a->row->at > b->row->at;
}

/* The rows whose day is kept, or those whose day is not. */
static void
put_sorted_logs(struct store *store, const struct batch *batch, size_t rows, bool kept)
{
    struct sorted_row *sorted = memory_calloc(rows, sizeof(*sorted));
    size_t used = 0;
    for (size_t i = 0; i < batch->count; i++)
        for (size_t j = 0; j < batch->parts[i]->log_count; j++)
            sorted[used++] = (struct sorted_row){batch->parts[i], &batch->parts[i]->log_rows[j]};
    qsort(sorted, used, sizeof(*sorted), by_day);
    for (size_t i = 0; i < used; i++)
        if (day_in(&store->kept_days, sorted[i].row->day) == kept)
            store_copy_put(store,
                           sv_of(sorted[i].part->log.ptr + sorted[i].row->at, sorted[i].row->len));
    free(sorted);
}

static int
copy_kept_logs(struct store *store, const struct batch *batch, size_t rows, struct err *err)
{
    if (store_copy_begin(store, QUERY_copy_log_kept, err) != 0)
        return -1;
    put_sorted_logs(store, batch, rows, true);
    return store_copy_end(store, QUERY_copy_log_kept, err);
}

static int
copy_logs(struct store *store, const struct batch *batch, struct err *err)
{
    struct day_set days = {{0}};
    size_t rows = 0, different = 0, kept = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const struct part *part = batch->parts[i];
        rows += part->log_count;
        for (size_t j = 0; j < part->log_count; j++) {
            different += day_add(&days, part->log_rows[j].day);
            kept += day_in(&store->kept_days, part->log_rows[j].day);
        }
    }
    if (rows == 0)
        return 0;
    if (kept > 0 && copy_kept_logs(store, batch, rows, err) != 0)
        return -1;
    FAILPOINT_HERE(commit_before_copy_log);
    if (store_copy_begin(store, QUERY_copy_log, err) != 0)
        return -1;
    if (different > UNSORTED_DAYS_MAX || kept > 0)
        put_sorted_logs(store, batch, rows, false);
    else
        for (size_t i = 0; i < batch->count; i++)
            store_copy_put(store, strbuf_view(&batch->parts[i]->log));
    FAILPOINT_HERE(commit_in_copy_log);
    if (store_copy_end(store, QUERY_copy_log, err) != 0)
        return -1;
    FAILPOINT_HERE(commit_after_copy_log);
    return 0;
}

/*
 * The buffer at `offset` of every part, when any has bytes. `before` is the first of the three
 * failpoints of this COPY.
 */
static int
copy_buffers(struct store *store, const struct batch *batch, enum query query, size_t offset,
             enum failpoint before, struct err *err)
{
    bool any = false;
    for (size_t i = 0; i < batch->count; i++)
        any |= ((const struct strbuf *)((const char *)batch->parts[i] + offset))->len > 0;
    if (!any)
        return 0;
    FAILPOINT_AT(before);
    if (store_copy_begin(store, query, err) != 0)
        return -1;
    for (size_t i = 0; i < batch->count; i++)
        store_copy_put(
            store, strbuf_view((const struct strbuf *)((const char *)batch->parts[i] + offset)));
    FAILPOINT_AT(before + 1);
    if (store_copy_end(store, query, err) != 0)
        return -1;
    FAILPOINT_AT(before + 2);
    return 0;
}

/* The counts of the batch, which are few rows: put together here, of what is left to be written. */
static int
copy_deltas(struct store *store, const struct batch *batch, struct err *err)
{
    struct strbuf rows;
    strbuf_init(&rows, 0);
    for (size_t i = 0; i < batch->count; i++)
        tally_put(&batch->parts[i]->tally, batch->parts[i]->stream_id, &rows);
    if (rows.overflow) {
        strbuf_release(&rows);
        return err_set(err, ERR_LIMIT, "the counts of a batch are larger than a buffer may be");
    }
    bool any = rows.len > 0;
    FAILPOINT_HERE(commit_before_copy_delta);
    int status = any ? store_copy_begin(store, QUERY_copy_delta, err) : 0;
    if (any && status == 0)
        store_copy_put(store, strbuf_view(&rows));
    strbuf_release(&rows);
    FAILPOINT_HERE(commit_in_copy_delta);
    if (any && status == 0)
        status = store_copy_end(store, QUERY_copy_delta, err);
    FAILPOINT_HERE(commit_after_copy_delta);
    return status;
}

int
copying_rows(struct store *store, const struct batch *batch, struct err *err)
{
    if (copy_logs(store, batch, err) != 0)
        return -1;
    if (copy_buffers(store, batch, QUERY_copy_event, offsetof(struct part, event),
                     FAILPOINT_commit_before_copy_event, err) != 0 ||
        copy_buffers(store, batch, QUERY_copy_quarantine, offsetof(struct part, quarantine),
                     FAILPOINT_commit_before_copy_quarantine, err) != 0 ||
        copy_deltas(store, batch, err) != 0)
        return -1;
    return copy_buffers(store, batch, QUERY_copy_segment, offsetof(struct part, segments),
                        FAILPOINT_commit_before_copy_segment, err);
}

bool
copying_overflowed(const struct batch *batch)
{
    bool any = false;
    for (size_t i = 0; i < batch->count; i++) {
        const struct part *part = batch->parts[i];
        any |= part->log.overflow || part->event.overflow || part->quarantine.overflow ||
               part->segments.overflow || part->news.names.overflow || part->tally.names.overflow;
    }
    return any;
}

void
copying_forget(struct store *store)
{
    struct err ignored = {0};
    memset(&store->log_days, 0, sizeof(store->log_days));
    memset(&store->segment_days, 0, sizeof(store->segment_days));
    if (store_do(store, QUERY_partitions_forget, NULL, 0, NULL, &ignored) != 0)
        return; /* the next attempt fails the same way and comes here again */
}

void
copying_put_batch(struct strbuf *out, const struct batch *batch, const struct part *part,
                  int64_t seq, const char *kind)
{
    copy_row(out, 13);
    copy_int8(out, part->stream_id);
    copy_int8(out, seq);
    copy_int8(out, part->first_offset);
    copy_int8(out, part->next_offset);
    copy_time(out, part->min_event_ns);
    copy_time(out, part->max_event_ns);
    copy_int4(out, (int32_t)part->records);
    copy_int4(out, (int32_t)part->events);
    copy_int4(out, DECODER_VERSION);
    copy_bytes(out, sv_from(kind));
    news_put(&part->news, out);
    if (batch->limits.decoders == NULL)
        copy_null(out);
    else
        copy_bytes(out, sv_of((const char *)batch->limits.decoders->bytes, SHA256_BYTES));
    if (batch->decoding == DECODING_ANY)
        copy_null(out);
    else
        copy_int8(out, batch->decoding);
}
