/*
 * The loop of a worker and what is around it: see loop.h. A thread of its own with a writer beside
 * it; shares nothing but counters and goals.
 */
#include "ingest/worker/loop.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "hindcast/store_options.h"
#include "ingest/worker/assignment.h"
#include "ingest/worker/commit.h"
#include "ingest/worker/decoding.h"
#include "ingest/worker/gap.h"
#include "ingest/worker/partition.h"
#include "ingest/worker/records.h"
#include "ingest/worker/state.h"

#define POLL_MS 50
#define STEPS 256              /* between looks at everything else */
#define JOIN_NS (5 * NS_PER_S) /* to be given partitions before asking for others' */
#define WRITER_TICK_NS (50 * NS_PER_MS)

static void
commit_or_fail(struct worker *worker)
{
    struct err err = {0};
    bool due = worker->commit_now || batch_full(worker->batch, clock_monotonic_ns());
    if (commit_step(worker, due && !batch_empty(worker->batch), &err) != 0 &&
        !err_retriable(err.code))
        worker_fail(worker, &err);
    if (batch_empty(worker->batch))
        worker->commit_now = false;
}

/*
 * Both batches are full: nothing more is read until the writer is done. Polling goes on, since the
 * group takes a member that does not poll for dead.
 */
static void
wait_for_writer(struct worker *worker)
{
    if (!worker->in_flight || !batch_large(worker->batch)) {
        worker->large_ns = 0;
    } else {
        int64_t now = clock_monotonic_ns();
        if (worker->large_ns == 0)
            worker->large_ns = now;
        (void)commit_wait(worker, now + WRITER_TICK_NS);
    }
    if (worker->paused || worker->large_ns != 0)
        worker_pause(worker);
}

static void
on_trouble(struct worker *worker, const struct err *err)
{
    bool missing_topic = err->code == ERR_NOT_FOUND && !worker->ingest->options->once;
    if (!err_retriable(err->code) && !missing_topic)
        worker_fail(worker, err);
    else
        worker_broker_away(worker, err);
}

static void
on_end(struct worker *worker, const struct record *at)
{
    struct partition *partition = partition_find(worker, at->topic, at->partition);
    if (partition == NULL || partition->state != PARTITION_READING)
        return;
    if (partition->tail_pending || partition->expected != at->offset) {
        commit_settle(worker);
        if (partition->state != PARTITION_READING)
            return;
    }
    gap_end(worker, partition, at->offset);
    worker->commit_now |= worker->ingest->options->once;
}

/* False: nothing came. */
static bool
step(struct worker *worker)
{
    struct kafka_message message;
    struct err err = {0};
    struct partition *partition;
    message.handle = NULL;
    enum kafka_poll polled = kafka_consumer_poll(worker->consumer, POLL_MS, &message, &err);
    switch (polled) {
    case KAFKA_NOTHING:
        break;
    case KAFKA_RECORD:
        worker_broker_back(worker);
        record_take(worker, &message);
        break;
    case KAFKA_END:
        worker_broker_back(worker);
        on_end(worker, &message.record);
        break;
    case KAFKA_OUT_OF_RANGE:
        partition = partition_find(worker, message.record.topic, message.record.partition);
        commit_settle(worker);
        if (partition != NULL && partition->state == PARTITION_READING)
            gap_out_of_range(worker, partition);
        break;
    case KAFKA_TROUBLE:
        on_trouble(worker, &err);
        break;
    }
    kafka_message_release(&message);
    return polled != KAFKA_NOTHING;
}

static void
loop(struct worker *worker)
{
    while (!worker_stopping(worker)) {
        atomic_store(&worker->moved_ns, clock_monotonic_ns());
        bool waits = worker->in_flight && batch_large(worker->batch) && !worker->paused;
        for (int i = 0; i < STEPS && !waits && step(worker); i++)
            if (batch_large(worker->batch) || worker->paused || worker_stopping(worker))
                break;
        commit_or_fail(worker);
        wait_for_writer(worker);
        assignment_retry(worker);
        commit_offsets_to_kafka(worker);
        gap_silence(worker, clock_monotonic_ns());
        goals_look_at_others(worker, clock_monotonic_ns());
        vanished_look(worker, clock_monotonic_ns());
    }
}

static int
open_store(struct worker *worker, const struct store_options *options, struct err *err)
{
    if (store_open(&worker->store, options, err) != 0)
        return -1;
    if (decoding_renew(worker, err) == 0)
        return 0;
    store_close(worker->store);
    worker->store = NULL;
    return -1;
}

