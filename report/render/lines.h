/*
 * Lines for a terminal: each is put together as it came and is made harmless and cut when it is
 * whole (escape_terminal). One thread.
 */
#ifndef REPORT_RENDER_LINES_H
#define REPORT_RENDER_LINES_H

#include "base/strbuf.h"
#include "report/render/style.h"

struct line_writer {
    struct strbuf *out;
    struct strbuf line; /* as it came */
    size_t columns;     /* a line is cut to so many characters; 0: never */
};

void line_writer_init(struct line_writer *writer, struct strbuf *out, size_t columns);
void line_writer_release(struct line_writer *writer);
/* Adds the line to `out` and begins the next. */
void line_writer_end(struct line_writer *writer, enum render_style style);

#endif
