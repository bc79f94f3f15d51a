/*
 * A table for terminals: cells are added row by row, columns get as wide as their widest cell.
 * Text that a record brought is made harmless (escape_terminal). One thread.
 */
#ifndef REPORT_RENDER_TABLE_H
#define REPORT_RENDER_TABLE_H

#include "base/strbuf.h"

#define TABLE_COLUMNS_MAX 16

struct table {
    const char *const *names; /* heads; one that begins with '>' is of a column of numbers */
    size_t columns;
    struct strbuf text; /* cells, one after the other */
    size_t *ends;       /* of each cell in `text` */
    size_t count, size;
};

void table_init(struct table *table, const char *const *names, size_t columns);
void table_release(struct table *table);
void table_cell(struct table *table, struct sv text);
void
table_cellf(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds the head and all rows to `out`; each line is cut to `columns` characters (0: never). */
void table_print(const struct table *table, size_t columns, struct strbuf *out);

#endif
