/*
 * What words are made of: ASCII letters, digits, the underscore, and every byte that is not ASCII.
 */
#ifndef BASE_TEXT_WORD_CHAR_H
#define BASE_TEXT_WORD_CHAR_H

#include <stdbool.h>
#include <string.h>

#include "base/sv.h"

static inline bool
text_is_word_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c & 0x80) != 0;
}

/* How many bytes from `at` on are of this set. */
static inline size_t
text_run(struct sv text, size_t at, const char *set)
{
    size_t end = at;
    while (end < text.len && text.ptr[end] != '\0' && strchr(set, text.ptr[end]) != NULL)
        end++;
    return end - at;
}

/* A word that goes up to `at` goes no further. */
static inline bool
text_word_ends(struct sv text, size_t at)
{
    return at >= text.len || !text_is_word_char(text.ptr[at]);
}

/* No word reaches from before `at` into it. */
static inline bool
text_word_begins(struct sv text, size_t at)
{
    return at == 0 || !text_is_word_char(text.ptr[at - 1]);
}

#endif
