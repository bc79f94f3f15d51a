/*
 * Words that two texts share: see likeness.h.
 */
#include "report/likeness.h"

#include <string.h>

#include "base/text/word_char.h"

#define WORD_LEAST 4
#define NAME_LEAST 6 /* of letters and digits: a hash, a version, a host */
#define MATTER 2     /* shared words that make it one, a name counting as two */

static const char *const common[] = {
    "about",  "after", "again", "also",  "because", "been",  "began", "could", "does",   "from",
    "going",  "have",  "into",  "just",  "know",    "like",  "look",  "looks", "maybe",  "more",
    "most",   "need",  "needs", "only",  "other",   "over",  "same",  "seems", "should", "some",
    "still",  "sure",  "than",  "that",  "their",   "them",  "then",  "there", "these",  "they",
    "think",  "this",  "very",  "what",  "when",    "which", "will",  "with",  "would",  "suspect",
    "caused", "cause", "issue", "found", "it's",    "were",  "your",  "here",  "problem"};

static bool
is_joint(char c)
{
    return c == '.' || c == '-' || c == '_' || c == '\'';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "v2.41.0", "checkout-api", "11,240": what joins words, and figures. */
static bool
joins(struct sv text, size_t at)
{
    if (at == 0 || at + 1 == text.len)
        return false;
    return text.ptr[at] == ',' ? is_digit(text.ptr[at - 1]) && is_digit(text.ptr[at + 1])
                               : is_joint(text.ptr[at]) && text_is_word_char(text.ptr[at + 1]);
}

bool
next_word(struct sv *rest, struct sv *ret_word)
{
    size_t begin = 0, end;
    while (begin < rest->len && !text_is_word_char(rest->ptr[begin]))
        begin++;
    for (end = begin; end < rest->len; end++)
        if (!text_is_word_char(rest->ptr[end]) && !joins(*rest, end))
            break;
    *ret_word = sv_slice(*rest, begin, end);
    *rest = sv_slice(*rest, end, rest->len);
    return end > begin;
}

static bool
tells(struct sv word)
{
    if (word.len < WORD_LEAST)
        return false;
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
        if (sv_eq_nocase(word, sv_from(common[i])))
            return false;
    return true;
}

static bool
is_name(struct sv word)
{
    bool digit = false, letter = false;
    for (size_t i = 0; i < word.len; i++) {
        digit = digit || is_digit(word.ptr[i]);
        letter = letter || (word.ptr[i] | 0x20) >= 'a';
    }
    return word.len >= NAME_LEAST && digit && letter;
}

static bool
has_word(struct sv text, struct sv word)
{
    struct sv other;
    while (next_word(&text, &other))
        if (sv_eq_nocase(other, word))
            return true;
    return false;
}

bool
speak_of_one_matter(struct sv a, struct sv b)
{
    struct sv rest = a, word;
    size_t shared = 0;
    while (shared < MATTER && next_word(&rest, &word)) {
        struct sv before = sv_slice(a, 0, a.len - rest.len - word.len);
        if (tells(word) && has_word(b, word) && !has_word(before, word))
            shared += is_name(word) ? MATTER : 1;
    }
    return shared >= MATTER;
}
