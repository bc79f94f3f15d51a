/*
 * Committing: see commit.h. docs/delivery.md has the argument.
 *
 * There are two batches. `batch` is being filled; `sent` always lies before it in every stream, so
 * it goes first, and what ends a stream ends it in both. The states of `sent`:
 *
 *           the other     launch(): the
 *           one is due    writer has it
 *     empty ---------> waiting -----> in flight ----> empty
 *       ^               |   ^            |    written: counted
 *       |               |   |            |
 *       |               |   +------------+
 *       |               |     FENCED       without the streams that others took, at once
 *       |               |     OVERTAKEN    other decoding options count: read, all dropped
 *       |               |     DB_DOWN ...  as it is, after a backoff
 *       |               |     DB_UNKNOWN   the same, and the worker is `unresolved`
 *       |               |
 *       +---------------+ resolve(), before a launch on a connection that is new: reads where,
 *                         for the database, the stream ends:
 *                           another epoch         others took it: dropped from both batches
 *                           where `sent` ends     written: counted, dropped from `sent`
 *                           where `sent` begins   not written: stays, and is sent again
 *                           elsewhere             acknowledged commits are gone (a crash without
 *                                                 fsync, a failover): dropped, claimed again
 *
 * In flight without a batch, the writer asks which streams were taken, or what else somebody wants
 * to know; then `sent` is empty.
 */
#include "ingest/worker/commit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ingest/worker/decoding.h"
#include "ingest/worker/partition.h"
#include "ingest/worker/state.h"

#define KAFKA_COMMIT_NS (5 * NS_PER_S)
#define SETTLE_NS (10 * NS_PER_S)  /* for a batch in flight, before it is interrupted */
#define SLICE_NS (100 * NS_PER_MS) /* of a wait that a stop makes shorter */
#define HEAD_START_NS (500 * NS_PER_US)

/* What the counters gain when (a partition of) the batch is known to be committed. */
static void
add_counts(struct worker *worker, const struct batch_counts *counts)
{
    atomic_fetch_add(&worker->totals.records, counts->records);
    atomic_fetch_add(&worker->totals.events, counts->events);
    atomic_fetch_add(&worker->totals.quarantined, counts->quarantined);
    atomic_fetch_add(&worker->totals.tombstones, counts->tombstones);
    atomic_fetch_add(&worker->totals.bytes, counts->value_bytes);
    atomic_fetch_add(&worker->totals.skipped_lines, counts->skipped_lines);
}

static void
stream_committed(struct worker *worker, struct partition *partition, int64_t next)
{
    assert(next >= partition_stream(worker, partition)->next_offset);
    partition_stream(worker, partition)->next_offset = next;
    partition_reached(worker, partition, next);
    worker->offsets_due = true;
}

static int64_t
sent_next(const struct worker *worker, size_t at)
{
    if (worker->partitions[at].state != PARTITION_READING)
        return -1;
    return batch_next_offset(worker->sent, worker->streams[at].stream_id);
}

bool
commit_pending(struct worker *worker, const struct partition *partition)
{
    int64_t id = partition_stream(worker, partition)->stream_id;
    return batch_next_offset(worker->sent, id) >= 0 || batch_next_offset(worker->batch, id) >= 0;
}

static void
sent_committed(struct worker *worker)
{
    struct batch_counts counts = batch_counts(worker->sent);
    add_counts(worker, &counts);
    for (size_t i = 0; i < worker->count; i++) {
        int64_t next = sent_next(worker, i);
        if (next >= 0)
            stream_committed(worker, &worker->partitions[i], next);
    }
    atomic_fetch_add(&worker->totals.batches, 1);
    batch_clear(worker->sent);
}

static void
drop_committed(struct worker *worker, struct partition *partition, int64_t next)
{
    int64_t id = partition_stream(worker, partition)->stream_id;
    struct batch_counts counts = batch_counts_of(worker->sent, id);
    add_counts(worker, &counts);
    batch_drop_stream(worker->sent, id);
    stream_committed(worker, partition, next);
}

/* After a reconnect: reads what became of the streams in the batch. Raises no epoch: it does not
 * claim. */
