/*
 * ingest_run(): asks the cluster who it is and how far it goes, starts the workers, reports
 * progress, and joins them. Main thread.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ingest/worker/goals.h"
#include "ingest/worker/loop.h"
#include "ingest/worker/state.h"

#define TICK_NS (20 * NS_PER_MS)
#define PROGRESS_NS (200 * NS_PER_MS)
#define QUESTION_MS 1000

static void
wait_a_tick(void)
{
    struct timespec tick = {0, TICK_NS};
    nanosleep(&tick, NULL);
}

/* ---- before the workers: cluster id and goals ---- */

static void
show_waiting(const struct ingest *ingest, const struct err *err)
{
    struct ingest_progress progress = {.lag = -1, .waiting = true, .slowest_ns = -1};
    snprintf(progress.waiting_for, sizeof(progress.waiting_for), "%.150s", err->message);
    if (ingest->options->on_progress != NULL)
        ingest->options->on_progress(ingest->options->opaque, &progress);
}

/* 1: asked to stop while waiting. */
static int
ask_cluster_id(struct ingest *ingest, struct kafka_consumer *consumer, struct err *err)
{
    int64_t until = clock_monotonic_ns() + PATIENCE_NS;
    while (kafka_cluster_id(consumer, QUESTION_MS, ingest->cluster_id, err) != 0) {
        if (!err_retriable(err->code))
            return -1;
        if (ingest_stopped(ingest))
            return 1;
        if (ingest->options->once && clock_monotonic_ns() > until)
            return -1;
        show_waiting(ingest, err);
    }
    return 0;
}

static int
ask_cluster(struct ingest *ingest, struct err *err)
{
    struct kafka_settings settings = {
        .config = ingest->options->config, .brokers = ingest->brokers, .client_id = "hindcast"};
    struct kafka_consumer *consumer = NULL;
    if (kafka_consumer_open(&consumer, &settings, err) != 0)
        return -1;
    int status = ask_cluster_id(ingest, consumer, err);
    if (status == 0 && ingest->options->once)
        status = goals_ask(&ingest->goals, consumer,
                           config_text(ingest->options->config, OPT_kafka_topics), err);
    kafka_consumer_close(consumer);
    /* Told to stop while it waits for an answer: that is the stop, not what it waited for. */
    return status < 0 && ingest_stopped(ingest) && err_retriable(err->code) ? 1 : status;
}

/* ---- while they run ---- */

static void
add_up(struct ingest *ingest, struct ingest_progress *ret)
{
    int64_t now = clock_monotonic_ns();
    *ret = ingest->before;
    ret->lag = ingest->options->once ? goals_lag(&ingest->goals) : -1;
    ret->slowest_ns = -1;
    for (size_t i = 0; i < ingest->worker_count; i++) {
        struct worker *worker = &ingest->workers[i];
        ret->records += atomic_load(&worker->totals.records);
        ret->events += atomic_load(&worker->totals.events);
        ret->quarantined += atomic_load(&worker->totals.quarantined);
        ret->tombstones += atomic_load(&worker->totals.tombstones);
        ret->batches += atomic_load(&worker->totals.batches);
        ret->bytes += atomic_load(&worker->totals.bytes);
        ret->skipped_lines += atomic_load(&worker->totals.skipped_lines);
        ret->rebalances += atomic_load(&worker->totals.rebalances);
        ret->fenced += atomic_load(&worker->totals.fenced);
        ret->uncommitted += atomic_load(&worker->totals.uncommitted);
        ret->assigned += atomic_load(&worker->assigned);
        ret->joined |= atomic_load(&worker->joined);
        int64_t moved = atomic_load(&worker->moved_ns);
        if (moved != 0 && !atomic_load(&worker->done)) {
            int64_t ago = now > moved ? now - moved : 0;
            ret->workers++;
            if (ago > ret->slowest_ns)
                ret->slowest_ns = ago;
        }
        pthread_mutex_lock(&worker->waiting_mutex);
        if (worker->waiting_for[0] != '\0') {
            ret->waiting = true;
            memcpy(ret->waiting_for, worker->waiting_for, sizeof(ret->waiting_for));
        }
        pthread_mutex_unlock(&worker->waiting_mutex);
    }
    pthread_mutex_lock(&ingest->mutex);
    ret->decoding = ingest->decoding;
    pthread_mutex_unlock(&ingest->mutex);
}

static bool
all_done(const struct ingest *ingest)
{
    for (size_t i = 0; i < ingest->worker_count; i++)
        if (ingest->workers[i].started && !atomic_load(&ingest->workers[i].done))
            return false;
    return true;
}

static void
wait_for_workers(struct ingest *ingest)
{
    int64_t shown = clock_monotonic_ns();
    while (!all_done(ingest)) {
        wait_a_tick();
        if (ingest_stopped(ingest) || (ingest->options->once && goals_reached(&ingest->goals)))
            ingest_stop(ingest);
        int64_t now = clock_monotonic_ns();
        if (ingest->options->on_progress != NULL && now - shown >= PROGRESS_NS) {
            struct ingest_progress progress;
            add_up(ingest, &progress);
            ingest->options->on_progress(ingest->options->opaque, &progress);
            shown = now;
        }
    }
}

