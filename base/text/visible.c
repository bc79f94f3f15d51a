/*
 * Text from outside made harmless: see visible.h.
 */
#include "base/text/visible.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/text/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Of what is valid UTF-8. */
static uint32_t
code_point(const char *at, size_t length)
{
    const unsigned char *byte = (const unsigned char *)at;
    uint32_t point = length == 1 ? byte[0] : byte[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++)
        point = point << 6 | (byte[i] & 0x3fU);
    return point;
}

static enum visible_kind
kind_of(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } harmful[] = {
        {0x00, 0x1f},       {0x7f, 0x9f},       /* controls; C1 can start an escape sequence */
        {0xad, 0xad},       {0x34f, 0x34f},     /* soft hyphen, grapheme joiner */
        {0x61c, 0x61c},     {0x115f, 0x1160},   /* direction mark, fillers */
        {0x17b4, 0x17b5},   {0x180b, 0x180f},   /* vowels without a sign, variants */
        {0x200b, 0x200f},   {0x202a, 0x202e},   /* without a width, direction */
        {0x2060, 0x206f},   {0x3164, 0x3164},   /* joiners, isolates, filler */
        {0xfdd0, 0xfdef},                       /* noncharacters: marks of this program */
        {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   /* byte order mark, filler */
        {0xfff0, 0xfffb},   {0x1bca0, 0x1bca3}, /* annotations, format of shorthand */
        {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}, /* format of music, tags */
    };
    if ((point >= 0x09 && point <= 0x0d) || point == 0x2028 || point == 0x2029)
        return VISIBLE_BLANK;
    for (size_t i = 0; i < sizeof(harmful) / sizeof(harmful[0]); i++)
        if (point >= harmful[i].first && point <= harmful[i].last)
            return VISIBLE_HARMFUL;
    return VISIBLE_PLAIN;
}

size_t
visible_first(struct sv text, enum visible_kind *ret_kind)
{
    if ((unsigned char)text.ptr[0] >= 0x20 && (unsigned char)text.ptr[0] < 0x7f) {
        *ret_kind = VISIBLE_PLAIN;
        return 1;
    }
    size_t length = utf8_length(text);
    *ret_kind = length == 0 ? VISIBLE_HARMFUL : kind_of(code_point(text.ptr, length));
    return length == 0 ? 1 : length;
}

size_t
visible_add_first(struct strbuf *out, struct sv text)
{
    enum visible_kind kind;
    size_t length = visible_first(text, &kind);
    if (kind == VISIBLE_PLAIN)
        strbuf_add(out, text.ptr, length);
    else
        strbuf_add_text(out, kind == VISIBLE_BLANK ? " " : REPLACEMENT);
    return length;
}

void
visible_add(struct strbuf *out, struct sv text)
{
    for (size_t at = 0; at < text.len;)
        at += visible_add_first(out, sv_slice(text, at, text.len));
}

void
visible_line(FILE *to, const char *format, ...)
{
    struct strbuf line;
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0)
        abort();
    strbuf_init(&line, 0);
    visible_add(&line, sv_of(text, (size_t)length));
    strbuf_add_char(&line, '\n');
    /* At once: two threads may speak. */
    fwrite(line.ptr, 1, line.len, to);
    strbuf_release(&line);
    free(text);
}
