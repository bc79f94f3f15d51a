/*
 * The scripted database: functions of store/, asked by a worker. See servers.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "hindcast/decoding.h"
#include "ingest/decoding_set.h"
#include "store/delivery/part.h"
#include "tests/lib/scripted/script.h"

#define STREAMS_MAX 16
#define DECODING_HEAD "hindcast decoding 3\n"

struct store {
    bool connected;
};

static struct {
    struct store store;
    struct scripted_stream streams[STREAMS_MAX];
    size_t stream_count;
    bool lost_but_written;
    struct stored_decoding decoding;
    char content[4096], digest[SHA256_HEX + 1]; /* of those */
    pthread_mutex_t held;                       /* while answers are held */
} database = {.held = PTHREAD_MUTEX_INITIALIZER};

struct store *
script_database(void)
{
    memset(database.streams, 0, sizeof(database.streams));
    database.stream_count = 0;
    database.decoding = (struct stored_decoding){0};
    database.store.connected = true;
    return &database.store;
}

void
scripted_hold_answers(bool hold)
{
    if (hold)
        pthread_mutex_lock(&database.held);
    else
        pthread_mutex_unlock(&database.held);
}

void
scripted_lose_answer(bool written)
{
    database.lost_but_written = written;
    scripted_fail(CALL_COMMIT, ERR_DB_UNKNOWN);
}

struct scripted_stream *
scripted_stream(int64_t stream_id)
{
    assert_true(stream_id >= 1 && stream_id <= (int64_t)database.stream_count);
    return &database.streams[stream_id - 1];
}

int
store_open(struct store **ret_store, const struct store_options *options, struct err *err)
{
    (void)options;
    (void)err;
    *ret_store = &database.store;
    return 0;
}

void
store_close(struct store *store)
{
    store->connected = false;
}

bool
store_connected(const struct store *store)
{
    return store->connected;
}

bool
store_hung_up(struct store *store)
{
    return !store->connected;
}

int64_t
store_now_ns(const struct store *store)
{
    (void)store;
    return NS_PER_S;
}

void
store_interrupt(struct store *store)
{
    (void)store;
    script_note("interrupt");
}

int
store_reconnect(struct store *store, struct err *err)
{
    script_note("reconnect");
    if (script_outcome(CALL_RECONNECT, err) != 0)
        return -1;
    store->connected = true;
    return 0;
}

static struct scripted_stream *
newest(const char *topic, int32_t partition)
{
    struct scripted_stream *found = NULL;
    for (size_t i = 0; i < database.stream_count; i++)
        if (strcmp(database.streams[i].topic, topic) == 0 &&
            database.streams[i].partition == partition)
            found = &database.streams[i];
    return found;
}

static struct scripted_stream *
begin_stream(const char *topic, int32_t partition, int32_t incarnation)
{
    assert_true(database.stream_count < STREAMS_MAX);
    struct scripted_stream *row = &database.streams[database.stream_count++];
    *row = (struct scripted_stream){.partition = partition,
                                    .incarnation = incarnation,
                                    .next_offset = -1,
                                    .tail_offset = -1,
                                    .tail_time_ns = TIME_NONE};
    snprintf(row->topic, sizeof(row->topic), "%s", topic);
    return row;
}

static void
hand_over(struct scripted_stream *row, struct stream *ret_stream)
{
    *ret_stream = (struct stream){.stream_id = row - database.streams + 1,
                                  .epoch = ++row->epoch,
                                  .next_offset = row->next_offset,
                                  .seq = row->seq,
                                  .tail_offset = row->tail_offset,
                                  .tail_sha256 = row->tail_sha256,
                                  .tail_time_ns = row->tail_time_ns,
                                  .incarnation = row->incarnation,
                                  .partition = row->partition};
    snprintf(ret_stream->topic, sizeof(ret_stream->topic), "%s", row->topic);
}

void
store_set_decoding(struct store *store, int64_t number)
{
    (void)store;
    (void)number;
}

int
store_claim(struct store *store, const char *cluster_id, const char *topic, int32_t partition,
            const char *owner, struct stream *ret_stream, struct err *err)
{
    (void)store;
    (void)cluster_id;
    (void)owner;
    script_note("claim %s/%d", topic, (int)partition);
    if (script_outcome(CALL_CLAIM, err) != 0)
        return -1;
    struct scripted_stream *row = newest(topic, partition);
    hand_over(row != NULL ? row : begin_stream(topic, partition, 1), ret_stream);
    return 0;
}

