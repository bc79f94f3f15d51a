/*
 * Making text of records fit to print: control characters, widths, CSV and Markdown cells. Used by
 * the renderers and commands; any thread.
 */
#include <string.h>

#include "base/text/visible.h"
#include "report/render/render.h"

void
render_clean(struct strbuf *out, struct sv text)
{
    visible_add(out, text);
}

void
render_cut(struct strbuf *out, struct sv text, size_t columns)
{
    size_t used = 0, last = out->len;
    for (size_t at = 0; at < text.len; used++) {
        if (used == columns) {
            out->len = last;
            if (columns > 0)
                strbuf_add_text(out, "…");
            return;
        }
        last = out->len;
        at += visible_add_first(out, sv_slice(text, at, text.len));
    }
}

void
render_csv_cell(struct strbuf *out, struct sv text)
{
    bool formula = text.len > 0 && strchr("=+-@\t\r", text.ptr[0]) != NULL;
    bool quote = formula;
    for (size_t i = 0; i < text.len && !quote; i++)
        quote = strchr("\",\r\n;", text.ptr[i]) != NULL || text.ptr[i] == ' ';
    if (!quote) {
        render_clean(out, text);
        return;
    }
    strbuf_add_char(out, '"');
    if (formula)
        strbuf_add_char(out, '\'');
    for (size_t at = 0; at < text.len;) {
        if (text.ptr[at] == '"')
            strbuf_add_char(out, '"');
        at += visible_add_first(out, sv_slice(text, at, text.len));
    }
    strbuf_add_char(out, '"');
}

void
render_markdown_cell(struct strbuf *out, struct sv text)
{
    for (size_t at = 0; at < text.len;) {
        if (text.ptr[at] != '\0' && strchr("|\\`*_<>[]", text.ptr[at]) != NULL)
            strbuf_add_char(out, '\\');
        at += visible_add_first(out, sv_slice(text, at, text.len));
    }
}
