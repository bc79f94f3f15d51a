/*
 * Replacing what records decoded to: see hindcast/redecode.h. The rows are those of a batch,
 * written as commit.c writes them; the fence is another one: rows that are taken away must be those
 * that the caller saw, and the number of the batch must be free. Batch row and stream row are
 * written in the order of a worker, so that the two never wait for one another.
 */
#include "hindcast/redecode.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/text/json_writer.h"
#include "store/delivery/copying.h"
#include "store/evidence/segment_cache.h"
#include "store/failpoint.h"
#include "store/pg/copy.h"

/* ---- what is there ---- */

int
redecode_streams(struct store *store, struct arena *arena, struct redecode_stream **ret_streams,
                 size_t *ret_count, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_redecode_streams, NULL, 0, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct redecode_stream *streams = ARENA_ARRAY(arena, struct redecode_stream, count + 1);
    for (int row = 0; row < (int)count; row++) {
        struct stream *stream = &streams[row].stream;
        streams[row] =
            (struct redecode_stream){.stream = {.stream_id = column_int(result, row, 0),
                                                .incarnation = (int32_t)column_int(result, row, 3),
                                                .partition = (int32_t)column_int(result, row, 4),
                                                .next_offset = column_int(result, row, 5),
                                                .tail_offset = -1,
                                                .tail_time_ns = TIME_NONE},
                                     .cluster_id = column_text(arena, result, row, 1)};
        snprintf(stream->topic, sizeof(stream->topic), "%s", PQgetvalue(result, row, 2));
    }
    PQclear(result);
    *ret_streams = streams;
    *ret_count = count;
    return 0;
}

static int
copy_records(const struct segment_cache *segment, const struct redecode_stream *stream,
             struct arena *arena, struct redecode_segment *ret, struct err *err)
{
    ret->count = segment->count;
    ret->records = ARENA_ARRAY(arena, struct record, segment->count);
    for (size_t i = 0; i < segment->count; i++) {
        struct raw_record raw;
        if (segment_cache_record(segment, i, arena, &raw, err) != 0)
            return -1;
        ret->records[i] = raw.record;
        ret->records[i].cluster = stream->cluster_id;
        ret->records[i].topic = sv_from(stream->stream.topic);
        ret->records[i].incarnation = stream->stream.incarnation;
    }
    ret->next_offset = segment->offsets[segment->count - 1] + 1;
    ret->damaged = !segment->root_matches;
    return 0;
}

int
redecode_segment(struct store *store, struct arena *arena, const struct redecode_stream *stream,
                 int64_t from, int32_t since_day, struct redecode_segment *ret_segment,
                 bool *ret_found, struct err *err)
{
    PGresult *result;
    struct civil civil;
    struct segment_cache *segment = NULL;
    char id[INT_TEXT], place[INT_TEXT], day[16];
    civil_from_days(since_day, &civil);
    snprintf(day, sizeof(day), "%04d-%02d-%02d", civil.year, civil.month, civil.day);
    const char *values[] = {int_text(stream->stream.stream_id, id), int_text(from, place), day};
    if (store_sql_binary(store, QUERY_redecode_segment, values, 3, &result, err) != 0)
        return -1;
    *ret_found = PQntuples(result) == 1;
    *ret_segment = (struct redecode_segment){0};
    int status = 0;
    if (*ret_found) {
        ret_segment->first_offset = column_binary_int(result, 3);
        status = segment_cache_read(stream->stream.stream_id, result, &segment, err);
    }
    PQclear(result);
    if (status == 0 && segment != NULL)
        status = copy_records(segment, stream, arena, ret_segment, err);
    segment_cache_free(segment);
    return status;
}

static int
read_days(struct store *store, struct arena *arena, struct redecode_rows *rows, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_redecode_days, NULL, 0, &result, err) != 0)
        return -1;
    rows->day_count = (size_t)PQntuples(result);
    rows->days = ARENA_ARRAY(arena, struct redecode_days, rows->day_count + 1);
    for (int row = 0; row < (int)rows->day_count; row++) {
        rows->days[row].from = (int32_t)column_int(result, row, 0);
        rows->days[row].to = (int32_t)column_int(result, row, 1);
    }
    PQclear(result);
    return 0;
}

