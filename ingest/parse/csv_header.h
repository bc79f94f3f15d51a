/*
 * The header line of a CSV file: which separator it has, and whether it is one at all. Used by the
 * loader, which carries it with every row, and by the decoder of rows.
 */
#ifndef INGEST_PARSE_CSV_HEADER_H
#define INGEST_PARSE_CSV_HEADER_H

#include "base/arena.h"
#include "base/sv.h"

#define CSV_COLUMNS_MAX 256
#define CSV_HEADER_BYTES_MAX ((size_t)8 * 1024)

/* ',' ';' or a tab: what stands in the line most often. */
char csv_separator(struct sv line);
/*
 * True if the line may name columns. Each cell is a name: it begins with a letter, '_' or '@', is
 * short, and occurs once. `next` is the line behind it (absent: none), which must have as many
 * cells or quotes that go on.
 */
bool csv_is_header(struct arena *arena, struct sv line, struct sv next);
/* True if it is the row of a CSV log without a header line: a time, then many cells. */
bool csv_is_row(struct arena *arena, struct sv line);

#endif
