/*
 * --once: how far each partition is to be read, the end offsets seen at the start. Made by the main
 * thread before there are workers; then `reached` and `held` are written by whoever reads the
 * partition, and read by all.
 */
#ifndef INGEST_WORKER_GOALS_H
#define INGEST_WORKER_GOALS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ingest/source/kafka/consumer.h"

struct goal {
    char topic[KAFKA_TOPIC_MAX];
    int32_t partition;
    int64_t end;
    _Atomic int64_t reached; /* committed up to here; -1 not known */
    _Atomic bool held;       /* by a worker of this process */
};

struct goals {
    struct goal *list;
    size_t count;
};

struct worker;

/* Asks the broker for the ends of all partitions of `topics`, names with commas between. */
int goals_ask(struct goals *goals, struct kafka_consumer *consumer, const char *topics,
              struct err *err) MUST_CHECK;
void goals_release(struct goals *goals);
/* NULL: there is none for it. */
struct goal *goals_find(const struct goals *goals, const char *topic, int32_t partition);
bool goals_reached(const struct goals *goals);
/* Records up to the ends that are not committed. Before anything is known of a partition: all. */
int64_t goals_lag(const struct goals *goals);
/* Partitions that another process reads count as well: worker 0 asks the database now and then. */
void goals_look_at_others(struct worker *worker, int64_t now_ns);

#endif
