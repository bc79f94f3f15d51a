/*
 * Folding: see fold.h.
 */
#include "report/redact/fold.h"

#include "base/text/utf8.h"

static uint32_t
decode(struct sv text, size_t at, size_t *ret_length)
{
    const unsigned char *p = (const unsigned char *)text.ptr + at;
    size_t length = utf8_length(sv_slice(text, at, text.len));
    *ret_length = length == 0 ? 1 : length;
    switch (length) {
    case 2:
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    case 3:
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    case 4:
        return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
               (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    default:
        return p[0];
    }
}

static size_t
encode(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    out[0] = (char)(0xC0 | c >> 6); /* what is folded lies below U+0800 */
    out[1] = (char)(0x80 | (c & 0x3F));
    return 2;
}

/* Capital letters below U+0800 have their small ones there, of the same length in UTF-8. */
static uint32_t
fold_char(uint32_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7)
        return c + 32;
    if (c >= 0x100 && c <= 0x17F && c != 0x130 && c != 0x131 && c != 0x138 && c != 0x149 &&
        c != 0x178 && c != 0x17F) {
        bool odd_is_capital = (c >= 0x139 && c <= 0x148) || c >= 0x179;
        return (c & 1) == odd_is_capital ? c + 1 : c;
    }
    if (c >= 0x391 && c <= 0x3A9)
        return c + 32;
    if (c >= 0x410 && c <= 0x42F)
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    return c;
}

/* Marks that join letters count as letters, so that no name ends inside one. */
static bool
is_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return !(c < 0xC0 && c != 0xAA && c != 0xB5 && c != 0xBA) && c != 0xD7 && c != 0xF7 &&
           !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x3004) &&
           !(c >= 0x3008 && c <= 0x3020) && !(c >= 0xFE00 && c <= 0xFE6F) &&
           !(c >= 0xFF00 && c <= 0xFF0F) && c != 0xFEFF && c != 0xFFFD &&
           (c < 0x1F000 || c >= 0x20000);
}

static bool
is_dense(uint32_t c)
{
    return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) ||
           (c >= 0x1780 && c <= 0x17FF) || (c >= 0x3005 && c <= 0x9FFF) ||
           (c >= 0xAC00 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFAFF) || c >= 0x20000;
}

struct sv
fold_text(struct arena *arena, struct sv text)
{
    char *out = arena_alloc(arena, text.len + 1);
    for (size_t at = 0, length; at < text.len; at += length) {
        uint32_t c = decode(text, at, &length), folded = fold_char(c);
        if (folded != c)
            encode(folded, out + at);
        else
            memcpy(out + at, text.ptr + at, length);
    }
    return sv_of(out, text.len);
}

struct fold_word *
fold_words(struct arena *arena, struct sv text, size_t *ret_count)
{
    struct sv folded = fold_text(arena, text);
    struct fold_word *words = ARENA_ARRAY(arena, struct fold_word, text.len / 2 + 1);
    size_t count = 0;
    bool inside = false;
    for (size_t at = 0, length; at < text.len; at += length) {
        uint32_t c = decode(text, at, &length);
        bool part = is_word(c);
        if (part && !inside)
            words[count++] = (struct fold_word){.from = at, .capital = fold_char(c) != c};
        if (part) {
            struct fold_word *word = &words[count - 1];
            word->to = at + length;
            word->folded = sv_slice(folded, word->from, word->to);
            word->dense |= is_dense(c);
        }
        inside = part;
    }
    *ret_count = count;
    return words;
}

struct sv
fold_joined(struct arena *arena, const struct fold_word *words, size_t count)
{
    size_t length = count;
    for (size_t i = 0; i < count; i++)
        length += words[i].folded.len;
    char *out = arena_alloc(arena, length + 1), *at = out;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *at++ = ' ';
        at = sv_put(at, words[i].folded);
    }
    return sv_of(out, (size_t)(at - out));
}
