/*
 * What changed since a cursor, as lines of the canonical export: what `export --since` prints.
 * Main thread.
 */
#ifndef APP_FOLLOW_H
#define APP_FOLLOW_H

#include "base/err.h"
#include "hindcast/store.h"

/*
 * Of each scope that was published since: its line where the configuration is another one, a line
 * "removed" for each incident, node and scope that is gone, the incidents that changed, whole, and
 * the nodes of no incident that changed; then the line of the new cursor. `since` as in
 * hindcast/changes.h, or "@FILE", whose last line has it. In the snapshot of store_read_begin().
 */
int follow_print(struct store *store, const char *since, struct err *err) MUST_CHECK;

#endif
