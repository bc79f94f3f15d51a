/*
 * Retention: partitions of log lines and raw records, made ahead, frozen when their days are over,
 * and removed when they are older than a limit, but nothing of them that a result rests on
 * (docs/retention.md). One connection with the rights of the owner, one thread.
 *
 * Removing takes four steps, each of which can be done again: close (no more rows), keep (copy what
 * outlives it), detach, drop. Whatever step an interrupted run ended in, the next one goes on from
 * there. No step holds a lock that stops readers or writers of other days; waiting for a
 * transaction that still reads a partition holds none at all.
 *
 * What can fail: the codes of store.h; DB_CONFLICT when others are in the way for too long (nothing
 * is lost, a later run goes on); BROKEN_EVIDENCE when a record that must be kept cannot be proved:
 * its partition then stays.
 */
#ifndef HINDCAST_RETENTION_H
#define HINDCAST_RETENTION_H

#include "base/arena.h"
#include "base/clock.h"
#include "hindcast/store.h"

/* Days from the end of a partition to its removal; 0: keep for good. */
struct retention_limits {
    int log_days;
    int evidence_days;
};

#define RETENTION_AHEAD_DAYS 7 /* partitions that exist before they are needed */

/* Takes the lock that lets one run at a time in, and checks the rights. */
int retention_begin(struct store *store, struct err *err) MUST_CHECK;
/* Create the partitions of today and the days ahead. */
int retention_ahead(struct store *store, int *ret_created, struct err *err) MUST_CHECK;

/* A partition: name and days [from, to), all as text, in the arena. */
struct partition_info {
    const char *parent; /* "ingest.log" or "evidence.segment" */
    const char *name;
    const char *from, *to;
};
/* Those past their limits, and those that an earlier run began to remove; in the order to go in. */
int retention_due(struct store *store, struct arena *arena, const struct retention_limits *limits,
                  struct partition_info **ret_due, size_t *ret_count, struct err *err) MUST_CHECK;
/* Days that are over and stay: VACUUM (FREEZE, ANALYZE), once. `stop` may be NULL. */
int retention_freeze(struct store *store, const struct retention_limits *limits,
                     const volatile bool *stop, int *ret_frozen, struct err *err) MUST_CHECK;
/*
 * Frozen partitions of log lines get their index of words, each once, while others read and write
 * them. Waits up to `wait_ns` for older transactions; where these last longer, a later run makes
 * it. `stop` may be NULL.
 */
int retention_index(struct store *store, int64_t wait_ns, const volatile bool *stop,
                    int *ret_indexed, struct err *err) MUST_CHECK;
/*
 * Remove one partition. Waits up to `wait_ns` for those who still read it, or until `stop` (may be
 * NULL) becomes true. ret_kept: rows copied to ingest.log_kept or evidence.kept by this call.
 */
int retention_remove(struct store *store, const struct partition_info *partition, int64_t wait_ns,
                     const volatile bool *stop, int64_t *ret_kept, struct err *err) MUST_CHECK;
/* After log partitions went: late lines that came meanwhile and that nothing reads. Waits up to
 * `wait_ns` for a correlator that writes a scope of theirs. */
int retention_sweep(struct store *store, const struct retention_limits *limits, int64_t wait_ns,
                    struct err *err) MUST_CHECK;
/*
 * Log lines without a time lie in no partition of a day: they go, one by one, by the day on which
 * they were written. ret_removed: how many went. Waits as retention_sweep() does.
 */
int retention_untimed(struct store *store, const struct retention_limits *limits, int64_t wait_ns,
                      int64_t *ret_removed, struct err *err) MUST_CHECK;
/*
 * Counts per minute that are older than log lines may be; deltas are to be folded first
 * (hindcast/counts.h).
 */
int retention_minutes(struct store *store, const struct retention_limits *limits,
                      struct err *err) MUST_CHECK;

#endif
