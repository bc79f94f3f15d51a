/*
 * The writer: a second thread of a worker that commits one batch while the worker decodes the next.
 * PostgreSQL takes several times longer over a record than decoding it, so each hides the other.
 *
 * Ownership moves with the work: between writer_start() and the moment writer_done() says true, the
 * store and the batch belong to the writer and the worker touches neither. What the outcome means
 * (fenced, unknown, away) is the worker's business, in ingest/worker/commit.c; the writer decides
 * nothing.
 *
 * What can fail: see store_commit(); the error is handed over by writer_result().
 */
#ifndef INGEST_WORKER_WRITER_H
#define INGEST_WORKER_WRITER_H

#include <pthread.h>
#include <stdbool.h>

#include "hindcast/delivery.h"

/* Something to ask the database: a worker that waits for an answer does not poll meanwhile. */
struct writer_question {
    int (*ask)(struct store *store, void *opaque, struct err *err); /* on the writer's thread */
    /* On the worker's, once; false: there is no answer. */
    void (*answered)(void *opaque, bool answered);
    void *opaque;
};

struct writer {
    pthread_t thread;
    bool started;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    enum { WRITER_IDLE, WRITER_BUSY, WRITER_DONE, WRITER_ENDING } state; /* under the mutex */

    struct store *store;             /* the writer's while BUSY */
    struct batch *batch;             /* NULL: a question */
    struct writer_question question; /* without `ask`: which streams were taken away */
    struct stream *streams;          /* a copy: the worker's own stay in its hands */
    bool *fenced;
    size_t count, size;
    int status;
    struct err err;
    int64_t woke_ns; /* monotonic: when correlators were told last */
};

int writer_init(struct writer *writer, struct err *err) MUST_CHECK;
/* Waits for the batch at hand. */
void writer_release(struct writer *writer);

/*
 * Write the batch, or without one (NULL) ask which of the streams were taken away; the writer must
 * be idle. The streams are copied.
 */
void writer_start(struct writer *writer, struct store *store, struct batch *batch,
                  const struct stream *streams, size_t count);
/* Put a question of its own; the writer must be idle. */
void writer_ask(struct writer *writer, struct store *store, const struct writer_question *question);
/* True if the batch is written or refused. Waits for it until `until_ns` (monotonic; 0: no
 * waiting). */
bool writer_done(struct writer *writer, int64_t until_ns);
/*
 * The outcome, once, after writer_done(): that of store_commit(), or without a batch that of
 * store_streams_taken(), whose answer is in `ret_fenced`, or that of the question. `streams` must
 * be those it was started with; they are brought up to date on success. `ret_fenced` has their
 * number of places.
 */
int writer_result(struct writer *writer, struct stream *streams, bool *ret_fenced,
                  struct err *err) MUST_CHECK;

#endif
