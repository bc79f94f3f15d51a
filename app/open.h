/*
 * Opening the store for a use case: options and role from the configuration, waits for locks told
 * on stderr, and given up once `stop` (may be NULL) becomes true. Main thread, or the thread that
 * will own the connection.
 */
#ifndef APP_OPEN_H
#define APP_OPEN_H

#include "hindcast/store_options.h"

/* Locks of others: told on stderr; given up once *stop. */
struct store_patience open_patience(const volatile bool *stop);

int open_store(const struct config *config, enum store_role role, const volatile bool *stop,
               struct store **ret_store, struct err *err) MUST_CHECK;
/*
 * For whoever only reads: in the role of STORE_CORRELATE, with the snapshot of store_read_begin()
 * that all of the reading shares; store_close() ends it.
 */
int open_reader(const struct config *config, enum store_reading what, const volatile bool *stop,
                struct store **ret_store, struct err *err) MUST_CHECK;

#endif
