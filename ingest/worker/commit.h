/*
 * Committing: from the batch that is filled to the writer and back, and everything that can go
 * wrong with it. Worker's thread.
 */
#ifndef INGEST_WORKER_COMMIT_H
#define INGEST_WORKER_COMMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct worker;
struct partition;

/*
 * Goes on with what can be done without waiting: takes the outcome of the batch that was sent,
 * sends it again if need be, sends the one being filled when it is `due`. -1: nothing is lost,
 * retriable errors set worker->database.
 */
int commit_step(struct worker *worker, bool due, struct err *err) MUST_CHECK;
/* Has the writer ask whether the streams are still ours, unless it is busy; what is not is fenced.
 */
void commit_ask(struct worker *worker);
/* Waits for the writer; false when it is not done by `until_ns` (monotonic). */
bool commit_wait(struct worker *worker, int64_t until_ns);
/* Waits for the writer and takes the outcome, so that the worker may use the store. Streams may
 * have been fenced when it returns. */
void commit_settle(struct worker *worker);
/* Everything is committed, or `until_ns` has come and -1. */
int commit_until(struct worker *worker, int64_t until_ns, struct err *err) MUST_CHECK;
/* True if anything of it is not known to be committed. */
bool commit_pending(struct worker *worker, const struct partition *partition);
/* Commits offsets to Kafka as well, for other people's lag tools: a few seconds apart. */
void commit_offsets_to_kafka(struct worker *worker);

#endif
