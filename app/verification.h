/*
 * Checking what was derived against what was stored: from each entry over its events to the bytes
 * of the records. Event and record must be there, the SHA-256 of the record must be the one cited,
 * the Merkle root of its segment must hold, and the derived rows be those that were saved. Each
 * break is handed to the caller. One thread, one connection, within its store_read_begin().
 */
#ifndef APP_VERIFICATION_H
#define APP_VERIFICATION_H

#include "hindcast/casebook.h"

struct verification_break {
    struct sv incident_key;
    const struct entry *entry;       /* NULL: the incident's own rows */
    const struct evidence *evidence; /* the record it cites; NULL: the entry as a whole */
    const char *what;                /* no longer than the call */
};

struct verification {
    /* set by the caller */
    struct store *store;
    void (*on_break)(void *opaque, const struct verification_break *found);
    void *opaque;
    /* what was looked at, and how many breaks were found */
    size_t entries, records, broken;
    /* its own */
    struct sv incident_key;
};

/* Checks one incident; its name is what casebook_incident() takes. A break is not a failure. */
int
verification_named(struct verification *verification, const char *name, struct err *err) MUST_CHECK;
/* Checks every incident; shows progress on stderr. */
int verification_all(struct verification *verification, struct err *err) MUST_CHECK;

#endif
