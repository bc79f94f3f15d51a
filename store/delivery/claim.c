/*
 * Claiming and giving back streams: see store.h and docs/delivery.md. The worker's thread, in
 * rebalances. No call here holds a lock while it waits, except the claim's own single row.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "hindcast/delivery.h"
#include "store/delivery/copying.h"
#include "store/failpoint.h"
#include "store/pg/conn.h"

static int64_t
int_or(const PGresult *result, int column, int64_t otherwise)
{
    return column_null(result, 0, column) ? otherwise : column_int(result, 0, column);
}

static int
no_stream(PGresult *result, struct err *err)
{
    PQclear(result);
    return err_set(err, ERR_DB_QUERY, "the row of a stream is missing from evidence.stream");
}

static int
find(struct store *store, const char *cluster_id, const char *topic, int32_t partition,
     PGresult **ret_result, struct err *err)
{
    char number[INT_TEXT];
    return store_sql(store, QUERY_stream_find,
                     (const char *[]){cluster_id, topic, int_text(partition, number)}, 3,
                     ret_result, err);
}

int
store_stream_find(struct store *store, const char *cluster_id, const char *topic, int32_t partition,
                  int64_t *ret_next_offset, struct err *err)
{
    PGresult *result;
    if (find(store, cluster_id, topic, partition, &result, err) != 0)
        return -1;
    *ret_next_offset = PQntuples(result) == 0 ? -1 : int_or(result, 1, -1);
    PQclear(result);
    return 0;
}

/*
 * As the login: a role taken on can neither see the start of other backends nor end those of a
 * superuser login. The transaction brings the role back however it ends.
 */
static int
end_owner(struct store *store, const char *pid, const char *start, struct err *err)
{
    PGresult *result;
    const char *values[] = {pid, start};
    if (store_begin(store, err) != 0)
        return -1;
    if (store_do(store, QUERY_role_none, NULL, 0, NULL, err) != 0 ||
        store_sql(store, QUERY_stream_end_owner, values, 2, &result, err) != 0) {
        store_rollback(store);
        return -1;
    }
    bool stays = PQntuples(result) == 1 && !column_bool(result, 0, 0);
    PQclear(result);
    /* Ending a backend is not undone, and a COMMIT might have an unknown outcome of its own. */
    store_rollback(store);
    return stays ? err_set(err, ERR_DB_CONFLICT, "backend %s, which held the stream, does not end",
                           pid)
                 : 0;
}

int
store_own_again(struct store *store, const struct stream *stream, struct err *err)
{
    PGresult *result;
    char id[INT_TEXT], epoch[INT_TEXT], pid[INT_TEXT], start[64];
    const char *values[] = {int_text(stream->stream_id, id), int_text(stream->epoch, epoch),
                            store->backend_start};
    assert(stream->stream_id > 0);
    if (store_sql(store, QUERY_stream_owner, values, 3, &result, err) != 0)
        return -1;
    bool other = PQntuples(result) == 1;
    snprintf(pid, sizeof(pid), "%s", other ? PQgetvalue(result, 0, 0) : "");
    snprintf(start, sizeof(start), "%s", other ? PQgetvalue(result, 0, 1) : "");
    PQclear(result);
    if (!other)
        return 0;
    if (end_owner(store, pid, start, err) != 0)
        return -1;
    return store_do(store, QUERY_stream_own, values, 3, NULL, err);
}

/* Kafka counts milliseconds, the column microseconds. */
static int64_t
tail_time(const PGresult *result, int column)
{
    return PQgetisnull(result, 0, column)
               ? TIME_NONE
               : time_of_units_or_none(column_int(result, 0, column), NS_PER_US, 0);
}

/* A stream as it was looked at before a claim. */
struct found {
    char stream_id[INT_TEXT], epoch[INT_TEXT], pid[INT_TEXT], start[64];
    bool has_pid, has_start;
};

