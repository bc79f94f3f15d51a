/*
 * Making text of records fit to print: control characters, widths, CSV and Markdown cells. Used by
 * the renderers and commands; any thread.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text/utf8.h"
#include "report/render/render.h"

#define REPLACEMENT "\xef\xbf\xbd"

static uint32_t
code_point(const char *at, size_t length)
{
    static const uint8_t first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t value = (uint8_t)at[0] & first[length];
    for (size_t i = 1; i < length; i++)
        value = value << 6 | ((uint8_t)at[i] & 0x3f);
    return value;
}

/* C1 controls can start an escape sequence; direction marks can make a line lie about its order. */
static bool
harmful(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029;
}

/* Adds the character at `at` in its harmless form; returns how many bytes it took. */
static size_t
add_clean(struct strbuf *out, struct sv text, size_t at)
{
    size_t length = utf8_length(sv_slice(text, at, text.len));
    if (length == 0) {
        strbuf_add_text(out, REPLACEMENT);
        return 1;
    }
    uint32_t c = code_point(text.ptr + at, length);
    if (c == '\n' || c == '\r' || c == '\t')
        strbuf_add_char(out, ' ');
    else if (harmful(c))
        strbuf_add_text(out, REPLACEMENT);
    else
        strbuf_add(out, text.ptr + at, length);
    return length;
}

void
render_clean(struct strbuf *out, struct sv text)
{
    for (size_t at = 0; at < text.len;)
        at += add_clean(out, text, at);
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
        at += add_clean(out, text, at);
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
        at += add_clean(out, text, at);
    }
    strbuf_add_char(out, '"');
}

void
render_markdown_cell(struct strbuf *out, struct sv text)
{
    for (size_t at = 0; at < text.len;) {
        if (text.ptr[at] != '\0' && strchr("|\\`*_<>[]", text.ptr[at]) != NULL)
            strbuf_add_char(out, '\\');
        at += add_clean(out, text, at);
    }
}

size_t
render_terminal_columns(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO))
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 40)
        return 80;
    return size.ws_col;
}
