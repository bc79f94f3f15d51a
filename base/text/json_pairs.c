/*
 * JSON objects of pairs: see json_pairs.h. Pure functions.
 */
#include "base/text/json_pairs.h"

#include <stdint.h>

#include "base/text/escape.h"
#include "base/text/utf8.h"

/* True if one of the eight bytes is not ASCII, or is a control, a quote or a backslash. */
static inline bool
eight_odd(uint64_t bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t quote = bytes ^ ones * '"', backslash = bytes ^ ones * '\\';
    uint64_t low = (bytes - ones * 0x20) | (quote - ones) | (backslash - ones);
    return ((low | bytes) & high) != 0;
}

/* Up to eight bytes, blanks for what is missing. Loads as wide as what was stored are quick. */
static inline uint64_t
load_short(const char *at, size_t len)
{
    uint32_t head, tail;
    uint64_t bytes;
    if (len >= 8) {
        memcpy(&bytes, at, 8);
        return bytes;
    }
    if (len >= 4) {
        memcpy(&head, at, 4);
        memcpy(&tail, at + len - 4, 4);
        return (uint64_t)tail << 32 | head;
    }
    bytes = UINT64_C(0x2020202020202020);
    for (size_t i = 0; i < len; i++)
        bytes = bytes << 8 | (unsigned char)at[i];
    return bytes;
}

/* Copies what stands for itself, eight bytes at a time; returns how much that was. */
static inline size_t
put_plain(char *out, struct sv text)
{
    size_t at = 0;
    for (; text.len - at >= 8 && !eight_odd(load_short(text.ptr + at, 8)); at += 8)
        memcpy(out + at, text.ptr + at, 8);
    if (text.len - at < 8 && !eight_odd(load_short(text.ptr + at, text.len - at))) {
        (void)sv_put(out + at, sv_slice(text, at, text.len));
        at = text.len;
    }
    return at;
}

/* Quoted; NULL when it is not storable. */
static char *
put_string(char *out, struct sv text)
{
    bool ascii = true;
    *out++ = '"';
    for (size_t at = 0; at < text.len;) {
        size_t plain = put_plain(out, sv_slice(text, at, text.len));
        out += plain;
        at += plain;
        /* What stopped that lies within the next eight bytes. */
        for (size_t end = at + 8; at < text.len && at < end; at++) {
            unsigned char c = (unsigned char)text.ptr[at];
            ascii &= c < 0x80 && c != 0;
            if (c >= 0x20 && c != '"' && c != '\\')
                *out++ = (char)c;
            else
                out = escape_json_ascii(out, c);
        }
    }
    *out++ = '"';
    return ascii || utf8_storable(text) ? out : NULL;
}

struct sv
json_pairs(struct arena *arena, const struct json_pair *pairs, size_t count)
{
    size_t room = 2;
    for (size_t i = 0; i < count; i++)
        room += (pairs[i].key.len + pairs[i].value.len) * ESCAPE_JSON_MAX + 6;
    char *text = arena_alloc(arena, room), *out = text;
    for (size_t i = 0; i < count; i++) {
        if (sv_empty(pairs[i].value))
            continue;
        *out = out == text ? '{' : ',';
        char *end = put_string(out + 1, pairs[i].key);
        if (end != NULL) {
            *end = ':';
            end = put_string(end + 1, pairs[i].value);
        }
        out = end == NULL ? out : end;
    }
    if (out == text)
        return SV_NONE;
    *out++ = '}';
    return sv_of(text, (size_t)(out - text));
}
