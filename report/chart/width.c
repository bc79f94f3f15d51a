/*
 * Widths of texts: see width.h.
 */
#include "report/chart/width.h"

#include <string.h>

#include "base/text/escape.h"
#include "base/text/utf8.h"

#define ELLIPSIS 100

/* Of a character that takes this many bytes in UTF-8. */
static int64_t
character_width(const char *at, size_t bytes)
{
    if (bytes >= 3)
        return 120; /* East Asian scripts, pictures */
    if (bytes == 2)
        return 75;
    if (strchr("iljtfr.,:;'|!()[]I ", *at) != NULL)
        return 40;
    if (strchr("mW@%", *at) != NULL)
        return 120;
    if (strchr("wM", *at) != NULL)
        return 105;
    return *at >= 'A' && *at <= 'Z' ? 85 : 70;
}

static size_t
character_bytes(struct sv rest)
{
    size_t bytes = 1;
    while (bytes < rest.len && bytes < 4 && ((unsigned char)rest.ptr[bytes] & 0xC0) == 0x80)
        bytes++;
    return bytes;
}

int64_t
chart_width(struct sv text)
{
    int64_t width = 0;
    for (size_t at = 0; at < text.len;) {
        size_t bytes = character_bytes(sv_slice(text, at, text.len));
        width += character_width(text.ptr + at, bytes);
        at += bytes;
    }
    return width;
}

void
chart_text(struct strbuf *out, struct sv text, int64_t tenths)
{
    int64_t width = 0;
    size_t fits = 0, at = 0;
    while (at < text.len) {
        size_t bytes = character_bytes(sv_slice(text, at, text.len));
        width += character_width(text.ptr + at, bytes);
        if (width > tenths)
            break;
        at += bytes;
        if (width <= tenths - ELLIPSIS)
            fits = at;
    }
    escape_html(out, at >= text.len ? text : sv_slice(text, 0, fits));
    if (at < text.len)
        strbuf_add_text(out, "…");
}