static int
run_workers(struct ingest *ingest, struct err *err)
{
    for (size_t i = 0; i < ingest->worker_count; i++) {
        struct worker *worker = &ingest->workers[i];
        int number = pthread_create(&worker->thread, NULL, worker_main, worker);
        worker->started = number == 0;
        if (number != 0) {
            struct err failed = {0};
            err_set_errno(&failed, ERR_FAILED, number, "starting worker %zu", i);
            worker_fail(worker, &failed);
            break;
        }
    }
    wait_for_workers(ingest);
    for (size_t i = 0; i < ingest->worker_count; i++)
        if (ingest->workers[i].started)
            pthread_join(ingest->workers[i].thread, NULL);
    if (ingest->failed.code == ERR_NONE)
        return 0;
    *err = ingest->failed;
    return -1;
}

/* ---- other maps, lines and schemas ---- */

static bool
exchange_is_due(const struct ingest *ingest)
{
    return ingest->exchanging && !ingest_stopped(ingest) &&
           !(ingest->options->once && goals_reached(&ingest->goals));
}

/* What ended workers counted stays counted; what they did not store is read again. */
static void
keep_counts(struct ingest *ingest)
{
    struct ingest_progress all;
    add_up(ingest, &all);
    ingest->before = (struct ingest_progress){.records = all.records,
                                              .events = all.events,
                                              .quarantined = all.quarantined,
                                              .tombstones = all.tombstones,
                                              .batches = all.batches,
                                              .bytes = all.bytes,
                                              .rebalances = all.rebalances,
                                              .fenced = all.fenced};
}

/* All workers have ended: nobody decodes. */
static int
exchange(struct ingest *ingest, struct err *err)
{
    keep_counts(ingest);
    for (size_t i = 0; i < ingest->worker_count; i++)
        worker_release(&ingest->workers[i]);
    memset(ingest->workers, 0, ingest->worker_count * sizeof(*ingest->workers));
    int status = applied_files_use(&ingest->exchange, err);
    format_files_release(&ingest->exchange);
    ingest->exchanging = false;
    ingest->exchanged = true;
    atomic_store(&ingest->drained_ns, 0);
    atomic_store(&ingest->stop, false);
    if (status != 0)
        return -1;
    decoders_ready();
    decoders_digest(&ingest->decoders);
    for (size_t i = 0; i < ingest->worker_count; i++)
        if (worker_init(&ingest->workers[i], ingest, (int)i, err) != 0)
            return -1;
    return 0;
}

/*
 * librdkafka takes and gives back a megabyte per fetch. The allocator would hand that to the kernel
 * and ask for fresh pages each time: a tenth of the kernel's share in a record.
 */
static void
keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
    mallopt(M_TRIM_THRESHOLD, 32 * 1024 * 1024);
}

static int
run(struct ingest *ingest, struct ingest_progress *ret_total, struct err *err)
{
    keep_memory();
    decoders_ready();
    decoders_digest(&ingest->decoders);
    /* First: a setting that is wrong is told at once, whether or not a broker answers. */
    for (size_t i = 0; i < ingest->worker_count; i++)
        if (worker_init(&ingest->workers[i], ingest, (int)i, err) != 0)
            return -1;
    int status = ask_cluster(ingest, err);
    if (status != 0)
        return status < 0 ? -1 : 0;
    if (ingest->options->once && goals_reached(&ingest->goals))
        return 0;
    status = run_workers(ingest, err);
    while (status == 0 && exchange_is_due(ingest))
        if ((status = exchange(ingest, err)) == 0)
            status = run_workers(ingest, err);
    add_up(ingest, ret_total);
    return status;
}

int
ingest_run(const struct ingest_options *options, struct ingest_progress *ret_total, struct err *err)
{
    struct ingest ingest = {.options = options, .mutex = PTHREAD_MUTEX_INITIALIZER};
    ingest.brokers = options->brokers != NULL ? options->brokers
                                              : config_text(options->config, OPT_kafka_brokers);
    ingest.conninfo = options->conninfo != NULL
                          ? options->conninfo
                          : config_text(options->config, OPT_database_conninfo);
    ingest.worker_count = (size_t)config_count(options->config, OPT_ingest_workers);
    ingest.workers = memory_calloc(ingest.worker_count, sizeof(*ingest.workers));
    struct ingest_progress total = {0};
    int status = own_decoding_read(options->config, &ingest.own, err);
    if (status == 0)
        status = run(&ingest, &total, err);
    *ret_total = total;
    for (size_t i = 0; i < ingest.worker_count; i++)
        worker_release(&ingest.workers[i]);
    free(ingest.workers);
    goals_release(&ingest.goals);
    own_decoding_release(&ingest.own);
    format_files_release(&ingest.exchange);
    pthread_mutex_destroy(&ingest.mutex);
    return status;
}
