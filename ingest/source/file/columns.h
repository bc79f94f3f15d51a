/*
 * Files of columns: CSV exports, whose first line names the columns, CSV logs without such a line,
 * W3C logs, whose `#Fields` may change on the way, and flow logs. What is known goes with every
 * record as HEADER_COLUMNS; a row of CSV whose quotes are open goes on in the next line. Private to
 * ingest/source/file; one thread.
 */
#ifndef INGEST_SOURCE_FILE_COLUMNS_H
#define INGEST_SOURCE_FILE_COLUMNS_H

#include "base/clock.h"
#include "base/strbuf.h"

/* A row of more bytes is not a row: its quotes do not close, and its lines are records of their
 * own.
 */
#define FILE_ROW_BYTES_MAX ((size_t)256 * 1024)

struct file_columns {
    struct strbuf line; /* that names them; empty: not known */
    bool rows;          /* CSV: rows may go on over the end of a line */
};

void file_columns_init(struct file_columns *columns);
void file_columns_release(struct file_columns *columns);
/* Finds out from the first bytes of a file whether it has rows of CSV. */
void file_columns_begin(struct file_columns *columns, const char *name, struct sv start);
/* Takes notice of a line: one that names fields, or that dates what follows (`#Date`): then
 * `*last_ns`, when it is TIME_NONE, becomes what it says. */
void file_columns_see(struct file_columns *columns, struct sv line, int64_t *last_ns);
/* True if this part of a row opens quotes that it does not close, or the other way round. */
bool file_columns_open(const struct file_columns *columns, struct sv part);

#endif
