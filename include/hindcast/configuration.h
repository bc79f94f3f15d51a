/*
 * What results depend on beside the records is one set, and the set that counts is in the database:
 * review.configuration, whose rows are only added and whose newest one counts. The set itself, as a
 * text with one digest, is made and read by correlation.h; here it is kept. One connection, one
 * thread; errors as in store.h.
 */
#ifndef HINDCAST_CONFIGURATION_H
#define HINDCAST_CONFIGURATION_H

#include "base/arena.h"
#include "base/sv.h"
#include "hindcast/store.h"

struct stored_configuration {
    int64_t number;     /* order of being applied, from 1; 0: none was applied yet */
    struct sv digest;   /* SHA-256 of the content, hex */
    int64_t derivation; /* CORRELATION_DERIVATION of the program that applied it */
    struct sv content;  /* as correlation_config_write() wrote it */
    int64_t applied_ns;
    struct sv applied_by; /* login */
};

/* The one that counts; lives in the arena. */
int
configuration_newest(struct store *store, struct arena *arena,
                     struct stored_configuration *ret_configuration, struct err *err) MUST_CHECK;

/* configuration_apply() after whatever is the newest. */
#define CONFIGURATION_ANY INT64_C(-1)
/*
 * Makes this one count: writes a row, unless the newest row says the same, or `after` is not the
 * number of the newest row, or CONFIGURATION_ANY. *ret_number is the newest row's number
 * afterwards. Fails where the newest row is of a newer derivation, or the role may not.
 */
int configuration_apply(struct store *store, struct sv content, int derivation, int64_t after,
                        int64_t *ret_number, struct err *err) MUST_CHECK;

#endif
