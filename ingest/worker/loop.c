/*
 * One worker: poll, decode, add to the batch, have it committed when it is full or old. A thread of
 * its own with a writer beside it, started and joined by supervise.c; shares nothing but counters
 * and goals.
 */
#include "ingest/worker/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "hindcast/store_options.h"

#define POLL_MS 50
#define STEPS 256              /* between looks at everything else */
#define JOIN_NS (5 * NS_PER_S) /* to be given partitions before asking for others' */
#define WRITER_TICK_NS (50 * NS_PER_MS)
#define PATIENT_NS (2 * NS_PER_S) /* without polling, while both batches are full */

bool
worker_stopping(const struct worker *worker)
{
    return worker->failed.code != ERR_NONE || atomic_load(&worker->ingest->stop);
}

int64_t
worker_until(const struct worker *worker, int64_t until_ns)
{
    int64_t drained = atomic_load(&worker->ingest->drained_ns);
    return drained != 0 && drained < until_ns ? drained : until_ns;
}

void
worker_fail(struct worker *worker, const struct err *err)
{
    struct ingest *ingest = worker->ingest;
    if (worker->failed.code == ERR_NONE)
        worker->failed = *err;
    pthread_mutex_lock(&ingest->mutex);
    if (ingest->failed.code == ERR_NONE)
        ingest->failed = *err;
    pthread_mutex_unlock(&ingest->mutex);
    ingest_stop(ingest);
}

void
worker_waits(struct worker *worker, const struct err *err)
{
    pthread_mutex_lock(&worker->waiting_mutex);
    snprintf(worker->waiting_for, sizeof(worker->waiting_for), "%.150s",
             err == NULL ? "" : err->message);
    pthread_mutex_unlock(&worker->waiting_mutex);
}

/* On the thread that has the store: the worker's or its writer's. */
static void
wait_for_lock(void *opaque, const char *holder)
{
    struct worker *worker = opaque;
    pthread_mutex_lock(&worker->waiting_mutex);
    snprintf(worker->waiting_for, sizeof(worker->waiting_for), "%s%.130s",
             holder == NULL ? "" : "for a lock held by ", holder == NULL ? "" : holder);
    pthread_mutex_unlock(&worker->waiting_mutex);
}

static bool
stopping(void *opaque)
{
    const struct worker *worker = opaque;
    return atomic_load(&worker->ingest->stop);
}

static void
backoff_next(struct backoff *backoff)
{
    int64_t now = clock_monotonic_ns();
    if (!backoff_active(backoff))
        backoff->since_ns = now;
    backoff->next_ns = now + retry_next_ns(&backoff->retry);
}

static bool
patience_is_over(const struct worker *worker, const struct backoff *backoff)
{
    return worker->ingest->options->once && clock_monotonic_ns() - backoff->since_ns > PATIENCE_NS;
}

void
worker_pause(struct worker *worker)
{
    int64_t since = worker->large_ns;
    bool slow = since != 0 && clock_monotonic_ns() - since > PATIENT_NS;
    bool pause = slow || backoff_active(&worker->database);
    if (pause != worker->paused && worker->consumer != NULL)
        kafka_consumer_pause(worker->consumer, pause);
    worker->paused = pause;
}

void
worker_database_away(struct worker *worker, const struct err *err)
{
    backoff_next(&worker->database);
    worker_pause(worker);
    if (patience_is_over(worker, &worker->database))
        worker_fail(worker, err);
    worker_waits(worker, err);
}

void
worker_database_back(struct worker *worker)
{
    if (!backoff_active(&worker->database))
        return;
    retry_reset(&worker->database.retry);
    worker_waits(worker, NULL);
    worker_pause(worker);
}

void
worker_connected(struct worker *worker)
{
    batch_set_clock(worker->batch, store_now_ns(worker->store));
    batch_set_clock(worker->sent, store_now_ns(worker->store));
}

/* ---- one record ---- */

