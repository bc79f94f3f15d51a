/*
 * The tables of what was derived, for tests against a real PostgreSQL: whether they hold what a run
 * of the whole computed, and which of their rows a save wrote. The scope is the correlation's.
 */
#ifndef TESTS_LIB_CASETABLES_H
#define TESTS_LIB_CASETABLES_H

#include "hindcast/part.h"

/* The rows of the two streams that worlds are read from; once for a database. */
void casetables_stream(void);

/* Nothing of the scope is left, or it is saved whole, as read up to `seq` of the first stream; an
 * error fails the test. */
void casetables_forget(struct store *store, struct sv scope);
void casetables_save(struct store *store, const struct correlation *whole, int64_t seq);
/* A part of it; the transaction ends. */
int casetables_save_part(struct part *part, const struct casebook_part *changed, int64_t seq,
                         struct err *err) MUST_CHECK;

/* Every row version of every derived table, with those of the cursor or without; to be freed by the
 * caller. */
char *casetables_versions(bool with_cursor);
/*
 * What is about the first byte in which two texts differ; NULL: none does. This and the others that
 * tell a difference use one static text.
 */
const char *casetables_difference(const char *there_is, const char *whole_has);
/* NULL: the tables, as canonical text, are what the whole has. */
const char *casetables_hold(struct store *store, const struct correlation *whole);
/* NULL: a save of the whole finds nothing to do. */
const char *casetables_whole(struct store *store, const struct correlation *whole, int64_t seq);

#endif
