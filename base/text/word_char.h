/*
 * What words are made of: ASCII letters, digits, the underscore, and every byte that is not ASCII.
 */
#ifndef BASE_TEXT_WORD_CHAR_H
#define BASE_TEXT_WORD_CHAR_H

#include <stdbool.h>

static inline bool
text_is_word_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c & 0x80) != 0;
}

#endif
