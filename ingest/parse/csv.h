/*
 * Rows of CSV (RFC 4180): cells between separators, in quotes where they hold one, with quotes
 * doubled inside. A cell in quotes may hold line ends. One thread.
 */
#ifndef INGEST_PARSE_CSV_H
#define INGEST_PARSE_CSV_H

#include "base/arena.h"
#include "base/sv.h"

struct csv {
    struct sv rest; /* absent behind the last cell */
    char separator; /* ',' ';' or a tab */
};

static inline struct csv
csv_of(struct sv row, char separator)
{
    return (struct csv){row, separator};
}

/*
 * The next cell; false behind the last one. `ret_quoted` (or NULL) says whether it stood in quotes.
 * A copy only where quotes were doubled. A quote that is not closed takes the rest of the row.
 */
bool csv_next(struct arena *arena, struct csv *csv, struct sv *ret_cell, bool *ret_quoted);
/* Up to `max` cells into the list; returns how many there are in all. */
size_t csv_cells(struct arena *arena, struct sv row, char separator, struct sv *cells, size_t max);
/* True if the text ends inside quotes: then the row goes on behind the end of the line. */
bool csv_open(struct sv text);

#endif
