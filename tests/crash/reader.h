/*
 * What somebody who reads sees of scopes in one snapshot (reader.c), and the batch form over the
 * same snapshot (recompute.c). Functions that return -1 fill in the error: the server is away, or
 * asks to try again; all else fails the run.
 */
#ifndef TESTS_CRASH_READER_H
#define TESTS_CRASH_READER_H

#include "hindcast/casebook.h"
#include "tests/crash/beside.h"

#define STANDINGS_MAX (PARTITIONS_MAX * LIVES_MAX + 3)

/* A position of a scope's cursor, of a stream of the run, or what is none (hindcast/casebook.h). */
struct standing {
    int64_t stream_id, seq;
};

struct looking {
    struct run *run;
    struct store *store;
    struct arena arena; /* of all that is read */
    struct stored_digest *digests;
    size_t digest_count;
};

/* A scope as stored. */
struct looked {
    struct correlation stored;
    struct standing cursor[STANDINGS_MAX];
    size_t cursor_count;
};

/* The snapshot; looking_end() in any case. */
int looking_begin(struct looking *looking, struct store *store, struct run *run, struct err *err);
void looking_end(struct looking *looking);
int looking_scope(struct looking *looking, const char *scope, struct looked *ret_looked,
                  struct err *err);
/* In hex, of a stored incident; NULL: there is none. */
const char *looking_digest(const struct looking *looking, struct sv scope, struct sv incident_key);

/*
 * Computes the scope whole from what its cursor stands for and compares; ends the snapshot.
 * *ret_done is false where that cannot be said: decisions or a reset came that the scope has not
 * taken in. `why` is empty where both are the same bytes.
 */
int recompute_scope(struct looking *looking, const struct looked *looked, bool *ret_done, char *why,
                    size_t size, struct err *err);

#endif
