/*
 * The partitions of a worker, each with how far it was read; their streams say what the database
 * knows of them. Worker's thread. Pointers to partitions are valid until one is added or removed.
 */
#ifndef INGEST_WORKER_PARTITION_H
#define INGEST_WORKER_PARTITION_H

#include "hindcast/batch.h"
#include "ingest/source/kafka/consumer.h"

struct worker;

/*
 *     assigned ---> UNCLAIMED <----> READING ----> FENCED
 *                       ^   claimed     |  others     |
 *                       |   or fails    |  took it    |  claimed again after their session
 *                       +---------------+             +----> READING
 *
 * Records that come while it is not READING are dropped: the claim says where to read.
 */
enum partition_state {
    PARTITION_UNCLAIMED, /* claimed when retry_at_ns has come */
    PARTITION_READING,   /* ours in the database as well */
    PARTITION_FENCED,    /* another worker owns it; claimed again, but much later */
};

struct partition {
    char topic[KAFKA_TOPIC_MAX];
    size_t topic_length;
    int32_t number;
    enum partition_state state;
    const struct decode_options *decode; /* of its topic; the worker's */
    bool tail_pending;                   /* the next record must be the stored tail */
    int gap_tries;
    bool heard;          /* a record came since the last look */
    unsigned silences;   /* looks without one, in a row */
    int64_t expected;    /* next offset; -1 before the first record */
    int64_t retry_at_ns; /* monotonic */
};

/* NULL: not one of the worker's. */
struct partition *partition_find(struct worker *worker, struct sv topic, int32_t number);
struct stream *partition_stream(struct worker *worker, const struct partition *partition);
/* Unclaimed; what was known of it is forgotten. */
struct partition *partition_add(struct worker *worker, const struct kafka_place *place);
/* Those behind it move up. Not while the writer has a batch. */
void partition_remove(struct worker *worker, struct partition *partition);
/* Take what the database says about the stream as the truth. */
void partition_position(struct worker *worker, struct partition *partition);
/* The offset to read from: the stored tail, what is expected, or where new streams begin. */
int64_t partition_start(struct worker *worker, const struct partition *partition);
/* Read from there again. */
void partition_restart(struct worker *worker, struct partition *partition);
/* Forget what the batches hold of it. Not while the writer has one. */
void partition_drop(struct worker *worker, struct partition *partition);
/* The same, and claim it again after a while. */
void
partition_unclaim(struct worker *worker, struct partition *partition, enum partition_state state);
/* Committed up to there: its goal, if it has one. */
void partition_reached(struct worker *worker, const struct partition *partition, int64_t offset);

#endif