static int
connect_store(struct worker *worker, struct err *err)
{
    const struct config *config = worker->ingest->options->config;
    struct store_options options = store_options_for(config, STORE_INGEST, "hindcast ingest");
    options.conninfo = worker->ingest->conninfo;
    options.patience = worker_patience(worker);
    atomic_store(&worker->moved_ns, clock_monotonic_ns());
    while (open_store(worker, &options, err) != 0) {
        atomic_store(&worker->moved_ns, clock_monotonic_ns());
        if (!err_retriable(err->code))
            return -1;
        worker_database_away(worker, err);
        while (!worker_stopping(worker) && clock_monotonic_ns() < worker->database.next_ns) {
            atomic_store(&worker->moved_ns, clock_monotonic_ns());
            clock_sleep_until(clock_monotonic_ns() + WRITER_TICK_NS);
        }
        if (worker_stopping(worker))
            return worker->failed.code != ERR_NONE ? -1 : 1;
    }
    worker_connected(worker);
    worker_database_back(worker);
    return worker_stopping(worker) ? 1 : 0;
}

/* What is not committed is read again: nobody loses it, so a server that is away fails no stop. */
static void
drain(struct worker *worker)
{
    struct err err = {0};
    if (worker->failed.code == ERR_NONE && commit_until(worker, INT64_MAX, &err) != 0 &&
        !(err_retriable(err.code) && ingest_stopped(worker->ingest)))
        worker_fail(worker, &err);
    struct batch_counts filled = batch_counts(worker->batch), sent = batch_counts(worker->sent);
    atomic_store(&worker->totals.uncommitted, filled.records + sent.records);
}

void *
worker_main(void *opaque)
{
    struct worker *worker = opaque;
    struct err err = {0};
    int status = connect_store(worker, &err);
    if (status < 0 ||
        (status == 0 && (kafka_consumer_open(&worker->consumer, &worker->settings, &err) != 0 ||
                         writer_init(&worker->writer, &err) != 0))) {
        worker_fail(worker, &err);
    } else if (status == 0) {
        worker->looked_ns = clock_monotonic_ns() + JOIN_NS;
        loop(worker);
        drain(worker);
        vanished_last_look(worker);
        worker->offsets_committed_ns = 0; /* now, however short ago that was */
        commit_offsets_to_kafka(worker);
    }
    kafka_consumer_close(worker->consumer);
    worker->consumer = NULL;
    writer_release(&worker->writer);
    store_close(worker->store);
    worker->store = NULL;
    atomic_store(&worker->done, true);
    return NULL;
}

/* ---- set-up ---- */

int
worker_init(struct worker *worker, struct ingest *ingest, int number, struct err *err)
{
    const struct config *config = ingest->options->config;
    assert(worker->ingest == NULL && number >= 0);
    worker->ingest = ingest;
    worker->number = number;
    worker->holes = config_bool(config, OPT_kafka_holes);
    worker->evidence = config_bool(config, OPT_ingest_evidence);
    /* Of what is applied the own options need not know the formats. */
    if (!ingest->exchanged && decoding_own(worker, err) != 0)
        return -1;
    char host[64] = "?";
    (void)gethostname(host, sizeof(host) - 1);
    snprintf(worker->owner, sizeof(worker->owner), "%s:%ld:%d", host, (long)getpid(), number);
    retry_init(&worker->database.retry, &retry_server, (uint64_t)number);
    retry_init(&worker->broker.retry, &retry_server, (uint64_t)number);
    assignment_listen(worker);
    worker->settings = (struct kafka_settings){.config = config,
                                               .brokers = ingest->brokers,
                                               .client_id = "hindcast",
                                               .listener = &worker->listener,
                                               .partitions = ingest->options->partitions,
                                               .share = {number, (int32_t)ingest->worker_count},
                                               .stop = &ingest->stop};
    struct batch_limits limits = {
        .rows = (size_t)config_count(config, OPT_ingest_batch_rows),
        .bytes = (size_t)config_count(config, OPT_ingest_batch_bytes),
        .age_ns = config_duration_ns(config, OPT_ingest_batch_time),
        .evidence = worker->evidence,
        .decoders = &ingest->decoders,
    };
    worker->batch = batch_new(&limits);
    worker->sent = batch_new(&limits);
    arena_init(&worker->arena, 0);
    pthread_mutex_init(&worker->waiting_mutex, NULL);
    return 0;
}

void
worker_release(struct worker *worker)
{
    assert(!worker->writer.started);
    if (worker->batch == NULL)
        return;
    vanished_release(&worker->vanished);
    batch_free(worker->batch);
    batch_free(worker->sent);
    arena_release(&worker->arena);
    applied_decoding_release(&worker->decoding);
    pthread_mutex_destroy(&worker->waiting_mutex);
    free(worker->partitions);
    free(worker->streams);
    free(worker->fenced);
}
