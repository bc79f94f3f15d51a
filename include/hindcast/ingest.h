/*
 * Ingest as a library: what cmd/ingest.c and cmd/draft.c start. Workers are threads, each with a
 * librdkafka consumer in one group, a PostgreSQL connection, an arena and a batch of its own; they
 * share nothing but counters. See ingest/worker/loop.c for the loop and docs/delivery.md for what
 * is promised.
 */
#ifndef HINDCAST_INGEST_H
#define HINDCAST_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config/config.h"
#include "base/err.h"
#include "base/sha256.h"

struct ingest;

#define DECODING_DIFFERENCE 400 /* room for where two sets of decoding options differ */

enum applied_how { APPLIED_BEFORE, APPLIED_FIRST, APPLIED_TAKEN_OVER };

/* Decoding options: see hindcast/decoding.h. Digests are hex; empty: not known yet. */
struct ingest_decoding {
    char applied[SHA256_HEX + 1], own[SHA256_HEX + 1];
    bool differs;                         /* what the files of this process say does not count: */
    char differs_in[DECODING_DIFFERENCE]; /* where, for people */
    enum applied_how how;                 /* this process made them count, if it did */
};

struct ingest_progress {
    int64_t records, events, quarantined, tombstones, batches, bytes;
    int64_t skipped_lines; /* log lines outside of ingest_options.lines */
    int64_t lag;           /* records below the end offsets not yet committed; -1 unknown */
    bool waiting;          /* for the database or the broker */
    char waiting_for[160];
    int64_t workers, assigned;  /* threads that run; partitions they were given */
    int64_t rebalances, fenced; /* since the start: assignments changed, partitions lost */
    bool joined;                /* the group has answered to a worker, with partitions or none */
    int64_t uncommitted;        /* at the end: records read and not stored; read again next time */
    struct ingest_decoding decoding;
    int64_t slowest_ns; /* how long ago the worker that moved longest ago moved; -1: none */
};

/* Log lines outside are not stored; their records count as empty. TIME_NONE: no end. */
struct line_window {
    int64_t from_ns, to_ns;
};

struct ingest_options {
    const struct config *config;
    const char *conninfo; /* overrides the configuration when not NULL */
    const char *brokers;  /* overrides the configuration when not NULL */
    bool once;            /* stop at the end offsets seen at the start */
    /* Of the one topic, which nobody else reads: no group is joined; 0: in the consumer group. */
    int32_t partitions;
    const struct line_window *lines; /* NULL: all are stored */
    bool gap_is_error;               /* the mock broker drops silently: a gap stops with ERR_GAP */
    /* Runs on the main thread, about every 200 ms, while ingest_run() waits; may be NULL. */
    void (*on_progress)(void *opaque, const struct ingest_progress *progress);
    void *opaque;
    const volatile bool *stop; /* becomes true: drain, commit, leave */
};

/*
 * Runs until done or stopped; the threads are joined when it returns. A stop is not a failure: what
 * the database does not take within seconds (it is away, full, or hangs) is read again next time.
 */
int ingest_run(const struct ingest_options *options, struct ingest_progress *ret_total,
               struct err *err) MUST_CHECK;

#endif