int
store_new_incarnation(struct store *store, struct stream *stream, const char *cluster_id,
                      const char *owner, struct err *err)
{
    (void)store;
    (void)cluster_id;
    (void)owner;
    script_note("renew %lld", (long long)stream->stream_id);
    if (script_outcome(CALL_RENEW, err) != 0)
        return -1;
    hand_over(begin_stream(stream->topic, stream->partition, stream->incarnation + 1), stream);
    return 0;
}

int
store_note_gap(struct store *store, const struct stream *stream, int64_t from, int64_t to,
               const char *kind, struct err *err)
{
    (void)store;
    script_note("gap %lld [%lld, %lld) %s", (long long)stream->stream_id, (long long)from,
                (long long)to, kind);
    return script_outcome(CALL_NOTE_GAP, err);
}

int
store_release(struct store *store, const struct stream *streams, size_t count, struct err *err)
{
    (void)store;
    for (size_t i = 0; i < count; i++)
        script_note("release %lld", (long long)streams[i].stream_id);
    return script_outcome(CALL_RELEASE, err);
}

int
store_stream_read(struct store *store, struct stream *stream, int64_t *ret_epoch,
                  int64_t *ret_next_offset, struct err *err)
{
    (void)store;
    const struct scripted_stream *row = scripted_stream(stream->stream_id);
    script_note("read %lld", (long long)stream->stream_id);
    if (script_outcome(CALL_STREAM_READ, err) != 0)
        return -1;
    *ret_epoch = row->epoch;
    *ret_next_offset = row->next_offset;
    if (row->epoch == stream->epoch)
        stream->seq = row->seq;
    return 0;
}

int
store_own_again(struct store *store, const struct stream *stream, struct err *err)
{
    (void)store;
    script_note("own %lld", (long long)stream->stream_id);
    return script_outcome(CALL_OWN_AGAIN, err);
}

int
store_streams_taken(struct store *store, const struct stream *streams, size_t count,
                    bool *ret_taken, struct err *err)
{
    (void)store;
    script_note("taken?");
    if (script_outcome(CALL_TAKEN, err) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        ret_taken[i] = streams[i].stream_id > 0 &&
                       scripted_stream(streams[i].stream_id)->epoch != streams[i].epoch;
    return 0;
}

int
store_tail_checked(struct store *store, const struct stream *stream, bool verified, struct err *err)
{
    (void)store;
    (void)err;
    script_note("tail %lld %s", (long long)stream->stream_id, verified ? "same" : "other");
    return 0;
}

int
store_stream_find(struct store *store, const char *cluster_id, const char *topic, int32_t partition,
                  int64_t *ret_next_offset, struct err *err)
{
    (void)store;
    (void)cluster_id;
    (void)err;
    const struct scripted_stream *row = newest(topic, partition);
    *ret_next_offset = row == NULL ? -1 : row->next_offset;
    return 0;
}

int
store_streams_beyond(struct store *store, const char *cluster_id, const char *topic,
                     int32_t partitions, struct stream_place **ret_places, size_t *ret_count,
                     struct err *err)
{
    (void)store;
    (void)cluster_id;
    (void)err;
    size_t count = 0;
    struct stream_place *places = memory_calloc(STREAMS_MAX, sizeof(*places));
    script_note("beyond %s/%d", topic, (int)partitions);
    pthread_mutex_lock(&database.held);
    pthread_mutex_unlock(&database.held);
    for (size_t i = 0; i < database.stream_count; i++) {
        const struct scripted_stream *row = &database.streams[i];
        if (strcmp(row->topic, topic) == 0 && row->partition >= partitions &&
            row == newest(topic, row->partition))
            places[count++] =
                (struct stream_place){(int64_t)i + 1, row->next_offset < 0 ? 0 : row->next_offset};
    }
    *ret_places = places;
    *ret_count = count;
    return 0;
}

int
decoding_newest(struct store *store, struct arena *arena, struct stored_decoding *ret_decoding,
                struct err *err)
{
    (void)store;
    script_note("decoding?");
    if (script_outcome(CALL_DECODING, err) != 0)
        return -1;
    *ret_decoding = database.decoding;
    (void)arena;
    return 0;
}

static void
count_from_now(const char *head, const char *rest)
{
    struct stored_decoding *decoding = &database.decoding;
    struct sha256 digest;
    snprintf(database.content, sizeof(database.content), "%s%s", head, rest);
    sha256_of(database.content, strlen(database.content), &digest);
    sha256_hex(&digest, database.digest);
    decoding->number++;
    decoding->digest = sv_from(database.digest);
    decoding->content = sv_from(database.content);
}

int
decoding_begin(struct store *store, struct sv content, int64_t *ret_number, struct err *err)
{
    char text[sizeof(database.content)];
    (void)store;
    script_note("begin");
    if (script_outcome(CALL_DECODING_ADD, err) != 0)
        return -1;
    *ret_number = database.decoding.number == 0;
    snprintf(text, sizeof(text), SV_FMT, SV_ARG(content));
    if (*ret_number > 0)
        count_from_now(text, "");
    return 0;
}

int
decoding_take_over(struct store *store, const char *program, int64_t after, int64_t *ret_number,
                   struct err *err)
{
    char head[200], rest[sizeof(database.content)];
    (void)store;
    script_note("take over %lld", (long long)after);
    if (script_outcome(CALL_DECODING_ADD, err) != 0)
        return -1;
    *ret_number = after == database.decoding.number ? after + 1 : 0;
    if (*ret_number == 0)
        return 0;
    snprintf(rest, sizeof(rest), "%s", strstr(strchr(database.content, '\n') + 1, "\n"));
    snprintf(head, sizeof(head), DECODING_HEAD "%s", program);
    count_from_now(head, rest);
    return 0;
}

void
scripted_apply(const char *rest)
{
    char program[DECODING_PROGRAM_TEXT], head[200];
    decoding_set_program(program);
    snprintf(head, sizeof(head), DECODING_HEAD "%s\n", program);
    count_from_now(head, rest);
}

void
scripted_apply_of(const char *program, const char *rest)
{
    char head[200];
    snprintf(head, sizeof(head), DECODING_HEAD "program = %s\n", program);
    count_from_now(head, rest);
}

int
store_wake_correlator(struct store *store, struct err *err)
{
    (void)store;
    (void)err;
    return 0;
}

/* All or nothing, as one transaction: no stream may be another's. */
static bool
fence(const struct batch *batch, const struct stream *streams, size_t count, bool *ret_fenced)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        const struct stream *stream = &streams[i];
        ret_fenced[i] = batch_next_offset(batch, stream->stream_id) >= 0 &&
                        (scripted_stream(stream->stream_id)->epoch != stream->epoch ||
                         scripted_stream(stream->stream_id)->next_offset != stream->next_offset);
        any |= ret_fenced[i];
    }
    return any;
}

