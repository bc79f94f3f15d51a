/*
 * Noting that a document was written: see documented.h. Called by report on the main thread.
 */
#include "app/documented.h"

#include <stdio.h>
#include <string.h>

#include "app/open.h"
#include "base/text/visible.h"

/* SQLSTATEs of whoever only reads: insufficient_privilege, read_only_sql_transaction. */
#define NO_RIGHT "42501"
#define READ_ONLY "25006"

void
documented(const struct config *config, const struct stored_incident *stored, const char *document,
           const char *form, const volatile bool *stop)
{
    struct store *store;
    struct arena arena;
    struct err err = {0};
    arena_init(&arena, 0);
    int status = open_store(config, STORE_RESPONDER, stop, &store, &err);
    if (status == 0) {
        status = casebook_documented(store, &arena, stored, document, form, &err);
        store_close(store);
    }
    arena_release(&arena);
    if (status != 0 && strcmp(err.sqlstate, NO_RIGHT) != 0 && strcmp(err.sqlstate, READ_ONLY) != 0)
        visible_line(stderr, "that this document was written is not noted: %s", err.message);
}