static int
resolve(struct worker *worker, struct err *err)
{
    assert(!worker->in_flight && store_connected(worker->store));
    for (size_t i = 0; i < worker->count; i++) {
        struct partition *partition = &worker->partitions[i];
        struct stream *stream = &worker->streams[i];
        int64_t sent = sent_next(worker, i), epoch, next;
        if (partition->state != PARTITION_READING)
            continue;
        if (store_own_again(worker->store, stream, err) != 0 ||
            store_stream_read(worker->store, stream, &epoch, &next, err) != 0)
            return -1;
        if (epoch != stream->epoch) {
            partition_unclaim(worker, partition, PARTITION_FENCED);
        } else if (sent >= 0 && next == sent) {
            drop_committed(worker, partition, next);
        } else if (next != stream->next_offset) {
            partition_unclaim(worker, partition, PARTITION_UNCLAIMED);
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
        if (worker->fenced[i] && worker->partitions[i].state == PARTITION_READING) {
            partition_unclaim(worker, &worker->partitions[i], PARTITION_FENCED);
            atomic_fetch_add(&worker->totals.fenced, 1);
            any = true;
        }
    return any;
}

static int
connect_again(struct worker *worker, struct err *err)
{
    if (worker_reconnect(worker, err) != 0)
        return -1;
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
    assert(!worker->in_flight);
    if (connect_again(worker, err) != 0)
        return -1;
    if (batch_empty(worker->sent))
        return 0;
    writer_start(&worker->writer, worker->store, worker->sent, worker->streams, worker->count);
    worker->in_flight = true;
    (void)commit_wait(worker, clock_monotonic_ns() + HEAD_START_NS);
    return 0;
}

/* The writer is done: reads what became of it. Fenced streams are dropped, the rest is to be sent
 * again. */
static int
take_outcome(struct worker *worker, struct err *err)
{
    bool question = worker->writer.batch == NULL;
    assert(worker->in_flight && (question || worker->writer.batch == worker->sent));
    worker->in_flight = false;
    if (worker->writer.question.ask != NULL) {
        struct writer_question asked = worker->writer.question;
        struct err ignored = {0}; /* only a look: who needs the connection will see it is gone */
        int status = writer_result(&worker->writer, worker->streams, worker->fenced, &ignored);
        asked.answered(asked.opaque, status == 0);
        return 0;
    }
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
    if (err->code == ERR_OVERTAKEN)
        return decoding_renew(worker, err);
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
    if (worker->in_flight) {
        if (!writer_done(&worker->writer, 0))
            return 0;
        if (take_outcome(worker, err) != 0)
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
    if (!worker->in_flight)
        worker_database_back(worker);
    return 0;
}

int
commit_step(struct worker *worker, bool due, struct err *err)
{
    assert(worker->batch != worker->sent);
    if (step(worker, due, err) == 0)
        return 0;
    if (err_retriable(err->code))
        worker_database_away(worker, err);
    return -1;
}

void
commit_ask(struct worker *worker)
{
    if (!worker_may_ask(worker))
        return;
    writer_start(&worker->writer, worker->store, NULL, worker->streams, worker->count);
    worker->in_flight = true;
}

bool
commit_wait(struct worker *worker, int64_t until_ns)
{
    return !worker->in_flight || writer_done(&worker->writer, until_ns);
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
    if (!worker->in_flight)
        return;
    wait_or_interrupt(worker, clock_monotonic_ns() + SETTLE_NS);
    if (take_outcome(worker, &err) == 0)
        return;
    if (err_retriable(err.code))
        worker_database_away(worker, &err);
    else
        worker_fail(worker, &err);
}

static bool
anything_left(const struct worker *worker)
{
    return worker->in_flight || !batch_empty(worker->sent) || !batch_empty(worker->batch);
}

int
commit_until(struct worker *worker, int64_t until_ns, struct err *err)
{
    assert(until_ns > 0);
    bool failed = false;
    while (anything_left(worker)) {
        int64_t slice = clock_monotonic_ns() + SLICE_NS, next = worker->database.next_ns;
        if (!worker->in_flight && clock_monotonic_ns() >= worker_until(worker, until_ns))
            return failed ? -1 : err_set(err, ERR_DB_DOWN, "the database did not take it in time");
        if (worker->in_flight)
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
commit_offsets_to_kafka(struct worker *worker)
{
    int64_t now = clock_monotonic_ns();
    if (!worker->offsets_due || now - worker->offsets_committed_ns < KAFKA_COMMIT_NS ||
        backoff_active(&worker->database))
        return;
    struct kafka_place *places = memory_calloc(worker->count + 1, sizeof(*places));
    size_t count = 0;
    for (size_t i = 0; i < worker->count; i++) {
        const struct partition *partition = &worker->partitions[i];
        if (partition->state != PARTITION_READING || worker->streams[i].next_offset < 0)
            continue;
        memcpy(places[count].topic, partition->topic, sizeof(partition->topic));
        places[count].partition = partition->number;
        places[count++].offset = worker->streams[i].next_offset;
    }
    kafka_consumer_commit(worker->consumer, places, count);
    free(places);
    worker->offsets_committed_ns = now;
    worker->offsets_due = false;
}