static int
take(struct store *store, const struct found *found, const char *owner, struct stream *ret_stream,
     struct err *err)
{
    PGresult *result;
    const char *stream_id = found->stream_id;
    const char *values[] = {stream_id,
                            store->backend_start,
                            owner,
                            found->epoch,
                            found->has_pid ? found->pid : NULL,
                            found->has_start ? found->start : NULL,
                            store->decoding};
    if (store_sql(store, QUERY_stream_claim, values, 7, &result, err) != 0)
        return -1;
    if (PQntuples(result) != 1) {
        PQclear(result);
        return err_set(err, ERR_DB_CONFLICT, "another worker claimed stream %s meanwhile",
                       stream_id);
    }
    struct stream stream = {
        .stream_id = column_int(result, 0, 0),
        .epoch = column_int(result, 0, 1),
        .next_offset = int_or(result, 2, -1),
        .seq = column_int(result, 0, 3),
        .tail_offset = int_or(result, 4, -1),
        .incarnation = (int32_t)column_int(result, 0, 6),
        .partition = (int32_t)column_int(result, 0, 7),
        .tail_time_ns = tail_time(result, 9),
    };
    (void)column_bytes(result, 0, 5, stream.tail_sha256.bytes, SHA256_BYTES);
    snprintf(stream.topic, sizeof(stream.topic), "%s", PQgetvalue(result, 0, 8));
    PQclear(result);
    *ret_stream = stream;
    return 0;
}

int
store_tail_checked(struct store *store, const struct stream *stream, bool verified, struct err *err)
{
    char stream_id[24], epoch[24];
    snprintf(stream_id, sizeof(stream_id), "%" PRId64, stream->stream_id);
    snprintf(epoch, sizeof(epoch), "%" PRId64, stream->epoch);
    const char *values[] = {stream_id, epoch, verified ? "true" : "false"};
    PGresult *result;
    if (store_sql(store, QUERY_stream_tail, values, 3, &result, err) != 0)
        return -1;
    PQclear(result);
    return 0;
}

void
store_set_decoding(struct store *store, int64_t number)
{
    store->decoding_no = number;
    store->decoding = int_text(number, store->decoding_text);
}

int
store_claim(struct store *store, const char *cluster_id, const char *topic, int32_t partition,
            const char *owner, struct stream *ret_stream, struct err *err)
{
    PGresult *result;
    char number[INT_TEXT];
    struct found found;
    const char *values[] = {cluster_id, topic, int_text(partition, number)};
    assert(!store->in_transaction && partition >= 0);
    FAILPOINT_HERE(claim_before);
    if (store->check_schema && store_check_schema(store, err) != 0)
        return -1;
    if (store_do(store, QUERY_stream_create, values, 3, NULL, err) != 0 ||
        find(store, cluster_id, topic, partition, &result, err) != 0)
        return -1;
    if (PQntuples(result) != 1)
        return no_stream(result, err);
    found.has_pid = !column_null(result, 0, 2);
    found.has_start = !column_null(result, 0, 3);
    snprintf(found.stream_id, sizeof(found.stream_id), "%s", PQgetvalue(result, 0, 0));
    snprintf(found.pid, sizeof(found.pid), "%s", PQgetvalue(result, 0, 2));
    snprintf(found.start, sizeof(found.start), "%s", PQgetvalue(result, 0, 3));
    snprintf(found.epoch, sizeof(found.epoch), "%s", PQgetvalue(result, 0, 4));
    PQclear(result);
    FAILPOINT_HERE(claim_before_end_owner);
    bool held = found.has_pid && found.has_start;
    if (held && end_owner(store, found.pid, found.start, err) != 0)
        return -1;
    FAILPOINT_HERE(claim_after_end_owner);
    if (take(store, &found, owner, ret_stream, err) != 0)
        return -1;
    FAILPOINT_HERE(claim_after);
    return 0;
}

int
store_note_gap(struct store *store, const struct stream *stream, int64_t from, int64_t to,
               const char *kind, struct err *err)
{
    assert(stream->stream_id > 0 && from <= to);
    char id[INT_TEXT], low[INT_TEXT], high[INT_TEXT];
    const char *values[] = {int_text(stream->stream_id, id), int_text(from, low),
                            int_text(to, high), kind};
    return store_do(store, QUERY_gap_note, values, 4, NULL, err);
}

