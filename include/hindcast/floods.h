/*
 * Incidents of very many records as they are kept with the groups of a scope (groups.h), and the
 * records that wait to be taken into them. Such an incident is read whole when something of it is
 * taken in, so that is done less often than records of it come. What waits is kept like groups are:
 * each record as a node of its own (correlate/stored/late.h), and in no answer of the groups.
 *
 * Memory, errors and transactions are those of groups.h.
 */
#ifndef HINDCAST_FLOODS_H
#define HINDCAST_FLOODS_H

#include "hindcast/groups.h"

struct group_flood {
    struct sv explicit_id; /* what names it among groups; absent: its root does */
    struct node_id root;
    struct sv incident_key; /* as it was saved last */
    int64_t records;        /* of it when it was told last */
    int64_t cost_ms;        /* what that took */
    bool stale;             /* what lies around it changed since: it is to be told again */
    bool unsettled;         /* links among its nodes did: it is to be settled again */
    int64_t waiting;        /* records that wait */
    int64_t first_ms;       /* since when anything does, of the wall clock; 0: nothing does */
    int64_t last_ms;        /* when the last of it came */
};

struct flood_rows {
    void *context;
    const struct group_rows *waiting; /* what waits */
    /* Those of the scope, few. */
    int (*read)(void *context, struct arena *arena, struct group_flood **ret_floods,
                size_t *ret_count, struct err *err);
    /* Each once, by its name. */
    int (*put)(void *context, const struct group_flood *floods, size_t count, struct err *err);
    int (*drop)(void *context, const struct group_flood *floods, size_t count, struct err *err);
};

/* Of the groups that are open. */
const struct flood_rows *groups_floods(struct groups *groups);

/* Those of a scope of which anything waits, outside of any transaction or in one that reads; for
 * readers too, in order of their incidents. */
int floods_of_scope(struct store *store, struct arena *arena, struct sv scope,
                    struct group_flood **ret_floods, size_t *ret_count, struct err *err) MUST_CHECK;

#endif
