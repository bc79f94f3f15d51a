/*
 * Writing a batch in one transaction: see store_commit() in store.h and docs/delivery.md. The
 * worker's thread. The update of evidence.stream is the only row lock and comes last.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hindcast/delivery.h"
#include "store/delivery/bisect.h"
#include "store/delivery/part.h"
#include "store/failpoint.h"
#include "store/pg/copy.h"

/* Past this many partitions a COPY in arrival order would switch between them at every row. */
#define UNSORTED_DAYS_MAX 16
#define ADVANCE_PARAMETERS 18

static const struct stream *
stream_of(const struct part *part, const struct stream *streams, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (streams[i].stream_id == part->stream_id)
            return &streams[i];
    assert(!"a batch holds a stream that is not among those given");
    abort();
}

/* ---- partitions ---- */

static bool
day_add(struct day_set *set, int32_t day)
{
    assert(day >= 0 && day < STORE_DAYS);
    uint8_t bit = (uint8_t)(1U << (day % 8)), *byte = &set->bits[day / 8];
    bool fresh = (*byte & bit) == 0;
    *byte |= bit;
    return fresh;
}

static void
day_remove(struct day_set *set, int32_t day)
{
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

/* Before BEGIN: creating a partition locks its parent until the transaction ends. */
static int
ensure_partitions(struct store *store, const struct batch *batch, struct err *err)
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

static void
add_batch_row(struct strbuf *out, const struct part *part, int64_t seq)
{
    copy_row(out, 11);
    copy_int8(out, part->stream_id);
    copy_int8(out, seq);
    copy_int8(out, part->first_offset);
    copy_int8(out, part->next_offset);
    copy_time(out, part->min_event_ns);
    copy_time(out, part->max_event_ns);
    copy_int4(out, (int32_t)part->records);
    copy_int4(out, (int32_t)part->events);
    copy_int4(out, DECODER_VERSION);
    copy_bytes(out, part->records > 0 ? SV("kafka") : SV("gap"));
    news_put(&part->news, out);
}

static int
copy_batch_rows(struct store *store, const struct batch *batch, const struct stream *streams,
                size_t count, struct err *err)
{
    struct strbuf rows;
    FAILPOINT_HERE(commit_before_copy_batch);
    if (store_copy_begin(store, QUERY_copy_batch, err) != 0)
        return -1;
    strbuf_init(&rows, 0);
    for (size_t i = 0; i < batch->count; i++)
        add_batch_row(&rows, batch->parts[i], stream_of(batch->parts[i], streams, count)->seq + 1);
    store_copy_put(store, strbuf_view(&rows));
    strbuf_release(&rows);
    FAILPOINT_HERE(commit_in_copy_batch);
    if (store_copy_end(store, QUERY_copy_batch, err) != 0)
        return -1;
    FAILPOINT_HERE(commit_after_copy_batch);
    return 0;
}

static int
copy_all(struct store *store, const struct batch *batch, const struct stream *streams, size_t count,
         struct err *err)
{
    if (copy_logs(store, batch, err) != 0 ||
        copy_buffers(store, batch, QUERY_copy_event, offsetof(struct part, event),
                     FAILPOINT_commit_before_copy_event, err) != 0 ||
        copy_buffers(store, batch, QUERY_copy_quarantine, offsetof(struct part, quarantine),
                     FAILPOINT_commit_before_copy_quarantine, err) != 0 ||
        copy_buffers(store, batch, QUERY_copy_segment, offsetof(struct part, segments),
                     FAILPOINT_commit_before_copy_segment, err) != 0)
        return -1;
    return copy_batch_rows(store, batch, streams, count, err);
}

/* ---- the fence ---- */

static void
add_value(struct strbuf *out, int64_t value)
{
    strbuf_addf(out, "%s%" PRId64, out->len > 1 ? "," : "", value);
}

static void
add_time(struct strbuf *out, int64_t ns)
{
    char time[TIME_TEXT];
    int rest;
    if (ns == TIME_NONE) {
        strbuf_addf(out, "%sNULL", out->len > 1 ? "," : "");
        return;
    }
    time_format(time_us(ns, &rest) * NS_PER_US, time);
    strbuf_addf(out, "%s\"%s\"", out->len > 1 ? "," : "", time);
}

static void
add_part(struct strbuf lists[ADVANCE_PARAMETERS], const struct part *part,
         const struct stream *stream)
{
    char hex[SHA256_HEX + 1];
    assert(stream->next_offset < 0 || stream->next_offset == part->first_offset);
    const int64_t numbers[] = {
        part->stream_id,   stream->epoch, stream->next_offset, stream->seq,  part->first_offset,
        part->next_offset, part->records, part->stored,        part->empty,  part->tombstones,
        part->quarantined, part->holes,   part->lost,          part->events, part->tail_offset};
    size_t at = 0;
    for (; at < sizeof(numbers) / sizeof(numbers[0]); at++)
        add_value(&lists[at], numbers[at]);
    sha256_hex(&part->tail_sha256, hex);
    strbuf_addf(&lists[at], "%s\"\\\\x%s\"", lists[at].len > 1 ? "," : "", hex);
    add_time(&lists[at + 1], part->max_event_ns);
    add_time(&lists[at + 2], part->tail_time_ns);
}

static int
advance(struct store *store, const struct batch *batch, const struct stream *streams, size_t count,
        PGresult **ret_moved, struct err *err)
{
    struct strbuf lists[ADVANCE_PARAMETERS];
    const char *values[ADVANCE_PARAMETERS];
    for (size_t i = 0; i < ADVANCE_PARAMETERS; i++) {
        strbuf_init(&lists[i], 0);
        strbuf_add_char(&lists[i], '{');
    }
    for (size_t i = 0; i < batch->count; i++)
        add_part(lists, batch->parts[i], stream_of(batch->parts[i], streams, count));
    for (size_t i = 0; i < ADVANCE_PARAMETERS; i++) {
        strbuf_add_char(&lists[i], '}');
        values[i] = lists[i].ptr;
    }
    int status = store_sql(store, QUERY_stream_advance, values, ADVANCE_PARAMETERS, ret_moved, err);
    for (size_t i = 0; i < ADVANCE_PARAMETERS; i++)
        strbuf_release(&lists[i]);
    return status;
}

static int
fenced(struct err *err)
{
    return err_set(err, ERR_FENCED, "another worker owns a stream of this batch now");
}

/* Flags the streams of the batch that are not among those moved. */
static void
flag_unmoved(const struct batch *batch, const PGresult *moved, const struct stream *streams,
             size_t count, bool *ret_fenced)
{
    for (size_t i = 0; i < count; i++) {
        bool found = batch_next_offset(batch, streams[i].stream_id) < 0;
        for (int row = 0; row < PQntuples(moved) && !found; row++)
            found = column_int(moved, row, 0) == streams[i].stream_id;
        ret_fenced[i] = !found;
    }
}

/*
 * A key that exists already means that the rightful owner wrote the same records first: the rows
 * clash before the fence is reached. Reading the streams tells whose they are.
 */
static bool
fenced_by_now(struct store *store, const struct batch *batch, const struct stream *streams,
              size_t count, bool *ret_fenced)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        struct stream copy = streams[i];
        struct err ignored;
        int64_t epoch, next;
        ret_fenced[i] = false;
        if (batch_next_offset(batch, copy.stream_id) < 0 ||
            store_stream_read(store, &copy, &epoch, &next, &ignored) != 0)
            continue;
        ret_fenced[i] = epoch != streams[i].epoch || next != streams[i].next_offset;
        any |= ret_fenced[i];
    }
    return any;
}

