/*
 * A database of its own for a test program: created with a fresh name on the server of the PG*
 * variables, migrated, dropped afterwards. Without a server the test fails.
 */
#ifndef TESTS_LIB_PGTEST_H
#define TESTS_LIB_PGTEST_H

#include "hindcast/store.h"

/*
 * As cmocka group fixtures: create and migrate, drop. PGDATABASE points at the new database
 * afterwards, so that programs started by the test find it too.
 */
int pgtest_setup(void **state);
int pgtest_teardown(void **state);
/* The same without migrating. */
int pgtest_setup_empty(void **state);

/* A connection to the test's database, with this role (NULL: none). Fails the test on error. */
struct store *pgtest_open(const char *role);
/* First column of the first row as text, to be freed by the caller; NULL for null or no row. */
char *pgtest_value(const char *sql);
int64_t pgtest_int(const char *sql);
/* Runs SQL as the login; fails the test on error. */
void pgtest_run(const char *sql);
/*
 * How many counts of what was stored are not those of the rows (tests/lib/counts_differ.sql): 0 in
 * every database from which retention removed nothing.
 */
int64_t pgtest_counts_differ(void);
/* "dbname=NAME" of the test's database. */
const char *pgtest_conninfo(void);

#endif