static void
add_decoded(struct worker *worker, const struct part *part, const struct record *record)
{
    const struct stream *stream = part_stream(worker, part);
    struct event_sink sink = {.arena = &worker->arena, .max = EVENTS_PER_RECORD_MAX};
    struct decode_result result = decode_record(record, part->decode, &sink);
    if (result.status != DECODE_OK)
        batch_add(worker->batch, stream, record, OUTCOME_QUARANTINED, NULL, 0, &result);
    else if (sink.count == 0)
        batch_add(worker->batch, stream, record, OUTCOME_EMPTY, NULL, 0, &result);
    else
        batch_add(worker->batch, stream, record, OUTCOME_STORED, sink.events, sink.count, &result);
    arena_reset(&worker->arena);
}

static void
add_record(struct worker *worker, struct part *part, const struct record *record)
{
    const struct stream *stream = part_stream(worker, part);
    struct decode_result refused = {.status = DECODE_BAD};
    if (record->value.ptr == NULL) {
        struct decode_result tombstone = {.status = DECODE_OK};
        batch_add(worker->batch, stream, record, OUTCOME_TOMBSTONE, NULL, 0, &tombstone);
    } else if (record->value.len == 0) {
        refused.reason = QUARANTINE_EMPTY_VALUE;
        refused.detail = SV("the value has no bytes");
        batch_add(worker->batch, stream, record, OUTCOME_QUARANTINED, NULL, 0, &refused);
    } else if (record->value.len > RECORD_BYTES_MAX) {
        refused.reason = QUARANTINE_TOO_LARGE;
        refused.detail = arena_printf(&worker->arena, "%zu bytes; the limit is %zu",
                                      record->value.len, RECORD_BYTES_MAX);
        batch_add(worker->batch, stream, record, OUTCOME_QUARANTINED, NULL, 0, &refused);
        arena_reset(&worker->arena);
    } else {
        add_decoded(worker, part, record);
    }
    part->expected = record->offset + 1;
}

/* The rare case: the questions this takes need the store, which the writer may have. */
static bool
expected_after_all(struct worker *worker, struct part *part, const struct record *record)
{
    commit_settle(worker);
    if (part->state != PART_READING)
        return false;
    if (part->tail_pending && gap_tail(worker, part, record) != GAP_GO_ON)
        return false;
    return record->offset == part->expected || gap_check(worker, part, record->offset) == GAP_GO_ON;
}

static void
on_record(struct worker *worker, struct kafka_message *message)
{
    struct record *record = &message->record;
    struct part *part = part_find(worker, record->topic, record->partition);
    if (part == NULL || part->state != PART_READING)
        return;
    if ((part->tail_pending || record->offset != part->expected) &&
        !expected_after_all(worker, part, record))
        return;
    part->gap_tries = 0;
    part->heard = true;
    record->cluster = sv_from(worker->ingest->cluster_id);
    record->incarnation = part_stream(worker, part)->incarnation;
    if (worker->evidence || !part->decode->ignore_headers)
        kafka_message_headers(message);
    add_record(worker, part, record);
}

/* ---- the loop ---- */

static void
commit_or_fail(struct worker *worker)
{
    struct err err = {0};
    bool due = worker->hurry || batch_full(worker->batch, clock_monotonic_ns());
    if (commit_step(worker, due && !batch_empty(worker->batch), &err) != 0 &&
        !err_retriable(err.code))
        worker_fail(worker, &err);
    if (batch_empty(worker->batch))
        worker->hurry = false;
}

/*
 * Both batches are full: nothing more is read until the writer is done. Polling goes on, since the
 * group takes a member that does not poll for dead.
 */
