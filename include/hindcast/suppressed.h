/*
 * What rules suppressed (docs/correlation.md, section 2), counted by rule. One connection, one
 * thread; errors as in store.h.
 */
#ifndef HINDCAST_SUPPRESSED_H
#define HINDCAST_SUPPRESSED_H

#include "base/arena.h"
#include "hindcast/store.h"

struct suppressed_row {
    struct sv rule, kind; /* kind: inhibit, window, flapping */
    int64_t alerts;       /* episodes */
    int64_t records;
    int64_t first_ns, last_ns;
    int64_t told; /* of the alerts, in an incident that others opened */
};

struct suppressed_request {
    int64_t since_ns, until_ns; /* of the first record; TIME_NONE: no bound */
    const char *incident;       /* number or key; NULL: all, and what is in none */
};

/* By rule, in the arena. */
int casebook_suppressed(struct store *store, struct arena *arena,
                        const struct suppressed_request *request, struct suppressed_row **ret_rows,
                        size_t *ret_count, struct err *err) MUST_CHECK;

#endif
