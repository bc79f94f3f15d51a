/*
 * Committing, and everything that can go wrong with it: fenced streams, a database that is away, a
 * COMMIT whose outcome is unknown. Worker's thread. docs/delivery.md has the argument.
 *
 * There are two batches. `batch` is being filled; `sent` is being written by the writer ("flying"),
 * or was refused and is to be sent again. `sent` always lies before `batch` in every stream, so it
 * goes first, and what ends a stream ends it in both.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ingest/worker/worker.h"

#define TELL_EVERY_NS (5 * NS_PER_S)
#define SETTLE_NS (10 * NS_PER_S)  /* for a batch in flight, before it is interrupted */
#define SLICE_NS (100 * NS_PER_MS) /* of a wait that a stop makes shorter */
#define HEAD_START_NS (500 * NS_PER_US)

/* What the counters gain when (a part of) the batch is known to be committed. */
static void
count(struct worker *worker, const struct batch_counts *counts)
{
    atomic_fetch_add(&worker->totals.records, counts->records);
    atomic_fetch_add(&worker->totals.events, counts->events);
    atomic_fetch_add(&worker->totals.quarantined, counts->quarantined);
    atomic_fetch_add(&worker->totals.tombstones, counts->tombstones);
    atomic_fetch_add(&worker->totals.bytes, counts->value_bytes);
}

static void
part_committed(struct worker *worker, struct part *part, int64_t next)
{
    part_stream(worker, part)->next_offset = next;
    part_reached(worker, part, next);
    worker->untold = true;
}

static int64_t
sent_next(const struct worker *worker, size_t at)
{
    if (worker->parts[at].state != PART_READING)
        return -1;
    return batch_next_offset(worker->sent, worker->streams[at].stream_id);
}

bool
commit_pending(struct worker *worker, const struct part *part)
{
    int64_t id = part_stream(worker, part)->stream_id;
    return batch_next_offset(worker->sent, id) >= 0 || batch_next_offset(worker->batch, id) >= 0;
}

static void
sent_committed(struct worker *worker)
{
    struct batch_counts counts = batch_counts(worker->sent);
    count(worker, &counts);
    for (size_t i = 0; i < worker->count; i++) {
        int64_t next = sent_next(worker, i);
        if (next >= 0)
            part_committed(worker, &worker->parts[i], next);
    }
    atomic_fetch_add(&worker->totals.batches, 1);
    batch_clear(worker->sent);
}

static void
drop_committed(struct worker *worker, struct part *part, int64_t next)
{
    int64_t id = part_stream(worker, part)->stream_id;
    struct batch_counts counts = batch_counts_of(worker->sent, id);
    count(worker, &counts);
    batch_drop_stream(worker->sent, id);
    part_committed(worker, part, next);
}

/* After a reconnect: what became of the streams in the batch? Raises no epoch: that is no claim. */
static int
resolve(struct worker *worker, struct err *err)
{
    for (size_t i = 0; i < worker->count; i++) {
        struct part *part = &worker->parts[i];
        struct stream *stream = &worker->streams[i];
        int64_t sent = sent_next(worker, i), epoch, next;
        if (part->state != PART_READING)
            continue;
        if (store_own_again(worker->store, stream, err) != 0 ||
            store_stream_read(worker->store, stream, &epoch, &next, err) != 0)
            return -1;
        if (epoch != stream->epoch) {
            part_unclaim(worker, part, PART_FENCED);
        } else if (sent >= 0 && next == sent) {
            drop_committed(worker, part, next);
        } else if (next != stream->next_offset) {
            /* Commits that were acknowledged are gone: a crash without fsync, or a failover. */
            part_unclaim(worker, part, PART_UNCLAIMED);
        }
    }
    worker->unresolved = false;
    return 0;
}

/* False: none of ours was fenced. */
static bool
drop_fenced(struct worker *worker)
{
    bool any = false;
    for (size_t i = 0; i < worker->count; i++)
        if (worker->fenced[i] && worker->parts[i].state == PART_READING) {
            part_unclaim(worker, &worker->parts[i], PART_FENCED);
            atomic_fetch_add(&worker->totals.fenced, 1);
            any = true;
        }
    return any;
}

static int
connect_again(struct worker *worker, struct err *err)
{
    if (!store_connected(worker->store)) {
        if (store_reconnect(worker->store, err) != 0)
            return -1;
        worker_connected(worker);
        worker->unresolved = true;
    }
    return worker->unresolved ? resolve(worker, err) : 0;
}

/*
 * Gives `sent` to the writer, unless finding out about it left nothing to write. The writer's first
 * statements are answered at once, so for as long as they take the worker does not compete with it
 * for a processor: PostgreSQL would wait for both.
 */
