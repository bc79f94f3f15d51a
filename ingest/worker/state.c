/*
 * What a worker is doing as others see it, and servers that are away: see state.h.
 */
#include "ingest/worker/state.h"

#include <assert.h>
#include <stdio.h>

#include "base/clock.h"

#define DRAIN_NS (4 * NS_PER_S)   /* to commit what was read, when it is time to end */
#define PATIENT_NS (2 * NS_PER_S) /* without polling, while both batches are full */

bool
ingest_stopped(const struct ingest *ingest)
{
    const volatile bool *stop = ingest->options->stop;
    return stop != NULL && *stop;
}

void
ingest_stop(struct ingest *ingest)
{
    int64_t none = 0;
    atomic_compare_exchange_strong(&ingest->drained_ns, &none, clock_monotonic_ns() + DRAIN_NS);
    atomic_store(&ingest->stop, true);
}

void
ingest_exchange(struct ingest *ingest, struct applied_decoding *decoding)
{
    pthread_mutex_lock(&ingest->mutex);
    if (!ingest->exchanging || decoding->number >= ingest->exchange_number) {
        format_files_release(&ingest->exchange);
        ingest->exchange = decoding->files;
        ingest->exchange_number = decoding->number;
        ingest->exchanging = true;
        decoding->files = (struct format_files){.list = NULL};
    }
    pthread_mutex_unlock(&ingest->mutex);
    ingest_stop(ingest);
}

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
    assert(err->code != ERR_NONE);
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

struct store_patience
worker_patience(struct worker *worker)
{
    return (struct store_patience){.stopping = stopping, .tell = wait_for_lock, .opaque = worker};
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
    assert(err_retriable(err->code));
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

bool
worker_may_ask(const struct worker *worker)
{
    return !worker->in_flight && batch_empty(worker->sent) && !worker->unresolved &&
           !backoff_active(&worker->database) && store_connected(worker->store);
}

void
worker_ask(struct worker *worker, const struct writer_question *question)
{
    assert(worker_may_ask(worker));
    writer_ask(&worker->writer, worker->store, question);
    worker->in_flight = true;
}

void
worker_connected(struct worker *worker)
{
    assert(store_connected(worker->store));
    batch_set_clock(worker->batch, store_now_ns(worker->store));
    batch_set_clock(worker->sent, store_now_ns(worker->store));
}

int
worker_reconnect(struct worker *worker, struct err *err)
{
    assert(!worker->in_flight);
    if (store_connected(worker->store))
        return 0;
    if (store_reconnect(worker->store, err) != 0)
        return -1;
    worker_connected(worker);
    worker->unresolved = true;
    return 0;
}

void
worker_broker_away(struct worker *worker, const struct err *err)
{
    backoff_next(&worker->broker);
    if (patience_is_over(worker, &worker->broker))
        worker_fail(worker, err);
    worker_waits(worker, err);
}

void
worker_broker_back(struct worker *worker)
{
    if (!backoff_active(&worker->broker))
        return;
    retry_reset(&worker->broker.retry);
    if (!backoff_active(&worker->database))
        worker_waits(worker, NULL);
}
