/*
 * Maps in tests: a map and a record as texts, and what comes of them as one text.
 */
#ifndef TESTS_MAPTEST_H
#define TESTS_MAPTEST_H

#include "hindcast/record.h"

/* What is wrong with the map "x.map", a line each, remarks included; to be freed. */
char *map_problems_of(const char *map);
/*
 * What the map makes of the record: a line for each event, `shape|kind|phase|KEY=value...` of what
 * is not empty, or "unclaimed", or "bad: ...". Fails the test when the map has errors. To be freed.
 */
char *
map_reads(const char *map, const char *record, const struct header *headers, size_t header_count);

/* The same, compared. */
void expect_map(const char *map, const char *record, const char *expected);
void expect_problems(const char *map, const char *expected);

#endif
