/*
 * One look after another at where the whole stands (observe/status.h): what the database knows and
 * what the broker tells, put together and judged, each look beside the one before it. One thread; a
 * connection, and a consumer that only asks for end offsets, both opened at the first need and
 * kept. A broker that is away makes end offsets unknown, nothing else.
 */
#ifndef OBSERVE_LOOK_H
#define OBSERVE_LOOK_H

#include "hindcast/correlation.h"
#include "hindcast/store.h"
#include "observe/status.h"

struct status_look {
    /* set by the caller */
    const struct config *config;
    struct status_limits limits;
    bool offline;                         /* do not ask the broker */
    const struct correlation_config *own; /* what the files say; NULL: not known */
    struct sv own_decoding;               /* digest of what they say; absent: not known */
    struct store_patience patience;
    /* its own: the last look and the one before it, taking turns */
    struct store *store; /* NULL: to be opened */
    struct status_broker broker;
    struct arena arenas[2];
    struct status looks[2];
    int at;
    bool looked;
};

/* After the caller's part is set and the rest is zeros. */
void status_look_init(struct status_look *look);
void status_look_release(struct status_look *look);
/* Looks; after a failure the last look is what it was, and the next one connects again. */
int status_look(struct status_look *look, struct err *err) MUST_CHECK;
/* What the last look saw, until the one after the next; there was one. */
const struct status *status_look_last(const struct status_look *look);

#endif
