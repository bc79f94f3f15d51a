/*
 * Counts of what ingest stored (store/casebook/counts.c): events by minute, and what was read of
 * each topic. Ingest writes deltas in the transaction of each batch (store/delivery/tally.h), the
 * correlator's process folds them; readers see both, so no answer depends on how far folding is.
 *
 * One connection, one thread, as in store.h. Views live in the arena.
 */
#ifndef HINDCAST_COUNTS_H
#define HINDCAST_COUNTS_H

#include "base/arena.h"
#include "hindcast/activity.h"
#include "hindcast/store.h"

#define COUNT_STEPS_MAX 2000 /* that one question may ask for */

struct minute_question {
    struct sv scope;
    int64_t from_ns, to_ns;    /* `from_ns` at a whole minute; `to_ns` is not included */
    int64_t step_minutes;      /* at most COUNT_STEPS_MAX steps */
    const struct sv *services; /* only of these; NULL: of all, and of none */
    size_t service_count;
};
/* Steps with an event, in order of time. */
int
counts_minutes(struct store *store, struct arena *arena, const struct minute_question *question,
               struct minute_counts **ret_minutes, size_t *ret_count, struct err *err) MUST_CHECK;
/* Of the log lines within: how many are deliveries that another one stands for, as far as
 * correlated. */
int counts_duplicates(struct store *store, struct sv scope, int64_t from_ns, int64_t to_ns,
                      int64_t *ret_lines, struct err *err) MUST_CHECK;

/*
 * Offsets that could not be read and lie within, as far as the events around them tell; in order of
 * time.
 */
int counts_gaps(struct store *store, struct arena *arena, int64_t from_ns, int64_t to_ns,
                struct record_gap **ret_gaps, size_t *ret_count, struct err *err) MUST_CHECK;

/* What was read of each topic, by cluster and topic; the formats with most events first. */
int counts_topics(struct store *store, struct arena *arena, struct topic_reading **ret_readings,
                  size_t *ret_count, struct err *err) MUST_CHECK;

/*
 * Adds deltas up, COUNTS_FOLD_ROWS at a time, each in a transaction of its own, until none is left,
 * another process folds, or *stop (may be NULL). Computes no scope and wakes nobody.
 */
#define COUNTS_FOLD_ROWS 100000
int counts_fold(struct store *store, const volatile bool *stop, int64_t *ret_folded,
                struct err *err) MUST_CHECK;
/* COUNTS_FOLD_ROWS of them at most. */
int counts_fold_some(struct store *store, int64_t *ret_folded, struct err *err) MUST_CHECK;

#endif
