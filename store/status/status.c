/*
 * Reading where the whole stands: see status.h. Called by cmd/status.c on the main thread and by
 * the thread of observe/monitor.c.
 */
#include "store/status/status.h"

#include "hindcast/counts.h"
#include "store/pg/conn.h"

static int64_t
offset_or_none(const PGresult *result, int row, int column)
{
    return column_null(result, row, column) ? -1 : column_int(result, row, column);
}

/* The columns of sql/queries/status_streams.sql. */
static void
read_stream(struct arena *arena, const PGresult *result, int row, struct stream_status *ret)
{
    ret->stream_id = column_int(result, row, 0);
    ret->cluster_id = column_text(arena, result, row, 1);
    ret->topic = column_text(arena, result, row, 2);
    ret->incarnation = (int32_t)column_int(result, row, 3);
    ret->partition = (int32_t)column_int(result, row, 4);
    ret->current = column_bool(result, row, 5);
    ret->first_offset = offset_or_none(result, row, 6);
    ret->next_offset = offset_or_none(result, row, 7);
    int64_t *const counts[] = {&ret->records, &ret->stored,     &ret->condensed,
                               &ret->empty,   &ret->tombstones, &ret->quarantined,
                               &ret->holes,   &ret->lost,       &ret->events};
    for (int i = 0; i < (int)(sizeof(counts) / sizeof(counts[0])); i++)
        *counts[i] = column_int(result, row, 8 + i);
    ret->adds_up = column_bool(result, row, 17);
    ret->max_event_ns = column_time(result, row, 18);
    ret->last_commit_ns = column_time(result, row, 19);
    ret->owner = column_text(arena, result, row, 20);
    ret->owner_connected = column_bool(result, row, 21);
    ret->records_1m = column_int(result, row, 22);
    ret->events_1m = column_int(result, row, 23);
    ret->records_10m = column_int(result, row, 24);
    ret->events_10m = column_int(result, row, 25);
}

static void
read_scope(struct arena *arena, const PGresult *result, int row, struct scope_status *ret)
{
    ret->scope = column_text(arena, result, row, 0);
    ret->watermark_ns = column_time(result, row, 1);
    ret->newest_ns = column_time(result, row, 2);
    ret->batches_behind = column_int(result, row, 3);
    ret->held_by_topic = column_text(arena, result, row, 4);
    ret->held_by_partition = (int32_t)column_int(result, row, 5);
}

static void
read_reason(struct arena *arena, const PGresult *result, int row, struct reason_status *ret)
{
    ret->reason = column_text(arena, result, row, 0);
    ret->records = column_int(result, row, 1);
    ret->topic = column_text(arena, result, row, 2);
    ret->incarnation = (int32_t)column_int(result, row, 3);
    ret->partition = (int32_t)column_int(result, row, 4);
    ret->offset = column_int(result, row, 5);
    ret->format_guess = column_text(arena, result, row, 6);
    ret->detail = column_text(arena, result, row, 7);
}

static void
read_gap(struct arena *arena, const PGresult *result, int row, struct gap_status *ret)
{
    ret->topic = column_text(arena, result, row, 0);
    ret->incarnation = (int32_t)column_int(result, row, 1);
    ret->partition = (int32_t)column_int(result, row, 2);
    ret->from = column_int(result, row, 3);
    ret->to = column_int(result, row, 4);
    ret->kind = column_text(arena, result, row, 5);
    ret->seen_ns = column_time(result, row, 6);
}

/* One query, one array of rows. */
#define READ_ROWS(store, arena, name, values, count, read, ret_rows, ret_count, err)               \
    ({                                                                                             \
        PGresult *result_;                                                                         \
        int status_ = store_sql(store, name, values, count, &result_, err);                        \
        if (status_ == 0) {                                                                        \
            int rows_ = PQntuples(result_);                                                        \
            *(ret_count) = (size_t)rows_;                                                          \
            *(ret_rows) = ARENA_ARRAY(arena, __typeof__(**(ret_rows)), (size_t)rows_ + 1);         \
            for (int i_ = 0; i_ < rows_; i_++)                                                     \
                read(arena, result_, i_, &(*(ret_rows))[i_]);                                      \
            PQclear(result_);                                                                      \
        }                                                                                          \
        status_;                                                                                   \
    })

