/*
 * Where the whole stands, as the database knows it: for `hindcast status` and for /metrics. All of
 * it is read in one snapshot. The numbers are defined in docs/status.md; wall clocks take part, so
 * none of this may ever reach a derived result.
 *
 * One connection, one thread; errors as in store.h. Everything returned lives in the arena.
 */
#ifndef STORE_STATUS_H
#define STORE_STATUS_H

#include "base/arena.h"
#include "hindcast/counted.h"
#include "hindcast/store.h"

#define STATUS_GAPS_MAX 100 /* as in sql/queries/status_gaps.sql */

/* One partition of one incarnation of a topic. Times are TIME_NONE where there is none. */
struct stream_status {
    int64_t stream_id;
    struct sv cluster_id, topic;
    int32_t incarnation, partition;
    bool current;                      /* the newest incarnation; older ones get nothing more */
    int64_t first_offset, next_offset; /* -1: nothing was read yet */
    int64_t records, stored, condensed, empty, tombstones, quarantined, holes, lost, events;
    bool adds_up; /* both equations of the ledger hold */
    int64_t max_event_ns, last_commit_ns;
    struct sv owner;                                        /* absent: nobody claimed it */
    bool owner_connected;                                   /* the backend of the owner is there */
    int64_t records_1m, events_1m, records_10m, events_10m; /* committed in the last minutes */
};

struct scope_status {
    struct sv scope;
    int64_t watermark_ns; /* TIME_NONE: never correlated, or nothing has a time */
    int64_t newest_ns;
    int64_t batches_behind;  /* committed, not yet correlated */
    struct sv held_by_topic; /* absent where there is no watermark */
    int32_t held_by_partition;
};

struct reason_status {
    struct sv reason;
    int64_t records; /* open ones */
    /* The example: the record with the smallest coordinates. Never its bytes. */
    struct sv topic, format_guess, detail;
    int32_t incarnation, partition;
    int64_t offset;
};

struct gap_status {
    struct sv topic, kind;
    int32_t incarnation, partition;
    int64_t from, to; /* `to` is not included */
    int64_t seen_ns;
};

struct store_status {
    int64_t now_ns;                 /* clock of the database */
    struct stream_status *streams;  /* by cluster, topic, partition, incarnation */
    struct scope_status *scopes;    /* by name */
    struct reason_status *reasons;  /* most records first */
    struct topic_reading *readings; /* by cluster and topic; most events first */
    struct gap_status *gaps;        /* newest first, at most STATUS_GAPS_MAX */
    size_t stream_count, scope_count, reason_count, reading_count, gap_count;
    struct sv config_digest; /* of the configuration that is applied; absent: none is */
    int64_t applied_ns;
    struct sv applied_by;
    struct decoding_status {
        struct sv digest; /* of the decoding options that are applied; absent: none are */
        int64_t applied_ns;
        struct sv applied_by;
        int64_t partitions, behind; /* held by connected workers; by such that use others still */
    } decoding;
    struct lines_status {
        int64_t closed, unindexed; /* partitions of log lines that are over; without their words */
        struct sv since;           /* first day of those without; absent: there are none */
    } lines;
};

/* Every later statement of this connection is given up after so long (DB_QUERY). */
int store_status_timeout(struct store *store, int64_t timeout_ns, struct err *err) MUST_CHECK;
/* Gaps are those noticed within `gaps_ns` before now. */
int store_status(struct store *store, struct arena *arena, int64_t gaps_ns,
                 struct store_status *ret_status, struct err *err) MUST_CHECK;

#endif
