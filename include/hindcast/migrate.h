/*
 * The schema: what `hindcast migrate` does (store/pg/migrate.c).
 */
#ifndef HINDCAST_MIGRATE_H
#define HINDCAST_MIGRATE_H

#include "base/sha256.h"
#include "hindcast/store.h"

struct migrate_result {
    int before, after; /* schema versions; 0 = empty database */
    int applied;
};
/*
 * Apply all missing migrations, each in a transaction of its own; checks the checksums of those
 * applied. Another run is waited for. DDL gives up its locks after 2 s, tries again for about a
 * minute, and then fails with DB_CONFLICT and a hint that names the holder.
 */
int
store_migrate(struct store *store, struct migrate_result *ret_result, struct err *err) MUST_CHECK;
/* Of all migrations: programs that have it in common make the same schema. */
void store_schema_digest(struct sha256 *ret_digest);

#endif
