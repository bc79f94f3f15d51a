/*
 * Taking escapes away: see unescape.h.
 */
#include "report/redact/unescape.h"

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The value of `count` hexadecimal digits; -1: those are none. */
static int32_t
hex_at(struct sv text, size_t at, size_t count)
{
    int32_t value = 0;
    if (at + count > text.len)
        return -1;
    for (size_t i = 0; i < count; i++) {
        int digit = hex_digit(text.ptr[at + i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

struct sv
unescape_percent(struct arena *arena, struct sv text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t used = 0;
    for (size_t at = 0; at < text.len; used++) {
        int32_t value = text.ptr[at] == '%' ? hex_at(text, at + 1, 2) : -1;
        out[used] = value >= 0 ? (char)value : text.ptr[at];
        at += value >= 0 ? 3 : 1;
    }
    return sv_of(out, used);
}

static size_t
put_char(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[length] | c);
    return length;
}

/* \uD83D\uDE00 is one character. Returns how many bytes of the text that took; 0: none. */
static size_t
unicode_at(struct sv text, size_t at, char *out, size_t *ret_length)
{
    int32_t high = hex_at(text, at + 2, 4), low;
    if (high < 0 || (high >= 0xDC00 && high < 0xE000))
        return 0;
    if (high < 0xD800 || high >= 0xE000) {
        *ret_length = put_char((uint32_t)high, out);
        return 6;
    }
    low = sv_starts(sv_slice(text, at + 6, text.len), SV("\\u")) ? hex_at(text, at + 8, 4) : -1;
    if (low < 0xDC00 || low >= 0xE000)
        return 0;
    *ret_length =
        put_char(0x10000 + ((uint32_t)(high - 0xD800) << 10) + (uint32_t)(low - 0xDC00), out);
    return 12;
}

struct sv
unescape_unicode(struct arena *arena, struct sv text)
{
    if (!sv_contains(text, SV("\\u")))
        return text;
    char *out = arena_alloc(arena, text.len + 1);
    size_t used = 0, length;
    for (size_t at = 0, taken; at < text.len; at += taken, used += length) {
        bool escape = sv_starts(sv_slice(text, at, text.len), SV("\\u"));
        taken = escape ? unicode_at(text, at, out + used, &length) : 0;
        if (taken == 0) {
            out[used] = text.ptr[at];
            taken = length = 1;
        }
    }
    return sv_of(out, used);
}

struct sv
unescape_json(struct arena *arena, struct sv text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t used = 0;
    for (size_t at = 0; at < text.len;) {
        size_t length = 1, taken = 0;
        char next = text.ptr[at] == '\\' && at + 1 < text.len ? text.ptr[at + 1] : '\0';
        if (next == 'u') {
            taken = unicode_at(text, at, out + used, &length);
        } else if (next == '/' || next == '"' || next == '\\') {
            out[used] = next;
            taken = 2;
        } else if (next == 'n' || next == 't' || next == 'r' || next == 'b' || next == 'f') {
            out[used] = ' ';
            taken = 2;
        }
        if (taken == 0) {
            out[used] = text.ptr[at];
            taken = 1;
            length = 1;
        }
        used += length;
        at += taken;
    }
    return sv_of(out, used);
}
