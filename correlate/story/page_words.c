/*
 * Tokens of a line: see page_words.h. Called by find_pages().
 */
#include "correlate/story/page_words.h"

#include <string.h>

#include "correlate/story/rows.h"

/* Of letters in ASCII, and of the usual accented ones in UTF-8 (U+00C0 to U+00DE). */
static bool
is_capital(struct sv text)
{
    if (text.len == 0)
        return false;
    unsigned char first = (unsigned char)text.ptr[0];
    if (first == 0xC3 && text.len > 1)
        return (unsigned char)text.ptr[1] >= 0x80 && (unsigned char)text.ptr[1] <= 0x9E;
    return first >= 'A' && first <= 'Z';
}

static bool
has_small(struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z')
            return true;
    return false;
}

/* Bytes of a mark that stands around words, at the beginning of this text; 0: none. Typographic
 * quotation marks and dashes are U+2010 to U+201F. */
static size_t
mark_at(struct sv text)
{
    if (text.len > 0 && strchr("*_\"'()[]<>`.,;:?{}", text.ptr[0]) != NULL)
        return 1;
    return text.len > 2 && memcmp(text.ptr, "\xE2\x80", 2) == 0 ? 3 : 0;
}

static size_t
mark_before(struct sv text)
{
    if (text.len > 0 && strchr("*_\"'()[]<>`.,;:!?{}", text.ptr[text.len - 1]) != NULL)
        return 1;
    return text.len > 2 && memcmp(text.ptr + text.len - 3, "\xE2\x80", 2) == 0 ? 3 : 0;
}

static struct sv
small(struct arena *arena, struct sv name)
{
    struct sv lower = text_lower(arena, name);
    char *copy = arena_alloc(arena, lower.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < lower.len; i++)
        if (lower.ptr[i] != '\'')
            copy[len++] = lower.ptr[i];
    return sv_of(copy, len);
}

/* "@Anna\u00a0Kovar" is one word in a text; her name has a blank. */
static struct sv
with_blanks(struct arena *arena, struct sv name)
{
    char *copy = arena_alloc(arena, name.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        bool fixed = i + 1 < name.len && memcmp(name.ptr + i, "\xC2\xA0", 2) == 0;
        copy[len++] = fixed ? ' ' : name.ptr[i];
        i += fixed;
    }
    return sv_of(copy, len);
}

static struct page_token
token_of(struct arena *arena, struct sv word)
{
    struct page_token token = {.comma = false};
    size_t mark;
    while ((mark = mark_before(word)) > 0) {
        char last = word.ptr[word.len - 1];
        token.comma = token.comma || last == ',';
        token.ends = token.ends || (mark == 1 && strchr(".;:!?)", last) != NULL);
        word.len -= mark;
    }
    while ((mark = mark_at(word)) > 0)
        word = sv_slice(word, mark, word.len);
    token.mention = word.len > 1 && word.ptr[0] == '@';
    token.name = with_blanks(arena, token.mention ? sv_slice(word, 1, word.len) : word);
    token.lower = small(arena, token.name);
    token.capital = is_capital(token.name) && has_small(token.name);
    return token;
}

size_t
page_tokens(struct arena *arena, struct sv line, struct page_token ret_tokens[PAGE_TOKENS_MAX])
{
    size_t count = 0;
    for (size_t at = 0, end; at < line.len && count < PAGE_TOKENS_MAX; at = end) {
        while (at < line.len && sv_blank(line.ptr[at]))
            at++;
        for (end = at; end < line.len && !sv_blank(line.ptr[end]);)
            end++;
        struct page_token token = token_of(arena, sv_slice(line, at, end));
        if (token.name.len > 0)
            ret_tokens[count++] = token;
        else if (count > 0 && end > at && line.ptr[at] != ',')
            ret_tokens[count - 1].ends = true; /* a dash between blanks */
    }
    return count;
}