int
redecode_rows(struct store *store, struct arena *arena, int64_t stream_id, int64_t from, int64_t to,
              struct redecode_rows *ret_rows, struct err *err)
{
    PGresult *result;
    char id[INT_TEXT], first[INT_TEXT], next[INT_TEXT];
    const char *values[] = {int_text(stream_id, id), int_text(from, first), int_text(to, next)};
    *ret_rows = (struct redecode_rows){0};
    if (store_sql(store, QUERY_redecode_rows, values, 3, &result, err) != 0)
        return -1;
    ret_rows->count = (size_t)PQntuples(result);
    ret_rows->rows = ARENA_ARRAY(arena, struct redecode_row, ret_rows->count + 1);
    for (int row = 0; row < (int)ret_rows->count; row++) {
        ret_rows->rows[row] = (struct redecode_row){.offset = column_int(result, row, 0),
                                                    .index = (int32_t)column_int(result, row, 1),
                                                    .scope = column_text(arena, result, row, 2),
                                                    .uid = column_text(arena, result, row, 3),
                                                    .citable = column_bool(result, row, 4),
                                                    .untimed = column_bool(result, row, 5)};
        ret_rows->kept += ret_rows->rows[row].index == REDECODE_KEPT;
    }
    PQclear(result);
    return read_days(store, arena, ret_rows, err);
}

bool
redecode_has_day(const struct redecode_rows *rows, int32_t day)
{
    for (size_t i = 0; i < rows->day_count; i++)
        if (day >= rows->days[i].from && day < rows->days[i].to)
            return true;
    return false;
}

/* ---- the transaction ---- */

static int
take_away(struct store *store, const struct redecode_stream *stream,
          const struct redecode_change *change, bool *ret_again, struct err *err)
{
    PGresult *result;
    char id[INT_TEXT], first[INT_TEXT], next[INT_TEXT];
    const char *values[] = {int_text(stream->stream.stream_id, id),
                            int_text(change->first_offset, first),
                            int_text(change->next_offset, next)};
    if (store_sql(store, QUERY_redecode_take, values, 3, &result, err) != 0)
        return -1;
    *ret_again = column_int(result, 0, 0) != (int64_t)change->rows;
    PQclear(result);
    return 0;
}

static int
write_names(struct store *store, const struct redecode_change *change, struct err *err)
{
    struct strbuf pairs;
    if (change->renamed_count == 0)
        return 0;
    strbuf_init(&pairs, 0);
    strbuf_add_char(&pairs, '[');
    for (size_t i = 0; i < change->renamed_count; i++) {
        const struct redecode_name *name = &change->renamed[i];
        strbuf_add_text(&pairs, i == 0 ? "[" : ",[");
        json_put_string(&pairs, name->scope);
        strbuf_add_char(&pairs, ',');
        json_put_string(&pairs, name->former);
        strbuf_add_char(&pairs, ',');
        json_put_string(&pairs, name->uid);
        strbuf_add_char(&pairs, ']');
    }
    strbuf_add_char(&pairs, ']');
    const char *values[] = {pairs.ptr};
    int status = store_do(store, QUERY_redecode_renamed, values, 1, NULL, err);
    strbuf_release(&pairs);
    return status;
}

static int
write_dismissed(struct store *store, const struct redecode_stream *stream,
                const struct redecode_change *change, struct err *err)
{
    struct strbuf offsets;
    char id[INT_TEXT];
    if (change->dismissed_count == 0)
        return 0;
    strbuf_init(&offsets, 0);
    for (size_t i = 0; i < change->dismissed_count; i++)
        strbuf_addf(&offsets, "%c%" PRId64, i == 0 ? '{' : ',', change->dismissed[i]);
    strbuf_add_char(&offsets, '}');
    const char *values[] = {int_text(stream->stream.stream_id, id), offsets.ptr};
    int status = store_do(store, QUERY_redecode_dismissed, values, 2, NULL, err);
    strbuf_release(&offsets);
    return status;
}

/* Correlators of these scopes cannot go on from what they read before. */
static int
write_rewritten(struct store *store, const struct part *part, struct err *err)
{
    struct strbuf scopes;
    strbuf_init(&scopes, 0);
    news_put_json(&part->news, &scopes);
    const char *values[] = {scopes.ptr};
    int status = store_do(store, QUERY_redecode_rewritten, values, 1, NULL, err);
    strbuf_release(&scopes);
    return status;
}

