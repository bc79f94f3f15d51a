/*
 * Ingest as a library: what cmd/ingest.c and cmd/draft.c start. Workers are threads, each with a
 * librdkafka consumer in one group, a PostgreSQL connection, an arena and a batch of its own; they
 * share nothing but counters. See ingest/worker.c for the loop and docs/delivery.md for what is
 * promised.
 */
#ifndef HINDCAST_KAFKA_H
#define HINDCAST_KAFKA_H

#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "hindcast/decoder.h"

struct ingest;

struct ingest_progress {
    int64_t records, events, quarantined, tombstones, batches, bytes;
    int64_t lag;  /* records below the end offsets not yet committed; -1 unknown */
    bool waiting; /* for the database or the broker */
    char waiting_for[160];
    int64_t workers, assigned;  /* threads that run; partitions they were given */
    int64_t rebalances, fenced; /* since the start: assignments changed, partitions lost */
    bool joined;                /* the group has answered to a worker, with partitions or none */
    int64_t slowest_ns;         /* how long ago the worker that moved longest ago moved; -1: none */
};

struct ingest_options {
    const struct config *config;
    const char *conninfo; /* overrides the configuration when not NULL */
    const char *brokers;  /* overrides the configuration when not NULL */
    bool once;            /* stop at the end offsets seen at the start */
    bool gap_is_error;    /* the mock broker drops silently: a gap stops with ERR_GAP */
    /* Runs on the main thread, about every 200 ms, while ingest_run() waits; may be NULL. */
    void (*on_progress)(void *opaque, const struct ingest_progress *progress);
    void *opaque;
    const volatile bool *stop; /* becomes true: drain, commit, leave */
};

/* Runs until done or stopped; the threads are joined when it returns. */
int ingest_run(const struct ingest_options *options, struct ingest_progress *ret_total,
               struct err *err) MUST_CHECK;

/*
 * A producer: what `hindcast load` and draft write with. One thread. Records are sent in order per
 * key; send blocks while the local queue is full, and reports delivery errors at the next call.
 */
struct producer;

struct outgoing {
    struct sv key; /* ptr NULL: none */
    struct sv value;
    const struct header *headers;
    size_t header_count;
    int64_t time_ns;   /* TIME_NONE: broker decides; also when the topic refuses it */
    int32_t partition; /* -1: by key */
};

int producer_open(struct producer **ret_producer, const struct config *config, const char *brokers,
                  const char *topic, struct err *err) MUST_CHECK;
int
producer_send(struct producer *producer, const struct outgoing *record, struct err *err) MUST_CHECK;
/* Waits until all is delivered or `timeout_ns` passed. */
int producer_flush(struct producer *producer, int64_t timeout_ns, struct err *err) MUST_CHECK;
void producer_close(struct producer *producer);
int64_t producer_delivered(const struct producer *producer);
int64_t producer_delivered_bytes(const struct producer *producer);
int32_t producer_partitions(const struct producer *producer);

/* librdkafka's in-process broker, for draft and for unit tests: memory only, 5 MiB a partition. */
struct mock_broker;
int mock_broker_start(struct mock_broker **ret_broker, const char *topic, int32_t partitions,
                      struct err *err) MUST_CHECK;
const char *mock_broker_address(const struct mock_broker *broker);
void mock_broker_stop(struct mock_broker *broker);
#define MOCK_PARTITION_BYTES_MAX ((size_t)5 * 1024 * 1024)

#endif
