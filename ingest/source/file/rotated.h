/*
 * Names of files that were rotated: which of them holds what came first.
 */
#ifndef INGEST_SOURCE_FILE_ROTATED_H
#define INGEST_SOURCE_FILE_ROTATED_H

#include <stdbool.h>

/*
 * Orders base names by their bytes, and those of one rotated log (NAME, NAME.N, NAME-DATE, packed
 * or not) by age, the oldest first: app.log.10.gz, app.log.2, app.log.1, app.log. A total order:
 * 0 for equal names alone.
 */
int rotated_compare(const char *a, const char *b);
/* True if the two belong to one log. */
bool rotated_same_log(const char *a, const char *b);

#endif
