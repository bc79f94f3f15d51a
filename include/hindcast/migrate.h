/*
 * The schema: what `hindcast migrate` does (store/pg/migrate.c).
 */
#ifndef HINDCAST_MIGRATE_H
#define HINDCAST_MIGRATE_H

#include "hindcast/store.h"

struct migrate_result {
    int before, after; /* schema versions; 0 = empty database */
    int applied;
};
/* Apply all missing migrations under an advisory lock; checks the checksums of those applied. */
int
store_migrate(struct store *store, struct migrate_result *ret_result, struct err *err) MUST_CHECK;

#endif
