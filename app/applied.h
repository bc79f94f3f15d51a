/*
 * The configuration that counts (hindcast/configuration.h), as the correlator works with it: what
 * is applied in the database, whatever the files of this process say. Where nothing was applied
 * yet, the files are; where an older program applied it, the same settings are applied again with
 * this program's derivation, so that no older one works against it. The thread that owns the store.
 */
#ifndef APP_APPLIED_H
#define APP_APPLIED_H

#include "hindcast/configuration.h"
#include "hindcast/correlation.h"

struct applied {
    int64_t number;     /* of the row that counts */
    const char *digest; /* hex */
    struct correlation_config config;
    const char *own_digest; /* of what `own` says, hex */
    bool differs;           /* from `own` */
};

/*
 * Reads it, and writes a row where one is missing; everything returned lives in the arena. `own`:
 * what the files of this process say. DB_SCHEMA where a newer program applied it; CONFIG where
 * `own` is to be applied and cannot be.
 */
int applied_read(struct store *store, struct arena *arena, const struct correlation_config *own,
                 struct applied *ret_applied, struct err *err) MUST_CHECK;
/*
 * Makes `own` count; what it does not say (correlation_config_complete()) stays as it is applied.
 * *ret_news: it did not count yet. OVERTAKEN where others apply all the time, CONFIG where nothing
 * could be correlated with it, DB_SCHEMA where a newer program applied what counts.
 */
int applied_write(struct store *store, const struct correlation_config *own, bool *ret_news,
                  struct err *err) MUST_CHECK;

#endif
