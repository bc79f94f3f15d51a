/*
 * Rows of a view as a table, CSV or JSON Lines, printed as they come. What records brought is made
 * harmless in each form (base/text/escape.h). Main thread.
 */
#ifndef APP_QUERY_ROWS_H
#define APP_QUERY_ROWS_H

#include "app/query.h"
#include "base/strbuf.h"
#include "hindcast/views.h"

/* A table: so many rows say how wide its columns are, and no cell but the last of a row
 * is wider than that many. */
#define QUERY_SAMPLE_ROWS 200
#define QUERY_CELL_COLUMNS 80

struct query_rows {
    enum query_format format;
    size_t columns; /* of the terminal; 0: none */
    const struct view_column *heads;
    size_t count;
    size_t *widths;
    size_t sampled;       /* rows whose cells are in `sample` */
    bool told;            /* the head is printed, and with it the sample */
    struct strbuf sample; /* cells, escaped, each with the length before it */
    struct strbuf line, out;
    struct err failure; /* of printing a row; told at the end */
    bool failed;
};

void query_rows_init(struct query_rows *rows, enum query_format format, size_t columns);
void query_rows_release(struct query_rows *rows);
/* Once. `heads` live as long as the rows are added. */
void query_rows_begin(struct query_rows *rows, const struct view_column *heads, size_t count);
/* False: something could not be printed; query_rows_end() tells. */
bool query_rows_add(struct query_rows *rows, const struct view_cell *cells);
int query_rows_end(struct query_rows *rows, struct err *err) MUST_CHECK;

#endif
