/*
 * Text of records inside Markdown. Whoever wrote a log line or a chat message controls these bytes:
 * they are shown, and do nothing: no HTML, no links, no table cells, no control characters. Called
 * by the Markdown writer.
 */
#include "report/render/markdown_text.h"

#include <string.h>

#include "base/text/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Code points that move, hide or reverse what stands around them. */
static bool
deceives(uint32_t point)
{
    return (point >= 0x80 && point <= 0x9f) || point == 0xad || point == 0x61c ||
           (point >= 0x200b && point <= 0x200f) || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
           (point >= 0xe0000 && point <= 0xe0fff);
}

static uint32_t
code_point(const char *at, size_t length)
{
    const unsigned char *byte = (const unsigned char *)at;
    uint32_t point = length == 1 ? byte[0] : byte[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++)
        point = point << 6 | (byte[i] & 0x3fU);
    return point;
}

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
        size_t length = utf8_length(sv_of(text.ptr + i, text.len - i));
        if (length <= 1 && (unsigned char)text.ptr[i] < 0x80) {
            add_ascii(out, text, i);
            i++;
            continue;
        }
        uint32_t point = length == 0 ? 0 : code_point(text.ptr + i, length);
        if (point == 0x2028 || point == 0x2029)
            strbuf_add_char(out, ' ');
        else if (length == 0 || deceives(point))
            strbuf_add_text(out, REPLACEMENT);
        else
            strbuf_add(out, text.ptr + i, length);
        i += length == 0 ? 1 : length;
    }
}