/* ---- the transaction ---- */

static int
write_rows(struct store *store, const struct batch *batch, const struct stream *streams,
           size_t count, bool *ret_fenced, struct err *err)
{
    PGresult *moved;
    FAILPOINT_HERE(commit_after_begin);
    if (copy_all(store, batch, streams, count, err) != 0)
        return -1;
    FAILPOINT_HERE(commit_before_update);
    if (advance(store, batch, streams, count, &moved, err) != 0)
        return -1;
    bool complete = PQntuples(moved) == (int)batch->count;
    if (!complete)
        flag_unmoved(batch, moved, streams, count, ret_fenced);
    PQclear(moved);
    FAILPOINT_HERE(commit_after_update);
    return complete ? 0 : fenced(err);
}

static bool
overflowed(const struct batch *batch)
{
    bool any = false;
    for (size_t i = 0; i < batch->count; i++) {
        const struct part *part = batch->parts[i];
        any |= part->log.overflow || part->event.overflow || part->quarantine.overflow ||
               part->segments.overflow || part->news.names.overflow;
    }
    return any;
}

static void
bring_up_to_date(const struct batch *batch, struct stream *streams, size_t count)
{
    for (size_t i = 0; i < batch->count; i++)
        for (size_t j = 0; j < count; j++) {
            const struct part *part = batch->parts[i];
            if (streams[j].stream_id != part->stream_id)
                continue;
            streams[j].next_offset = part->next_offset;
            streams[j].seq++;
            if (part->tail_offset >= 0) {
                streams[j].tail_offset = part->tail_offset;
                streams[j].tail_sha256 = part->tail_sha256;
                streams[j].tail_time_ns = part->tail_time_ns;
            }
        }
}

