/*
 * A worker: poll, decode, add to the batch, have it committed when it is full or old. Made, started
 * and joined by supervise.c.
 */
#ifndef INGEST_WORKER_LOOP_H
#define INGEST_WORKER_LOOP_H

#include "base/err.h"

struct worker;
struct ingest;

/* `worker` is all zero. Fails on settings that are wrong, and names them. */
int
worker_init(struct worker *worker, struct ingest *ingest, int number, struct err *err) MUST_CHECK;
/* Also of a worker that was never initialised. */
void worker_release(struct worker *worker);
/* What its thread runs; `opaque` is the worker. */
void *worker_main(void *opaque);

#endif