static int
read_now(struct store *store, int64_t *ret_now_ns, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_status_now, NULL, 0, &result, err) != 0)
        return -1;
    *ret_now_ns = column_time(result, 0, 0);
    PQclear(result);
    return 0;
}

static int
read_configuration(struct store *store, struct arena *arena, struct store_status *ret,
                   struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_status_configuration, NULL, 0, &result, err) != 0)
        return -1;
    ret->applied_ns = TIME_NONE;
    if (PQntuples(result) > 0) {
        ret->config_digest = column_text(arena, result, 0, 0);
        ret->applied_ns = column_time(result, 0, 1);
        ret->applied_by = column_text(arena, result, 0, 2);
    }
    PQclear(result);
    return 0;
}

static int
read_decoding(struct store *store, struct arena *arena, struct decoding_status *ret,
              struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_status_decoding, NULL, 0, &result, err) != 0)
        return -1;
    ret->applied_ns = TIME_NONE;
    if (PQntuples(result) > 0) {
        ret->digest = column_text(arena, result, 0, 0);
        ret->applied_ns = column_time(result, 0, 1);
        ret->applied_by = column_text(arena, result, 0, 2);
        ret->partitions = column_int(result, 0, 3);
        ret->behind = column_int(result, 0, 4);
    }
    PQclear(result);
    return 0;
}

static int
read_lines(struct store *store, struct arena *arena, struct lines_status *ret, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_status_lines, NULL, 0, &result, err) != 0)
        return -1;
    ret->closed = column_int(result, 0, 0);
    ret->unindexed = column_int(result, 0, 1);
    ret->since = column_text(arena, result, 0, 2);
    PQclear(result);
    return 0;
}

static int
read_all(struct store *store, struct arena *arena, int64_t gaps_ns, struct store_status *ret,
         struct err *err)
{
    char age[INT_TEXT];
    const char *values[] = {int_text(gaps_ns / NS_PER_US, age)};
    if (read_now(store, &ret->now_ns, err) != 0 ||
        read_configuration(store, arena, ret, err) != 0 ||
        read_decoding(store, arena, &ret->decoding, err) != 0 ||
        read_lines(store, arena, &ret->lines, err) != 0 ||
        READ_ROWS(store, arena, QUERY_status_streams, NULL, 0, read_stream, &ret->streams,
                  &ret->stream_count, err) != 0 ||
        READ_ROWS(store, arena, QUERY_status_scopes, NULL, 0, read_scope, &ret->scopes,
                  &ret->scope_count, err) != 0 ||
        READ_ROWS(store, arena, QUERY_status_quarantine, NULL, 0, read_reason, &ret->reasons,
                  &ret->reason_count, err) != 0 ||
        counts_topics(store, arena, &ret->readings, &ret->reading_count, err) != 0)
        return -1;
    return READ_ROWS(store, arena, QUERY_status_gaps, values, 1, read_gap, &ret->gaps,
                     &ret->gap_count, err);
}

int
store_status(struct store *store, struct arena *arena, int64_t gaps_ns,
             struct store_status *ret_status, struct err *err)
{
    struct store_status status = {0};
    if (store_read_begin(store, READ_DERIVED, err) != 0)
        return -1;
    int result = read_all(store, arena, gaps_ns, &status, err);
    store_read_end(store);
    if (result == 0)
        *ret_status = status;
    return result;
}

int
store_status_timeout(struct store *store, int64_t timeout_ns, struct err *err)
{
    char text[INT_TEXT];
    const char *values[] = {int_text(timeout_ns / NS_PER_MS, text)};
    return store_do(store, QUERY_status_timeout, values, 1, NULL, err);
}