static void
wait_for_writer(struct worker *worker)
{
    if (!worker->flying || !batch_large(worker->batch)) {
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
    if (!err_retriable(err->code) && !missing_topic) {
        worker_fail(worker, err);
        return;
    }
    backoff_next(&worker->broker);
    if (patience_is_over(worker, &worker->broker))
        worker_fail(worker, err);
    worker_waits(worker, err);
}

static void
broker_back(struct worker *worker)
{
    if (!backoff_active(&worker->broker))
        return;
    retry_reset(&worker->broker.retry);
    if (!backoff_active(&worker->database))
        worker_waits(worker, NULL);
}

static void
on_end(struct worker *worker, const struct record *at)
{
    struct part *part = part_find(worker, at->topic, at->partition);
    if (part == NULL || part->state != PART_READING)
        return;
    if (part->tail_pending || part->expected != at->offset) {
        commit_settle(worker);
        if (part->state != PART_READING)
            return;
    }
    gap_end(worker, part, at->offset);
    worker->hurry |= worker->ingest->options->once;
}

/* False: nothing came. */
static bool
step(struct worker *worker)
{
    struct kafka_message message;
    struct err err = {0};
    struct part *part;
    message.handle = NULL;
    enum kafka_poll polled = kafka_consumer_poll(worker->consumer, POLL_MS, &message, &err);
    switch (polled) {
    case KAFKA_NOTHING:
        break;
    case KAFKA_RECORD:
        broker_back(worker);
        on_record(worker, &message);
        break;
    case KAFKA_END:
        broker_back(worker);
        on_end(worker, &message.record);
        break;
    case KAFKA_OUT_OF_RANGE:
        part = part_find(worker, message.record.topic, message.record.partition);
        commit_settle(worker);
        if (part != NULL && part->state == PART_READING)
            gap_out_of_range(worker, part);
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
        bool waits = worker->flying && batch_large(worker->batch) && !worker->paused;
        for (int i = 0; i < STEPS && !waits && step(worker); i++)
            if (batch_large(worker->batch) || worker->paused || worker_stopping(worker))
                break;
        commit_or_fail(worker);
        wait_for_writer(worker);
        assignment_retry(worker);
        commit_tell_kafka(worker);
        gap_silence(worker, clock_monotonic_ns());
        ingest_look_at_others(worker, clock_monotonic_ns());
        vanished_look(worker, clock_monotonic_ns());
    }
}

static int
connect_store(struct worker *worker, struct err *err)
{
    const struct config *config = worker->ingest->options->config;
    struct store_options options = store_options_for(config, STORE_INGEST, "hindcast ingest");
    options.conninfo = worker->ingest->conninfo;
    options.patience =
        (struct store_patience){.stopping = stopping, .tell = wait_for_lock, .opaque = worker};
    atomic_store(&worker->moved_ns, clock_monotonic_ns());
    while (store_open(&worker->store, &options, err) != 0) {
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
    return 0;
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
        worker->told_ns = 0;
        commit_tell_kafka(worker);
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
    worker->ingest = ingest;
    worker->number = number;
    worker->holes = config_bool(config, OPT_kafka_holes);
    worker->evidence = config_bool(config, OPT_ingest_evidence);
    if (topics_init(&worker->topics, config, err) != 0)
        return -1;
    char host[64] = "?";
    (void)gethostname(host, sizeof(host) - 1);
    snprintf(worker->owner, sizeof(worker->owner), "%s:%ld:%d", host, (long)getpid(), number);
    retry_init(&worker->database.retry, &retry_server, (uint64_t)number);
    retry_init(&worker->broker.retry, &retry_server, (uint64_t)number);
    assignment_listen(worker);
    worker->settings = (struct kafka_settings){config, ingest->brokers, "hindcast",
                                               &worker->listener, &ingest->stop};
    struct batch_limits limits = {
        .rows = (size_t)config_count(config, OPT_ingest_batch_rows),
        .bytes = (size_t)config_count(config, OPT_ingest_batch_bytes),
        .age_ns = config_duration_ns(config, OPT_ingest_batch_time),
        .evidence = worker->evidence,
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
    if (worker->batch == NULL)
        return;
    vanished_release(worker);
    batch_free(worker->batch);
    batch_free(worker->sent);
    arena_release(&worker->arena);
    topics_release(&worker->topics);
    pthread_mutex_destroy(&worker->waiting_mutex);
    free(worker->parts);
    free(worker->streams);
    free(worker->fenced);
}
