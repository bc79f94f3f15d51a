/*
 * Which services call which, as the records that are stored tell it. One connection, one thread;
 * errors as in store.h.
 */
#ifndef HINDCAST_SERVICE_EDGES_H
#define HINDCAST_SERVICE_EDGES_H

#include "base/arena.h"
#include "hindcast/store.h"

/* What names a dependency beside spans; texts as PostgreSQL reads arrays of text: "{a,b}". */
struct edge_fields {
    const char *called, *caller;
};

struct counted_edge {
    struct sv from, to;
    int64_t seen; /* spans and records that tell of it */
};

/*
 * Edges between different services in records of [since, until), TIME_NONE: no bound; by (from,
 * to), in the arena. The names are as the records have them.
 */
int store_service_edges(struct store *store, struct arena *arena, const struct edge_fields *fields,
                        int64_t since_ns, int64_t until_ns, struct counted_edge **ret_edges,
                        size_t *ret_count, struct err *err) MUST_CHECK;

#endif