/*
 * A partition that was known is gone: retention or a person dropped it. The next attempt asks for
 * all of them again.
 */
static void
forget_partitions(struct store *store)
{
    struct err ignored = {0};
    memset(&store->log_days, 0, sizeof(store->log_days));
    memset(&store->segment_days, 0, sizeof(store->segment_days));
    if (store_do(store, QUERY_partitions_forget, NULL, 0, NULL, &ignored) != 0)
        return; /* the next attempt fails the same way and comes here again */
}

static int
refused(struct store *store, const struct batch *batch, const struct stream *streams, size_t count,
        bool *ret_fenced, struct err *err)
{
    store_rollback(store);
    if (strcmp(err->sqlstate, "23505") == 0 && err->code != ERR_FENCED &&
        fenced_by_now(store, batch, streams, count, ret_fenced))
        return fenced(err);
    if (err->code == ERR_DB_CONFLICT && store->no_partition)
        forget_partitions(store);
    return -1;
}

/* One transaction. -1 has rolled back, unless the outcome is unknown. */
static int
transact(struct store *store, const struct batch *batch, const struct stream *streams, size_t count,
         bool *ret_fenced, struct err *err)
{
    err->sqlstate[0] = '\0';
    if (ensure_partitions(store, batch, err) != 0)
        return -1;
    FAILPOINT_HERE(commit_before_begin);
    if (store_begin(store, err) != 0)
        return -1;
    if (write_rows(store, batch, streams, count, ret_fenced, err) != 0)
        return refused(store, batch, streams, count, ret_fenced, err);
    FAILPOINT_HERE(commit_before_commit);
    if (store_end(store, err) != 0)
        return -1;
    FAILPOINT_HERE(commit_after_commit);
    return 0;
}

int
store_commit(struct store *store, struct batch *batch, struct stream *streams, size_t stream_count,
             bool *ret_fenced, struct err *err)
{
    struct err own = {0};
    if (err == NULL)
        err = &own;
    memset(ret_fenced, 0, stream_count * sizeof(*ret_fenced));
    if (batch_empty(batch))
        return 0;
    batch_seal(batch);
    if (overflowed(batch))
        return err_set(err, ERR_LIMIT,
                       "a batch is larger than its buffers may be; lower ingest.batch_bytes");
    int status = transact(store, batch, streams, stream_count, ret_fenced, err);
    if (status != 0 && refused_for_data(err) && bisect_refused(store, batch, err) == 0)
        status = transact(store, batch, streams, stream_count, ret_fenced, err);
    if (status == 0)
        bring_up_to_date(batch, streams, stream_count);
    return status;
}
