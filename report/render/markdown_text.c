/*
 * Text of records inside Markdown. Whoever wrote a log line or a chat message controls these bytes:
 * they are shown, and do nothing: no HTML, no links, no table cells, no control characters. Called
 * by the Markdown writer.
 */
#include "report/render/markdown_text.h"

#include <string.h>

#include "base/text/visible.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* GitHub and others make links of "scheme://": only http and https may become one. */
static bool
colon_is_safe(struct sv text, size_t at)
{
    struct sv before = sv_slice(text, 0, at);
    bool slashes = at + 2 < text.len && text.ptr[at + 1] == '/' && text.ptr[at + 2] == '/';
    return !slashes || sv_ends(before, SV("http")) || sv_ends(before, SV("https"));
}

static void
add_ascii(struct strbuf *out, struct sv text, size_t at)
{
    char c = text.ptr[at];
    if (c == '<')
        strbuf_add_text(out, "&lt;");
    else if (c == '>')
        strbuf_add_text(out, "&gt;");
    else if (c == '&')
        strbuf_add_text(out, "&amp;");
    else if (c == '\n' || c == '\r' || c == '\t' || c == '\v' || c == '\f')
        strbuf_add_char(out, ' ');
    else if ((unsigned char)c < 0x20 || c == 0x7f)
        strbuf_add_text(out, REPLACEMENT);
    else {
        if (strchr("\\`*_{}[]|~$#!", c) != NULL || (c == ':' && !colon_is_safe(text, at)))
            strbuf_add_char(out, '\\');
        strbuf_add_char(out, c);
    }
}

void
markdown_text(struct strbuf *out, struct sv text)
{
    text = sv_trim(text);
    for (size_t i = 0; i < text.len;) {
        if ((unsigned char)text.ptr[i] < 0x80) {
            add_ascii(out, text, i);
            i++;
            continue;
        }
        i += visible_add_first(out, sv_slice(text, i, text.len));
    }
}
