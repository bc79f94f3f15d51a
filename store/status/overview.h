/*
 * What a database holds, in a few rows: for `hindcast draft`, which tells people what was read, and
 * paces its producer by what was committed. One connection, one thread; errors as in store.h.
 */
#ifndef STORE_OVERVIEW_H
#define STORE_OVERVIEW_H

#include "base/arena.h"
#include "hindcast/store.h"

struct overview_row {
    struct sv format, kind;
    int64_t events;
    int64_t first_ns, last_ns; /* TIME_NONE: none has a time */
    int64_t untimed;           /* of the events */
};

struct overview_reason {
    struct sv reason, detail;
    int64_t records;
};

struct overview {
    struct overview_row *rows; /* most frequent first */
    size_t row_count;
    struct overview_reason *reasons; /* of the quarantine */
    size_t reason_count;
    int64_t busiest_ns; /* start of the busiest hour, TIME_NONE when there is none */
    int64_t busiest_events;
    int64_t manifests; /* records about files that were loaded, which are in none of the rows */
};

int store_overview(struct store *store, struct arena *arena, struct overview *ret_overview,
                   struct err *err) MUST_CHECK;
/* next_offset of each partition of a topic; 0 where nothing was committed. */
int store_committed(struct store *store, const char *topic, int64_t *ret_next, int32_t partitions,
                    struct err *err) MUST_CHECK;

#endif
