/*
 * What the files of the casebook share: reading columns and JSON into arena memory, digests.
 * Internal to the files of store/casebook/; one connection, one thread.
 */
#ifndef STORE_CASEBOOK_COLUMNS_H
#define STORE_CASEBOOK_COLUMNS_H

#include <jansson.h>

#include "hindcast/casebook.h"
#include "store/pg/conn.h"

/* A column that holds nanoseconds; null: TIME_NONE. */
int64_t row_time(const PGresult *result, int row, int column);

/* The JSON array of a column, to be released, or NULL; a column that is none reads as empty. */
json_t *column_array(const PGresult *result, int row, int column);
/* The same of strings, in the arena. */
const struct sv *
column_texts(struct arena *arena, const PGresult *result, int row, int column, size_t *ret_count);

/* Members of a JSON object, copied into the arena. */
struct sv json_member_text(struct arena *arena, const json_t *object, const char *name);
int64_t json_member_number(const json_t *object, const char *name);

/* Replace the deliveries of the scope by those of the correlation; within casebook_save(). */
int casebook_put_deliveries(struct store *store, const struct correlation *correlation,
                            struct err *err) MUST_CHECK;
/* The same of these events (uids in hex) alone, of which the correlation has all. */
int casebook_put_deliveries_of(struct store *store, const struct correlation *correlation,
                               const struct sv *uids, size_t uid_count, struct err *err) MUST_CHECK;

/* Canonical SHA-256 of an incident in hex; `scratch` is cleared first. */
int casebook_digest(struct sv scope, const struct incident *incident, struct strbuf *scratch,
                    char ret_hex[SHA256_HEX + 1], struct err *err) MUST_CHECK;

#endif
