/*
 * The writer thread of a worker: see writer.h. Started and stopped by ingest/worker/loop.c.
 */
#include "ingest/worker/writer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"

#define WAKE_EVERY_NS (100 * NS_PER_MS)

/* Correlators look by themselves too, so a call that is left out or fails loses only time. */
static void
wake(struct writer *writer)
{
    struct err ignored = {0};
    int64_t now = clock_monotonic_ns();
    if (now - writer->woke_ns < WAKE_EVERY_NS ||
        store_wake_correlator(writer->store, &ignored) != 0)
        return;
    writer->woke_ns = now;
}

static void *
writer_main(void *opaque)
{
    struct writer *writer = opaque;
    thread_prompt();
    pthread_mutex_lock(&writer->mutex);
    for (;;) {
        while (writer->state == WRITER_IDLE || writer->state == WRITER_DONE)
            pthread_cond_wait(&writer->changed, &writer->mutex);
        if (writer->state == WRITER_ENDING)
            break;
        pthread_mutex_unlock(&writer->mutex);
        writer->err = (struct err){0};
        if (writer->question.ask != NULL)
            writer->status =
                writer->question.ask(writer->store, writer->question.opaque, &writer->err);
        else if (writer->batch == NULL)
            writer->status = store_streams_taken(writer->store, writer->streams, writer->count,
                                                 writer->fenced, &writer->err);
        else
            writer->status = store_commit(writer->store, writer->batch, writer->streams,
                                          writer->count, writer->fenced, &writer->err);
        if (writer->status == 0 && writer->batch != NULL && batch_has_news(writer->batch))
            wake(writer);
        pthread_mutex_lock(&writer->mutex);
        writer->state = WRITER_DONE;
        pthread_cond_broadcast(&writer->changed);
    }
    pthread_mutex_unlock(&writer->mutex);
    return NULL;
}

int
writer_init(struct writer *writer, struct err *err)
{
    pthread_condattr_t clock;
    *writer = (struct writer){.state = WRITER_IDLE};
    pthread_mutex_init(&writer->mutex, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&writer->changed, &clock);
    pthread_condattr_destroy(&clock);
    int number = pthread_create(&writer->thread, NULL, writer_main, writer);
    writer->started = number == 0;
    return number == 0 ? 0 : err_set_errno(err, ERR_FAILED, number, "starting a writer");
}

void
writer_release(struct writer *writer)
{
    if (!writer->started)
        return;
    pthread_mutex_lock(&writer->mutex);
    while (writer->state == WRITER_BUSY)
        pthread_cond_wait(&writer->changed, &writer->mutex);
    writer->state = WRITER_ENDING;
    pthread_cond_broadcast(&writer->changed);
    pthread_mutex_unlock(&writer->mutex);
    pthread_join(writer->thread, NULL);
    pthread_cond_destroy(&writer->changed);
    pthread_mutex_destroy(&writer->mutex);
    free(writer->streams);
    free(writer->fenced);
    writer->started = false;
}

static void
make_room(struct writer *writer, size_t count)
{
    if (count <= writer->size && writer->streams != NULL)
        return;
    writer->size = count + 1;
    writer->streams = memory_resize(writer->streams, writer->size, sizeof(*writer->streams));
    writer->fenced = memory_resize(writer->fenced, writer->size, sizeof(*writer->fenced));
}

static void
begin(struct writer *writer, struct store *store, struct batch *batch)
{
    writer->store = store;
    writer->batch = batch;
    pthread_mutex_lock(&writer->mutex);
    writer->state = WRITER_BUSY;
    pthread_cond_broadcast(&writer->changed);
    pthread_mutex_unlock(&writer->mutex);
}

void
writer_start(struct writer *writer, struct store *store, struct batch *batch,
             const struct stream *streams, size_t count)
{
    assert(writer->started && writer->state == WRITER_IDLE);
    make_room(writer, count);
    memcpy(writer->streams, streams, count * sizeof(*streams));
    writer->count = count;
    writer->question = (struct writer_question){0};
    begin(writer, store, batch);
}

void
writer_ask(struct writer *writer, struct store *store, const struct writer_question *question)
{
    assert(writer->started && writer->state == WRITER_IDLE);
    writer->count = 0;
    writer->question = *question;
    begin(writer, store, NULL);
}

bool
writer_done(struct writer *writer, int64_t until_ns)
{
    struct timespec until = {until_ns / NS_PER_S, until_ns % NS_PER_S};
    pthread_mutex_lock(&writer->mutex);
    while (writer->state == WRITER_BUSY && until_ns > 0)
        if (pthread_cond_timedwait(&writer->changed, &writer->mutex, &until) != 0)
            break;
    bool done = writer->state == WRITER_DONE;
    pthread_mutex_unlock(&writer->mutex);
    return done;
}

int
writer_result(struct writer *writer, struct stream *streams, bool *ret_fenced, struct err *err)
{
    pthread_mutex_lock(&writer->mutex);
    assert(writer->state == WRITER_DONE);
    writer->state = WRITER_IDLE;
    pthread_mutex_unlock(&writer->mutex);
    if (writer->count > 0)
        memcpy(ret_fenced, writer->fenced, writer->count * sizeof(*ret_fenced));
    if (writer->status == 0 && writer->count > 0)
        memcpy(streams, writer->streams, writer->count * sizeof(*streams));
    if (writer->status != 0)
        *err = writer->err;
    return writer->status;
}
