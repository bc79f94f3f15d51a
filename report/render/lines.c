/*
 * Lines for a terminal: see lines.h.
 */
#include "report/render/lines.h"

#include "base/text/escape.h"

void
line_writer_init(struct line_writer *writer, struct strbuf *out, size_t columns)
{
    *writer = (struct line_writer){.out = out, .columns = columns};
    strbuf_init(&writer->line, 0);
}

void
line_writer_release(struct line_writer *writer)
{
    strbuf_release(&writer->line);
}

void
line_writer_end(struct line_writer *writer, enum render_style style)
{
    strbuf_add_text(writer->out, render_style_on(style));
    if (writer->columns > 0)
        escape_terminal_cut(writer->out, strbuf_view(&writer->line), writer->columns);
    else
        escape_terminal(writer->out, strbuf_view(&writer->line));
    strbuf_addf(writer->out, "%s\n", render_style_off(style));
    strbuf_clear(&writer->line);
}
