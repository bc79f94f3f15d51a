/*
 * Which incidents wait for records that came, for readers: incidents of very many records take in
 * what comes from time to time (floods.h).
 */
#ifndef HINDCAST_WAITING_H
#define HINDCAST_WAITING_H

#include "base/arena.h"
#include "hindcast/store.h"

struct waiting_incident {
    struct sv scope, incident; /* its number, or its key */
    int64_t records; /* that are not in yet; 0: it is to be told again for another reason */
};

/* Of a scope and of one incident (by key), or of all where these are absent. Memory is the
 * arena's. */
int waiting_incidents(struct store *store, struct arena *arena, struct sv scope,
                      struct sv incident_key, struct waiting_incident **ret_incidents,
                      size_t *ret_count, struct err *err) MUST_CHECK;

#endif