int
store_new_incarnation(struct store *store, struct stream *stream, const char *cluster_id,
                      const char *owner, struct err *err)
{
    char id[INT_TEXT], topic[sizeof(stream->topic)];
    const char *values[] = {int_text(stream->stream_id, id)};
    int64_t seen = stream->next_offset < 0 ? 0 : stream->next_offset;
    assert(!store->in_transaction && stream->stream_id > 0);
    if (store_begin(store, err) != 0)
        return -1;
    if (store_note_gap(store, stream, seen, seen, "recreated", err) != 0 ||
        store_do(store, QUERY_stream_renew, values, 1, NULL, err) != 0) {
        store_rollback(store);
        return -1;
    }
    FAILPOINT_HERE(renew_before_commit);
    if (store_end(store, err) != 0)
        return -1;
    FAILPOINT_HERE(renew_after_commit);
    if (store_release(store, stream, 1, err) != 0)
        return -1;
    memcpy(topic, stream->topic, sizeof(topic));
    return store_claim(store, cluster_id, topic, stream->partition, owner, stream, err);
}

int
store_release(struct store *store, const struct stream *streams, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        char id[INT_TEXT], epoch[INT_TEXT];
        const char *values[] = {int_text(streams[i].stream_id, id),
                                int_text(streams[i].epoch, epoch)};
        FAILPOINT_HERE(release_before);
        if (store_do(store, QUERY_stream_release, values, 2, NULL, err) != 0)
            return -1;
        FAILPOINT_HERE(release_after);
    }
    return 0;
}

int
store_stream_read(struct store *store, struct stream *stream, int64_t *ret_epoch,
                  int64_t *ret_next_offset, struct err *err)
{
    PGresult *result;
    char id[INT_TEXT];
    if (store_sql(store, QUERY_stream_read, (const char *[]){int_text(stream->stream_id, id)}, 1,
                  &result, err) != 0)
        return -1;
    if (PQntuples(result) != 1)
        return no_stream(result, err);
    *ret_epoch = column_int(result, 0, 0);
    *ret_next_offset = int_or(result, 1, -1);
    if (*ret_epoch == stream->epoch) {
        stream->seq = column_int(result, 0, 2);
        stream->tail_offset = int_or(result, 3, -1);
        (void)column_bytes(result, 0, 4, stream->tail_sha256.bytes, SHA256_BYTES);
        stream->tail_time_ns = tail_time(result, 5);
    }
    PQclear(result);
    return 0;
}

int
store_streams_beyond(struct store *store, const char *cluster_id, const char *topic,
                     int32_t partitions, struct stream_place **ret_places, size_t *ret_count,
                     struct err *err)
{
    PGresult *result;
    char number[INT_TEXT];
    const char *values[] = {cluster_id, topic, int_text(partitions, number)};
    if (store_sql(store, QUERY_streams_beyond, values, 3, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct stream_place *places = memory_calloc(count, sizeof(*places));
    for (size_t i = 0; i < count; i++)
        places[i] =
            (struct stream_place){column_int(result, (int)i, 0), column_int(result, (int)i, 1)};
    PQclear(result);
    *ret_places = places;
    *ret_count = count;
    return 0;
}

int
store_streams_taken(struct store *store, const struct stream *streams, size_t count,
                    bool *ret_taken, struct err *err)
{
    struct strbuf ids, epochs;
    PGresult *result;
    strbuf_init(&ids, 0);
    strbuf_init(&epochs, 0);
    for (size_t i = 0; i < count; i++) {
        strbuf_addf(&ids, "%c%" PRId64, i == 0 ? '{' : ',', streams[i].stream_id);
        strbuf_addf(&epochs, "%c%" PRId64, i == 0 ? '{' : ',', streams[i].epoch);
    }
    strbuf_add_text(&ids, count == 0 ? "{}" : "}");
    strbuf_add_text(&epochs, count == 0 ? "{}" : "}");
    const char *values[] = {ids.ptr, epochs.ptr};
    int status = store_sql(store, QUERY_streams_taken, values, 2, &result, err);
    strbuf_release(&ids);
    strbuf_release(&epochs);
    if (status != 0)
        return -1;
    memset(ret_taken, 0, count * sizeof(*ret_taken));
    for (int row = 0; row < PQntuples(result); row++)
        for (size_t i = 0; i < count; i++)
            ret_taken[i] |= streams[i].stream_id == column_int(result, row, 0);
    PQclear(result);
    return decoding_check_store(store, err);
}

int
store_wake_correlator(struct store *store, struct err *err)
{
    return store_do(store, QUERY_wake, NULL, 0, NULL, err);
}
