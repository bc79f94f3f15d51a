/*
 * The statements of sql/queries/ by name: QUERY_NAME is sql/queries/NAME.sql, in the order of
 * embedded_queries[]. The list is made at build time of the folder, so that a name without a file
 * does not compile; a file without a user fails a test.
 */
#ifndef STORE_PG_QUERY_H
#define STORE_PG_QUERY_H

enum query {
#define QUERY(name) QUERY_##name,
#include "embedded/queries.def"
#undef QUERY
    QUERY_COUNT
};

/* Text of the statement. */
const char *store_query_text(enum query query);
/* "NAME.sql", for messages and as the prepared statement's own name. */
const char *store_query_name(enum query query);

#endif