static int
launch(struct worker *worker, struct err *err)
{
    if (connect_again(worker, err) != 0)
        return -1;
    if (batch_empty(worker->sent))
        return 0;
    writer_start(&worker->writer, worker->store, worker->sent, worker->streams, worker->count);
    worker->flying = true;
    (void)commit_wait(worker, clock_monotonic_ns() + HEAD_START_NS);
    return 0;
}

/* The writer is done: what became of it? Fenced streams are dropped, the rest is to be sent again.
 */
static int
land(struct worker *worker, struct err *err)
{
    bool question = worker->writer.batch == NULL;
    worker->flying = false;
    if (writer_result(&worker->writer, worker->streams, worker->fenced, err) == 0) {
        if (question)
            (void)drop_fenced(worker);
        else
            sent_committed(worker);
        return 0;
    }
    if (err->code == ERR_FENCED)
        return drop_fenced(worker)
                   ? 0
                   : err_set(err, ERR_INTERNAL, "a batch was fenced that holds no fenced stream");
    worker->unresolved |= err->code == ERR_DB_UNKNOWN;
    return -1;
}

static bool
away_still(const struct worker *worker)
{
    return backoff_active(&worker->database) && clock_monotonic_ns() < worker->database.next_ns;
}

static int
step(struct worker *worker, bool due, struct err *err)
{
    if (worker->flying) {
        if (!writer_done(&worker->writer, 0))
            return 0;
        if (land(worker, err) != 0)
            return -1;
        if (batch_empty(worker->sent))
            worker_database_back(worker);
    }
    if (away_still(worker))
        return 0;
    if (batch_empty(worker->sent) && due) {
        struct batch *filled = worker->batch;
        worker->batch = worker->sent;
        worker->sent = filled;
    }
    /* Also with nothing to write: the server that took over may be behind. */
    if (batch_empty(worker->sent) && !backoff_active(&worker->database) &&
        !store_hung_up(worker->store))
        return 0;
    if (launch(worker, err) != 0)
        return -1;
    if (!worker->flying)
        worker_database_back(worker);
    return 0;
}

int
commit_step(struct worker *worker, bool due, struct err *err)
{
    if (step(worker, due, err) == 0)
        return 0;
    if (err_retriable(err->code))
        worker_database_away(worker, err);
    return -1;
}

void
commit_ask(struct worker *worker)
{
    bool busy = worker->flying || !batch_empty(worker->sent) || worker->unresolved;
    if (busy || backoff_active(&worker->database) || !store_connected(worker->store))
        return;
    writer_start(&worker->writer, worker->store, NULL, worker->streams, worker->count);
    worker->flying = true;
}

bool
commit_wait(struct worker *worker, int64_t until_ns)
{
    return !worker->flying || writer_done(&worker->writer, until_ns);
}

/* The writer may be stuck in a server that does not answer: a broken connection ends that. */
static void
wait_or_interrupt(struct worker *worker, int64_t until_ns)
{
    int64_t now;
    while ((now = clock_monotonic_ns()) < worker_until(worker, until_ns))
        if (commit_wait(worker, now + SLICE_NS))
            return;
    if (commit_wait(worker, now))
        return;
    store_interrupt(worker->store);
    while (!writer_done(&worker->writer, clock_monotonic_ns() + NS_PER_S))
        ;
}

void
commit_settle(struct worker *worker)
{
    struct err err = {0};
    if (!worker->flying)
        return;
    wait_or_interrupt(worker, clock_monotonic_ns() + SETTLE_NS);
    if (land(worker, &err) == 0)
        return;
    if (err_retriable(err.code))
        worker_database_away(worker, &err);
    else
        worker_fail(worker, &err);
}

static bool
anything_left(const struct worker *worker)
{
    return worker->flying || !batch_empty(worker->sent) || !batch_empty(worker->batch);
}

int
commit_until(struct worker *worker, int64_t until_ns, struct err *err)
{
    bool failed = false;
    while (anything_left(worker)) {
        int64_t slice = clock_monotonic_ns() + SLICE_NS, next = worker->database.next_ns;
        if (!worker->flying && clock_monotonic_ns() >= worker_until(worker, until_ns))
            return failed ? -1 : err_set(err, ERR_DB_DOWN, "the database did not take it in time");
        if (worker->flying)
            wait_or_interrupt(worker, until_ns);
        else if (away_still(worker))
            clock_sleep_until(next < slice ? next : slice);
        if (commit_step(worker, true, err) != 0) {
            failed = true;
            if (!err_retriable(err->code))
                return -1;
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
    struct kafka_place *places = memory_calloc(worker->count + 1, sizeof(*places));
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
