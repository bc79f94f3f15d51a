/*
 * How long incidents took to be detected, acknowledged, mitigated, recovered from and resolved, as
 * analyst.durations tells it: medians and 90th percentiles that one of the incidents took, never a
 * mean. The store asks (casebook_stats()), report/render/stats.h shows. Only incidents that were
 * raised count. Plain data in the caller's arena.
 */
#ifndef HINDCAST_STATS_H
#define HINDCAST_STATS_H

#include "base/arena.h"
#include "base/sv.h"
#include "hindcast/store.h"

enum stats_measure {
    STATS_DETECT,      /* from the start of the impact */
    STATS_ACKNOWLEDGE, /* from detection, as those below */
    STATS_MITIGATE,
    STATS_RECOVER, /* from the start of the impact */
    STATS_RESOLVE,
    STATS_MEASURES,
};

/* Less than 1, 5, 15 minutes, 1, 4 hours, 1 day; more. The query has them too. */
#define STATS_BINS 7

struct stats_request {
    const char *by;             /* "month", "service", "severity"; NULL: all in one */
    int64_t since_ns, until_ns; /* of the start; TIME_NONE: no bound */
};

/* One measure of one group. */
struct stats_row {
    struct sv part; /* "2026-03", "checkout-api", "critical"; empty: all, or no service */
    enum stats_measure measure;
    int64_t incidents; /* in the group */
    int64_t n;         /* of them, those that have both moments */
    /* nanoseconds; of n 0 they tell nothing */
    int64_t median_ns, p90_ns, longest_ns;
    struct sv longest_in; /* number of the incident */
    int64_t bins[STATS_BINS];
    const struct sv *names; /* n numbers, sorted */
    /* Of the group, those not resolved in the records: "INC-2026-0002 (acknowledged)", sorted. */
    const struct sv *open;
    size_t open_count;
};

/* Rows of a group behind one another, STATS_MEASURES each; none without incidents. */
int
casebook_stats(struct store *store, struct arena *arena, const struct stats_request *request,
               const struct stats_row **ret_rows, size_t *ret_count, struct err *err) MUST_CHECK;

#endif
