/*
 * The feeder thread of draft: see draft_feed.h. It owns a producer and a PostgreSQL connection; the
 * owner reads its counters.
 */
#include "app/draft_feed.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "app/manifest.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "hindcast/producer.h"
#include "hindcast/store_options.h"
#include "store/status/overview.h"

#define LOOK_EVERY_NS (5 * NS_PER_MS)
#define FLUSH_NS (60 * NS_PER_S)
#define RECORD_OVERHEAD 128 /* framing of a record and its headers, generously */

static bool
must_stop(const struct feed *feed)
{
    return __atomic_load_n(feed->stop, __ATOMIC_SEQ_CST) ||
           __atomic_load_n(&feed->abandoned, __ATOMIC_SEQ_CST);
}

static bool
stopping(void *opaque)
{
    return must_stop(opaque);
}

static int
look_at_committed(struct feed *feed, struct err *err)
{
    int64_t next[FEED_PARTITIONS];
    if (store_committed(feed->store, feed->topic, next, FEED_PARTITIONS, err) != 0)
        return -1;
    for (int32_t i = 0; i < FEED_PARTITIONS; i++) {
        struct feed_partition *partition = &feed->partitions[i];
        assert(partition->committed <= partition->sent);
        for (; partition->committed < next[i] && partition->committed < partition->sent;
             partition->committed++)
            partition->waiting_bytes -=
                partition->bytes[partition->committed % FEED_WINDOW_RECORDS];
    }
    return 0;
}

static void
wait_a_moment(void)
{
    struct timespec moment = {0, LOOK_EVERY_NS};
    nanosleep(&moment, NULL);
}

static bool
has_room(const struct feed_partition *partition, int64_t bytes)
{
    return partition->sent == partition->committed ||
           (partition->waiting_bytes + bytes <= FEED_WINDOW_BYTES &&
            partition->sent - partition->committed < FEED_WINDOW_RECORDS);
}

/* One key stays in one partition: lines of a file keep their order. */
static int32_t
partition_of(struct sv key)
{
    struct sha256 digest;
    sha256_of(key.ptr, key.len, &digest);
    return digest.bytes[0] % FEED_PARTITIONS;
}

static int64_t
size_of(const struct file_record *record)
{
    size_t bytes = record->value.len + record->key.len + RECORD_OVERHEAD;
    for (size_t i = 0; i < record->header_count; i++)
        bytes += record->headers[i].name.len + record->headers[i].value.len;
    return (int64_t)bytes;
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct feed *feed = opaque;
    int32_t number = partition_of(record->key);
    struct feed_partition *partition = &feed->partitions[number];
    int64_t bytes = size_of(record);
    while (!has_room(partition, bytes)) {
        if (must_stop(feed))
            return FILE_STOPPED;
        int64_t before = partition->committed;
        if (look_at_committed(feed, err) != 0)
            return -1;
        if (partition->committed == before)
            wait_a_moment();
    }
    if (must_stop(feed))
        return FILE_STOPPED;
    struct outgoing outgoing = {.key = record->key,
                                .value = record->value,
                                .headers = record->headers,
                                .header_count = record->header_count,
                                .time_ns = record->time_ns,
                                .partition = number};
    int status = producer_send(feed->producer, &outgoing, err);
    if (status != 0)
        return status;
    assert(partition->sent - partition->committed < FEED_WINDOW_RECORDS); /* its slot is free */
    partition->bytes[partition->sent % FEED_WINDOW_RECORDS] = (uint32_t)bytes;
    partition->waiting_bytes += bytes;
    partition->sent++;
    __atomic_add_fetch(&feed->records, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&feed->bytes, (int64_t)record->value.len, __ATOMIC_RELAXED);
    return 0;
}

/* Hands the rows of the table on to who prints. */
static void
hand_on(struct feed *feed)
{
    struct strbuf *rows = feed->table->out;
    if (rows->len == 0)
        return;
    pthread_mutex_lock(&feed->mutex);
    strbuf_add_sv(&feed->rows, strbuf_view(rows));
    pthread_mutex_unlock(&feed->mutex);
    strbuf_clear(rows);
}

void
feed_take_rows(struct feed *feed, struct strbuf *ret_rows)
{
    pthread_mutex_lock(&feed->mutex);
    strbuf_add_sv(ret_rows, strbuf_view(&feed->rows));
    strbuf_clear(&feed->rows);
    pthread_mutex_unlock(&feed->mutex);
}

static void
on_decoded(void *opaque, const struct file_record *record)
{
    struct feed *feed = opaque;
    file_table_record(feed->table, record);
    hand_on(feed);
}

