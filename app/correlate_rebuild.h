/*
 * Rebuilding a large scope in bounded memory, in the background: history comes into a second set of
 * groups piece by piece, each one committed; readers see the old casebook, and others go on with
 * what comes, until all is told and published in one transaction. Who is killed or stopped goes on
 * where it was. What it leaves is what computing the scope whole would have left (decision 22). The
 * thread that owns the store.
 */
#ifndef APP_CORRELATE_REBUILD_H
#define APP_CORRELATE_REBUILD_H

#include "app/applied.h"
#include "app/correlate_part.h"

struct rebuilding {
    struct store *store;
    const struct applied *applied;
    struct sv scope;
    bool anew;                 /* trusts no stored digest */
    const volatile bool *stop; /* may be NULL */
    /* Of tests; 0: the limits of below. */
    size_t piece, batch;
};

/* A scope of more records than these is rebuilt in pieces: see docs/operations.md. */
#define REBUILD_RECORDS 200000
#define REBUILD_NODES 500 /* that are told at once, with all that belongs to their incidents */

struct rebuilt {
    struct part_result part; /* whole: why it cannot be done so; the rebuild is given up then */
    bool stopped;            /* as asked, before all was read; what was read stays */
    size_t pieces, batches;
    size_t most_bytes; /* of one arena: what is in memory at once */
};
/* OVERTAKEN: another correlator works on it, too. */
int correlate_rebuild(const struct rebuilding *rebuilding, struct rebuilt *ret_rebuilt,
                      struct err *err) MUST_CHECK;

#endif
