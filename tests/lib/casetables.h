/*
 * The tables of what was derived, for tests against a real PostgreSQL: whether they hold what a run
 * of the whole computed, and which of their rows a save wrote. The scope is the correlation's.
 */
#ifndef TESTS_LIB_CASETABLES_H
#define TESTS_LIB_CASETABLES_H

#include "hindcast/part.h"

/* The row of the one stream that worlds are read from; once for a database. */
void casetables_stream(void);

/* Nothing of the scope is left; it is saved whole, or a part of it, as read up to `seq` of that
 * stream. Each fails the test on an error. */
void casetables_forget(struct store *store, struct sv scope);
void casetables_save(struct store *store, const struct correlation *whole, int64_t seq);
void casetables_save_part(struct part *part, const struct casebook_part *changed, int64_t seq);

/* Every row version of every derived table, with those of the cursor or without; to be freed by the
 * caller. */
char *casetables_versions(bool with_cursor);
/* Fails the test, with what is about the first byte in which two texts differ, unless none does. */
void casetables_same(const char *there_is, const char *whole_has);

/*
 * The tables as canonical text beside what the whole has, both to be released: whether they are the
 * same.
 */
bool casetables_compare(struct store *store, const struct correlation *whole,
                        struct strbuf *ret_stored, struct strbuf *ret_whole);
/* Fails the test unless they are. */
void casetables_hold(struct store *store, const struct correlation *whole);
/* Fails the test unless a save of the whole finds nothing to do. */
void casetables_whole(struct store *store, const struct correlation *whole, int64_t seq);

#endif
