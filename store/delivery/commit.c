/*
 * Writing a batch in one transaction: see store_commit() in store.h and docs/delivery.md. The
 * worker's thread. The update of evidence.stream is the only row lock and comes last.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "hindcast/delivery.h"
#include "store/delivery/bisect.h"
#include "store/delivery/copying.h"
#include "store/delivery/part.h"
#include "store/failpoint.h"
#include "store/pg/copy.h"

#define ADVANCE_PARAMETERS 19
#define RENUMBER_MAX 20 /* batches of records read again that came first, one after the other */

static const struct stream *
stream_of(const struct part *part, const struct stream *streams, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (streams[i].stream_id == part->stream_id)
            return &streams[i];
    assert(!"a batch holds a stream that is not among those given");
    abort();
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
        copying_put_batch(&rows, batch, batch->parts[i],
                          stream_of(batch->parts[i], streams, count)->seq + 1,
                          batch->parts[i]->records > 0 ? "kafka" : "gap");
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
    if (copying_rows(store, batch, err) != 0)
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
    add_value(&lists[at + 3], part->untimed);
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
    if (decoding_check(store, batch, err) != 0)
        return -1;
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
 * Stored records were read again meanwhile (redecode.c): a batch of theirs has the number of ours.
 * Nothing else of the stream is different, so ours takes the next one.
 */
static bool
renumber(struct store *store, const struct batch *batch, struct stream *streams, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        struct stream now = streams[i];
        struct err ignored;
        int64_t epoch, next;
        if (batch_next_offset(batch, now.stream_id) < 0)
            continue;
        if (store_stream_read(store, &now, &epoch, &next, &ignored) != 0 ||
            epoch != streams[i].epoch || next != streams[i].next_offset)
            return false;
        any |= now.seq != streams[i].seq;
        streams[i].seq = now.seq;
    }
    return any;
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
        copying_forget(store);
    return -1;
}

/* One transaction. -1 has rolled back, unless the outcome is unknown. */
static int
transact(struct store *store, const struct batch *batch, const struct stream *streams, size_t count,
         bool *ret_fenced, struct err *err)
{
    err->sqlstate[0] = '\0';
    if (copying_prepare(store, batch, err) != 0)
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

static bool
is_number_taken(const struct store *store, const struct err *err)
{
    return store_connected(store) &&
           (err->code == ERR_FENCED || strcmp(err->sqlstate, "23505") == 0);
}

int
store_commit(struct store *store, struct batch *batch, struct stream *streams, size_t stream_count,
             bool *ret_fenced, struct err *err)
{
    struct err own = {0};
    assert(!store->in_transaction);
    if (err == NULL)
        err = &own;
    memset(ret_fenced, 0, stream_count * sizeof(*ret_fenced));
    if (batch_empty(batch))
        return 0;
    batch_seal(batch);
    if (copying_overflowed(batch))
        return err_set(err, ERR_LIMIT,
                       "a batch is larger than its buffers may be; lower ingest.batch_bytes");
    int status = transact(store, batch, streams, stream_count, ret_fenced, err);
    if (status != 0 && refused_for_data(err) && bisect_refused(store, batch, err) == 0)
        status = transact(store, batch, streams, stream_count, ret_fenced, err);
    for (int tries = 0; status != 0 && tries < RENUMBER_MAX && is_number_taken(store, err) &&
                        renumber(store, batch, streams, stream_count);
         tries++) {
        memset(ret_fenced, 0, stream_count * sizeof(*ret_fenced));
        status = transact(store, batch, streams, stream_count, ret_fenced, err);
    }
    if (status == 0)
        bring_up_to_date(batch, streams, stream_count);
    return status;
}