static int
read_seq(struct store *store, int64_t stream_id, int64_t *ret_seq, struct err *err)
{
    PGresult *result;
    char id[INT_TEXT];
    const char *values[] = {int_text(stream_id, id)};
    if (store_sql(store, QUERY_stream_read, values, 1, &result, err) != 0)
        return -1;
    *ret_seq = column_int(result, 0, 2);
    PQclear(result);
    return 0;
}

static int
write_batch_row(struct store *store, const struct batch *batch, int64_t seq, struct err *err)
{
    struct strbuf row;
    if (store_copy_begin(store, QUERY_copy_batch, err) != 0)
        return -1;
    strbuf_init(&row, 0);
    copying_put_batch(&row, batch, batch->parts[0], seq, "redecode");
    store_copy_put(store, strbuf_view(&row));
    strbuf_release(&row);
    return store_copy_end(store, QUERY_copy_batch, err);
}

static int
advance(struct store *store, const struct redecode_stream *stream, const struct part *part,
        const struct redecode_change *change, int64_t seq, bool *ret_again, struct err *err)
{
    const int64_t numbers[] = {stream->stream.stream_id, seq - 1,        change->next_offset,
                               change->stored,           change->empty,  change->quarantined,
                               change->events,           change->untimed};
    char texts[sizeof(numbers) / sizeof(numbers[0])][INT_TEXT], time[TIME_TEXT];
    const char *values[9];
    int64_t rows;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        values[i < 7 ? i : i + 1] = int_text(numbers[i], texts[i]);
    values[7] = part->max_event_ns == TIME_NONE ? NULL : time;
    if (values[7] != NULL)
        time_format(part->max_event_ns / NS_PER_US * NS_PER_US, time);
    if (store_do(store, QUERY_redecode_advance, values, 9, &rows, err) != 0)
        return -1;
    *ret_again = rows != 1;
    return 0;
}

static int
replace(struct store *store, struct batch *batch, const struct redecode_stream *stream,
        const struct redecode_change *change, bool *ret_again, struct err *err)
{
    int64_t seq;
    if (decoding_check(store, batch, err) != 0 ||
        take_away(store, stream, change, ret_again, err) != 0)
        return -1;
    if (*ret_again)
        return 0;
    FAILPOINT_HERE(redecode_after_take);
    if (copying_rows(store, batch, err) != 0 || write_dismissed(store, stream, change, err) != 0 ||
        write_names(store, change, err) != 0 || write_rewritten(store, batch->parts[0], err) != 0 ||
        read_seq(store, stream->stream.stream_id, &seq, err) != 0 ||
        write_batch_row(store, batch, seq + 1, err) != 0)
        return -1;
    FAILPOINT_HERE(redecode_before_update);
    return advance(store, stream, batch->parts[0], change, seq + 1, ret_again, err);
}

/* Another batch took the number, or another one reads again, too. */
static bool
somebody_was_quicker(const struct err *err)
{
    return strcmp(err->sqlstate, "23505") == 0 || err->code == ERR_DB_CONFLICT;
}

int
redecode_commit(struct store *store, struct batch *batch, const struct redecode_stream *stream,
                const struct redecode_change *change, bool *ret_again, struct err *err)
{
    assert(batch->count == 1 && batch->parts[0]->stream_id == stream->stream.stream_id);
    *ret_again = false;
    batch_seal(batch);
    if (copying_overflowed(batch))
        return err_set(err, ERR_LIMIT, "the rows of one segment are larger than a batch may be");
    for (size_t i = 0; i < change->scope_count; i++)
        news_add(&batch->parts[0]->news, change->scopes[i]);
    err->sqlstate[0] = '\0';
    if (copying_prepare(store, batch, err) != 0)
        return -1;
    FAILPOINT_HERE(redecode_before_begin);
    if (store_begin(store, err) != 0)
        return -1;
    int status = replace(store, batch, stream, change, ret_again, err);
    if (status == 0 && !*ret_again) {
        FAILPOINT_HERE(redecode_before_commit);
        status = store_end(store, err);
        if (status == 0)
            return 0;
    }
    store_rollback(store);
    if (status != 0 && somebody_was_quicker(err)) {
        copying_forget(store);
        *ret_again = true;
        return 0;
    }
    return status;
}
