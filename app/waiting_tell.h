/*
 * Saying, on stderr, which incidents wait for records that came (hindcast/waiting.h): what a
 * reading command prints is without them. Main thread.
 */
#ifndef APP_WAITING_TELL_H
#define APP_WAITING_TELL_H

#include "base/arena.h"
#include "hindcast/store.h"

/* Of a scope and an incident by its key, or of all where these are absent. */
int waiting_tell(struct store *store, struct arena *arena, struct sv scope, struct sv incident_key,
                 struct err *err) MUST_CHECK;

#endif
