/*
 * Single bytes of a text that is read from left to right: beyond its end there is '\0'. ASCII only.
 */
#ifndef INGEST_PARSE_CHARS_H
#define INGEST_PARSE_CHARS_H

#include "base/sv.h"

static inline char
char_at(struct sv text, size_t at)
{
    return at < text.len ? text.ptr[at] : '\0';
}

static inline bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool
is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static inline bool
is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static inline bool
is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool
is_wide(char c) /* of a character that is not ASCII */
{
    return (unsigned char)c > 0x7f;
}

static inline bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Of a short set; '\0' is never one. */
static inline bool
is_one_of(char c, const char *set)
{
    while (*set != '\0' && *set != c)
        set++;
    return *set != '\0';
}

/* How many, up to 32. */
static inline size_t
digits_at(struct sv text, size_t at)
{
    size_t count = 0;
    while (count < 32 && is_digit(char_at(text, at + count)))
        count++;
    return count;
}

static inline size_t
blanks_at(struct sv text, size_t at)
{
    size_t count = 0;
    while (is_blank(char_at(text, at + count)))
        count++;
    return count;
}

#endif
