/*
 * Masking of variables: see mask.h. Hand-written: a handful of fixed shapes does not need a regular
 * expression engine. Pure functions.
 */
#include "base/text/mask.h"

#include <string.h>

#include "base/text/utf8.h"
#include "base/text/word_char.h"

#define VARIABLE "<*>"

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct sv
mask_numbers(struct arena *arena, struct sv text, size_t max)
{
    char *copy = arena_alloc(arena, text.len + 1);
    size_t used = 0;
    for (size_t i = 0; i < text.len && used < max; i++) {
        if (!is_digit(text.ptr[i]))
            copy[used++] = text.ptr[i];
        else if (i == 0 || !is_digit(text.ptr[i - 1]))
            copy[used++] = '0';
    }
    return sv_of(copy, used);
}

/* An apostrophe does not. */
static bool
may_open(struct sv text, size_t at)
{
    return text.ptr[at] == '"' || at == 0 || !text_is_word_char(text.ptr[at - 1]);
}

/* End of a quoted part that begins at `at`, or `at` when nothing ends it. */
static size_t
quoted_end(struct sv text, size_t at)
{
    char quote = text.ptr[at];
    for (size_t i = at + 1; i < text.len; i++)
        if (text.ptr[i] == quote &&
            (quote == '"' || i + 1 == text.len || !text_is_word_char(text.ptr[i + 1])))
            return i + 1;
    return at;
}

static bool
joins_word(char c)
{
    return text_is_word_char(c) || c == '.' || c == ':' || c == '-' || c == '/' || c == '@';
}

struct sv
mask_variables(struct arena *arena, struct sv text, size_t max)
{
    text = utf8_cut(text, max);
    char *copy = arena_alloc(arena, (sizeof(VARIABLE) - 1) * text.len + 1);
    size_t used = 0;
    bool open[2] = {false,
                    false}; /* a quotation that nothing ends: no later one of its kind does */
    for (size_t i = 0; i < text.len;) {
        size_t end = i;
        bool variable = false;
        if (text.ptr[i] == '"' || text.ptr[i] == '\'') {
            bool *unended = &open[text.ptr[i] == '"'];
            if (!*unended && may_open(text, i)) {
                end = quoted_end(text, i);
                variable = end > i;
                *unended = end == i;
            }
        } else if (joins_word(text.ptr[i])) {
            for (; end < text.len && joins_word(text.ptr[end]); end++)
                variable = variable || is_digit(text.ptr[end]);
        }
        if (variable) {
            memcpy(copy + used, VARIABLE, sizeof(VARIABLE) - 1);
            used += sizeof(VARIABLE) - 1;
        } else {
            size_t len = end > i ? end - i : 1;
            memcpy(copy + used, text.ptr + i, len);
            used += len;
            end = i + len;
        }
        i = end;
    }
    return sv_of(copy, used);
}
