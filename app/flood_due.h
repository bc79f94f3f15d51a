/*
 * When records that wait to be taken into incidents of very many are to be correlated, although
 * nothing else of their scope is new. The thread that owns the store.
 */
#ifndef APP_FLOOD_DUE_H
#define APP_FLOOD_DUE_H

#include "hindcast/floods.h"

/* The wall clock in milliseconds since 1970. A clock() of struct advancing; the context is not
 * looked at. */
int64_t flood_now_ms(void *context);
/* Whether any are now; and the earliest moment at which others are, of that clock, where it is
 * earlier than `*wake_ms`. `all`: whatever waits is. */
int flood_due(struct store *store, struct sv scope, bool all, bool *ret_due, int64_t *wake_ms,
              struct err *err) MUST_CHECK;

#endif