/* A manifest record, behind those of its file. */
static void
on_noted(void *opaque, const struct file_tally *tally, const struct assumed_zone *zone,
         const struct file_ended *ended)
{
    struct feed *feed = opaque;
    struct manifest manifest;
    if (feed->note_status != 0)
        return;
    manifest_init(&manifest, tally, zone, ended);
    feed->note_status = on_record(feed, &manifest.record, &feed->note_err);
    manifest_release(&manifest);
}

static int
note_failed(const struct feed *feed, struct err *err)
{
    if (feed->note_status < 0)
        *err = feed->note_err;
    return feed->note_status;
}

static int
on_ended(void *opaque, const struct file_ended *ended, struct err *err)
{
    struct feed *feed = opaque;
    file_table_ended(feed->table, ended);
    hand_on(feed);
    return note_failed(feed, err);
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct feed *feed = opaque;
    file_table_skip(feed->table, name, line, reason);
    hand_on(feed);
}

static void
on_problem(void *opaque, const char *name, const char *reason)
{
    struct feed *feed = opaque;
    feed->problems++;
    file_table_problem(feed->table, name, reason);
    hand_on(feed);
}

static void
on_progress(void *opaque, int64_t bytes)
{
    struct feed *feed = opaque;
    __atomic_store_n(&feed->read_bytes, feed->before_bytes + bytes, __ATOMIC_RELAXED);
}

static bool
all_committed(const struct feed *feed)
{
    for (int32_t i = 0; i < FEED_PARTITIONS; i++)
        if (feed->partitions[i].committed < feed->partitions[i].sent)
            return false;
    return true;
}

static int
feed_all(struct feed *feed, struct err *err)
{
    struct file_sink sink = {.opaque = feed,
                             .decode = topics_find(&feed->topics, feed->topic),
                             .decoded = on_decoded,
                             .date_of_file = feed->date_of_file,
                             .record = on_record,
                             .ended = on_ended,
                             .skip = on_skip,
                             .progress = on_progress,
                             .problem = on_problem,
                             .stopped = stopping};
    feed->table->noted = on_noted;
    feed->table->opaque = feed;
    file_table_early(feed->table);
    hand_on(feed);
    int status = 0;
    for (size_t i = 0; i < feed->files->count && status == 0; i++) {
        const struct input_file *file = &feed->files->files[i];
        status = file_read(file, 0, &sink, err);
        if (status == 0) {
            file_table_file_end(feed->table, file);
            status = note_failed(feed, err);
        }
        hand_on(feed);
        feed->before_bytes = file->size >= 0 ? feed->before_bytes + file->size : feed->read_bytes;
    }
    if (status != 0)
        return status;
    status = producer_flush(feed->producer, FLUSH_NS, err);
    if (status != 0)
        return status;
    while (!all_committed(feed) && !must_stop(feed)) {
        if (look_at_committed(feed, err) != 0)
            return -1;
        if (!all_committed(feed))
            wait_a_moment();
    }
    return 0;
}

static void *
feed_main(void *opaque)
{
    struct feed *feed = opaque;
    struct store_options options = store_options_for(feed->config, STORE_LOGIN, "hindcast draft");
    options.conninfo = feed->conninfo;
    options.check_schema = true;
    options.patience = (struct store_patience){.stopping = stopping, .opaque = feed};
    int status = store_open(&feed->store, &options, &feed->err);
    if (status == 0)
        status = producer_open_until(&feed->producer, feed->config, feed->brokers, feed->topic,
                                     feed->stop, &feed->err);
    if (status == 0)
        status = topics_init(&feed->topics, feed->config, &feed->err);
    if (status == 0)
        status = feed_all(feed, &feed->err);
    feed->failed = status < 0;
    topics_release(&feed->topics);
    producer_close(feed->producer);
    store_close(feed->store);
    __atomic_store_n(&feed->ingest_stop, true, __ATOMIC_SEQ_CST);
    return NULL;
}

int
feed_start(struct feed *feed, struct err *err)
{
    assert(feed->partitions == NULL); /* not running */
    pthread_mutex_init(&feed->mutex, NULL);
    strbuf_init(&feed->rows, 0);
    feed->partitions = memory_calloc(FEED_PARTITIONS, sizeof(*feed->partitions));
    int number = pthread_create(&feed->thread, NULL, feed_main, feed);
    if (number == 0)
        return 0;
    free(feed->partitions);
    feed->partitions = NULL;
    feed_release(feed);
    return err_set_errno(err, ERR_FAILED, number, "cannot start a thread");
}

void
feed_join(struct feed *feed)
{
    assert(feed->partitions != NULL); /* feed_start() succeeded */
    __atomic_store_n(&feed->abandoned, true, __ATOMIC_SEQ_CST);
    pthread_join(feed->thread, NULL);
    free(feed->partitions);
    feed->partitions = NULL;
}

void
feed_release(struct feed *feed)
{
    strbuf_release(&feed->rows);
    pthread_mutex_destroy(&feed->mutex);
}
