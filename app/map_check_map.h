/*
 * What can be said of a map without any record: its tables, what it replaces, with whom it ties,
 * and which of its words and alternatives were never used. Part of app/map_check.c; one thread.
 */
#ifndef APP_MAP_CHECK_MAP_H
#define APP_MAP_CHECK_MAP_H

#include "base/strbuf.h"
#include "ingest/decode/maps/maps.h"
#include "ingest/decode/maps/trace.h"

/* "2 shapes, 1 table" */
void map_check_counts(const struct map_file *file, struct strbuf *out);
void map_check_tables(const struct map_file *file, struct strbuf *out);
/* A line for each shape of others that it takes the place of. */
void map_check_replaced(const struct map_file *file, struct strbuf *out);
/* Shapes that bid the same on whatever fits a line of one of them; how many. */
size_t map_check_ties(const struct map_file *file, struct strbuf *out);
/* A line for each shape that takes records of other tools, of those that are bundled. */
void map_check_foreign(const struct map_file *file, struct strbuf *out);
/* "Words never used: ...  Alternatives never used: ..." */
void
map_check_unused(const struct map_file *file, const struct map_trace *trace, struct strbuf *out);

#endif
