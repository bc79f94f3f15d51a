/*
 * Columns of results, in text and in binary form, and parameters. Internal to store/; pure.
 */
#ifndef STORE_PG_COLUMN_H
#define STORE_PG_COLUMN_H

#include <libpq-fe.h>

#include "base/arena.h"
#include "base/clock.h"

/* Columns of a text result. Null gives SV_NONE, 0, false or TIME_NONE. */
bool column_null(const PGresult *result, int row, int column);
struct sv column_view(const PGresult *result, int row, int column);
struct sv column_text(struct arena *arena, const PGresult *result, int row, int column);
int64_t column_int(const PGresult *result, int row, int column);
bool column_bool(const PGresult *result, int row, int column);
/* timestamptz as printed in UTC. */
int64_t column_time(const PGresult *result, int row, int column);
/* bytea as printed in hex: exactly `len` bytes, else false. */
bool column_bytes(const PGresult *result, int row, int column, void *ret_bytes, size_t len);

/* A binary result: an integer of row 0, four or eight bytes wide. */
int64_t column_binary_int(const PGresult *result, int column);
/* At most eight bytes, the highest first, as PostgreSQL sends numbers. */
uint64_t big_endian(const char *bytes, size_t width);

/* An int8 as a text parameter; `text` is its storage. */
#define INT_TEXT 24
const char *int_text(int64_t value, char text[INT_TEXT]);
/*
 * A bound in time as microseconds, in `text`: whole ones are before it with and without the rest.
 * NULL: no bound (TIME_NONE).
 */
const char *bound_text(int64_t ns, char text[INT_TEXT]);

#endif
