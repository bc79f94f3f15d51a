/*
 * Offsets that are not the expected ones. Worker's thread, while the writer has no batch: each
 * question is asked on the worker's connection.
 */
#ifndef INGEST_WORKER_GAP_H
#define INGEST_WORKER_GAP_H

#include <stdint.h>

#include "hindcast/record.h"

struct worker;
struct partition;

enum gap_verdict {
    GAP_GO_ON, /* partition->expected is the offset at hand now */
    GAP_SKIP,  /* the message is not to be used */
};

/* A record came at this offset, which is not the expected one. */
enum gap_verdict gap_check(struct worker *worker, struct partition *partition, int64_t offset);
/* The first record after a claim: compares it with the stored tail. */
enum gap_verdict
gap_tail(struct worker *worker, struct partition *partition, const struct record *record);
/* The broker says that the partition ends here. */
void gap_end(struct worker *worker, struct partition *partition, int64_t offset);
/* The broker says that the offset asked for does not exist. */
void gap_out_of_range(struct worker *worker, struct partition *partition);
/*
 * Nothing came for a while: asks whether there is really nothing, and whether the stream is still
 * ours. What stands still is read from its place again. Also while the writer has a batch.
 */
void gap_silence(struct worker *worker, int64_t now_ns);

#endif
