/*
 * Writing the batch, and everything that can go wrong with it: fenced streams, a database that is
 * away, a COMMIT whose outcome is unknown. Worker's thread. docs/delivery.md has the argument.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "ingest/worker.h"

#define TELL_EVERY_NS (5 * NS_PER_S)
#define WAKE_EVERY_NS (100 * NS_PER_MS)

/* What the counters gain when (a part of) the batch is known to be committed. */
static void
count(struct worker *worker, size_t records, size_t events, size_t quarantined)
{
    atomic_fetch_add(&worker->totals.records, (int64_t)records);
    atomic_fetch_add(&worker->totals.events, (int64_t)events);
    atomic_fetch_add(&worker->totals.quarantined, (int64_t)quarantined);
}

static void
part_committed(struct worker *worker, struct part *part, int64_t next)
{
    part_stream(worker, part)->next_offset = next;
    atomic_fetch_add(&worker->totals.tombstones, part->tombstones);
    atomic_fetch_add(&worker->totals.bytes, part->bytes);
    part->tombstones = part->bytes = 0;
    part_reached(worker, part, next);
    worker->untold = true;
}

static int64_t
batched_next(const struct worker *worker, size_t at)
{
    if (worker->parts[at].state != PART_READING)
        return -1;
    return batch_next_offset(worker->batch, worker->streams[at].stream_id);
}

static void
all_committed(struct worker *worker, size_t records, size_t events, size_t quarantined)
{
    count(worker, records, events, quarantined);
    for (size_t i = 0; i < worker->count; i++) {
        int64_t next = batched_next(worker, i);
        if (next >= 0)
            part_committed(worker, &worker->parts[i], next);
    }
    atomic_fetch_add(&worker->totals.batches, 1);
    batch_clear(worker->batch);
}

static void
drop_committed(struct worker *worker, struct part *part, int64_t next)
{
    size_t records = batch_records(worker->batch), events = batch_events(worker->batch);
    size_t quarantined = batch_quarantined(worker->batch);
    batch_drop_stream(worker->batch, part_stream(worker, part)->stream_id);
    count(worker, records - batch_records(worker->batch), events - batch_events(worker->batch),
          quarantined - batch_quarantined(worker->batch));
    part_committed(worker, part, next);
}

/* After a reconnect: what became of the streams in the batch? Reads, never claims. */
static int
resolve(struct worker *worker, struct err *err)
{
    for (size_t i = 0; i < worker->count; i++) {
        struct part *part = &worker->parts[i];
        struct stream *stream = &worker->streams[i];
        int64_t batched = batched_next(worker, i), epoch, next;
        if (part->state != PART_READING)
            continue;
        if (store_stream_read(worker->store, stream, &epoch, &next, err) != 0)
            return -1;
        if (epoch != stream->epoch) {
            part_unclaim(worker, part, PART_FENCED);
        } else if (batched >= 0 && next == batched) {
            drop_committed(worker, part, next);
        } else if (next != stream->next_offset) {
            /* Commits that were acknowledged are gone: a crash without fsync, or a failover. */
            part_unclaim(worker, part, PART_UNCLAIMED);
        }
    }
    worker->unresolved = false;
    return 0;
}

static int
fence(struct worker *worker, struct err *err)
{
    bool any = false;
    for (size_t i = 0; i < worker->count; i++)
        if (worker->fenced[i] && worker->parts[i].state == PART_READING) {
            part_unclaim(worker, &worker->parts[i], PART_FENCED);
            any = true;
        }
    return any ? 0 : err_set(err, ERR_INTERNAL, "a batch was fenced that holds no fenced stream");
}

static int
connect_again(struct worker *worker, struct err *err)
{
    if (!store_connected(worker->store)) {
        if (store_reconnect(worker->store, err) != 0)
            return -1;
        worker->unresolved = true;
    }
    return worker->unresolved ? resolve(worker, err) : 0;
}

/* Correlators look by themselves too, so a call that is left out or fails loses only time. */
static void
wake(struct worker *worker)
{
    struct err ignored = {0};
    int64_t now = clock_monotonic_ns();
    if (now - worker->woke_ns < WAKE_EVERY_NS ||
        store_wake_correlator(worker->store, &ignored) != 0)
        return;
    worker->woke_ns = now;
}

static int
write_batch(struct worker *worker, struct err *err)
{
    for (;;) {
        if (connect_again(worker, err) != 0)
            return -1;
        if (batch_empty(worker->batch))
            return 0;
        size_t records = batch_records(worker->batch), events = batch_events(worker->batch);
        size_t quarantined = batch_quarantined(worker->batch);
        memset(worker->fenced, 0, worker->count * sizeof(*worker->fenced));
        if (store_commit(worker->store, worker->batch, worker->streams, worker->count,
                         worker->fenced, err) == 0) {
            all_committed(worker, records, events, quarantined);
            wake(worker);
            return 0;
        }
        if (err->code != ERR_FENCED) {
            worker->unresolved |= err->code == ERR_DB_UNKNOWN;
            return -1;
        }
        if (fence(worker, err) != 0)
            return -1;
    }
}

int
commit_batch(struct worker *worker, struct err *err)
{
    if (batch_empty(worker->batch) && !backoff_active(&worker->database))
        return 0;
    if (write_batch(worker, err) == 0) {
        worker_database_back(worker);
        return 0;
    }
    if (err_retriable(err->code))
        worker_database_away(worker, err);
    return -1;
}

int
commit_until(struct worker *worker, int64_t until_ns, struct err *err)
{
    while (commit_batch(worker, err) != 0) {
        int64_t now = clock_monotonic_ns();
        if (!err_retriable(err->code) || now >= until_ns)
            return -1;
        int64_t wait = worker->database.next_ns - now;
        if (wait > 0) {
            struct timespec pause = {wait / NS_PER_S, wait % NS_PER_S};
            nanosleep(&pause, NULL);
        }
    }
    return 0;
}

void
commit_tell_kafka(struct worker *worker)
{
    int64_t now = clock_monotonic_ns();
    if (!worker->untold || now - worker->told_ns < TELL_EVERY_NS ||
        backoff_active(&worker->database))
        return;
    struct kafka_place *places = calloc(worker->count + 1, sizeof(*places));
    if (places == NULL)
        abort();
    size_t told = 0;
    for (size_t i = 0; i < worker->count; i++) {
        const struct part *part = &worker->parts[i];
        if (part->state != PART_READING || worker->streams[i].next_offset < 0)
            continue;
        memcpy(places[told].topic, part->topic, sizeof(part->topic));
        places[told].partition = part->partition;
        places[told++].offset = worker->streams[i].next_offset;
    }
    kafka_consumer_tell_offsets(worker->consumer, places, told);
    free(places);
    worker->told_ns = now;
    worker->untold = false;
}