static void
write_batch(const struct batch *batch, const struct stream *streams, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t next = batch_next_offset(batch, streams[i].stream_id);
        if (next < 0)
            continue;
        struct scripted_stream *row = scripted_stream(streams[i].stream_id);
        row->records += batch_counts_of(batch, streams[i].stream_id).records;
        row->next_offset = next;
        row->seq++;
    }
}

static void
note_commit(const struct batch *batch, const struct stream *streams, size_t count)
{
    char line[200] = "commit";
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(line);
        int64_t next = batch_next_offset(batch, streams[i].stream_id);
        if (next >= 0)
            snprintf(line + used, sizeof(line) - used, " %lld->%lld",
                     (long long)streams[i].stream_id, (long long)next);
    }
    script_note("%s", line);
}

int
store_commit(struct store *store, struct batch *batch, struct stream *streams, size_t stream_count,
             bool *ret_fenced, struct err *err)
{
    (void)store;
    memset(ret_fenced, 0, stream_count * sizeof(*ret_fenced));
    note_commit(batch, streams, stream_count);
    enum err_code code = script_failure(CALL_COMMIT);
    if (code == ERR_NONE && batch->decoding != DECODING_ANY &&
        batch->decoding != database.decoding.number)
        return err_set(err, ERR_OVERTAKEN, "scripted");
    if (code == ERR_NONE && fence(batch, streams, stream_count, ret_fenced))
        return err_set(err, ERR_FENCED, "scripted");
    if (code == ERR_NONE || (code == ERR_DB_UNKNOWN && database.lost_but_written))
        write_batch(batch, streams, stream_count);
    if (code != ERR_NONE)
        return err_set(err, code, "scripted");
    for (size_t i = 0; i < stream_count; i++) {
        int64_t next = batch_next_offset(batch, streams[i].stream_id);
        if (next < 0)
            continue;
        streams[i].next_offset = next;
        streams[i].seq++;
    }
    return 0;
}
