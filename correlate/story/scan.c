/*
 * Small scanners over texts that the scoring rules need: hand-written, because a handful of fixed
 * shapes does not need a regular expression engine. Pure.
 */
#include "correlate/story/rows.h"

#include <stdlib.h>

#include "base/text/utf8.h"
#include "base/text/word_char.h"

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static char
lower_char(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_blank(char c)
{
    return (unsigned char)c <= ' ';
}

struct sv
text_one_line(struct arena *arena, struct sv text, size_t max)
{
    text = utf8_cut(text, max * 2);
    char *copy = arena_alloc(arena, text.len + 1);
    size_t used = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_blank(text.ptr[i]))
            copy[used++] = text.ptr[i];
        else if (used > 0 && copy[used - 1] != ' ')
            copy[used++] = ' ';
    }
    while (used > 0 && copy[used - 1] == ' ')
        used--;
    return utf8_cut(sv_of(copy, used), max);
}

struct sv
text_lower(struct arena *arena, struct sv text)
{
    char *copy = arena_alloc(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = lower_char(text.ptr[i]);
    return sv_of(copy, text.len);
}

static int
sv_order(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

struct words
text_content(struct arena *arena, const struct phrase_rules *rules, struct words words)
{
    struct sv *at = ARENA_ARRAY(arena, struct sv, words.count + 1);
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < words.count; i++)
        if (utf8_count(words.at[i]) > 2 && !words_have(rules->stop, words.at[i]))
            at[count++] = words.at[i];
    if (count > 1)
        qsort(at, count, sizeof(*at), sv_order);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !sv_eq(at[kept - 1], at[i]))
            at[kept++] = at[i];
    return (struct words){at, kept};
}

size_t
words_common(struct words a, struct words b)
{
    size_t common = 0;
    for (size_t i = 0, j = 0; i < a.count && j < b.count;) {
        int order = sv_cmp(a.at[i], b.at[j]);
        common += order == 0;
        i += order <= 0;
        j += order >= 0;
    }
    return common;
}

bool
text_has_word_start(struct sv lower, struct sv needle)
{
    for (size_t from = 0;;) {
        size_t at = sv_find(sv_slice(lower, from, lower.len), needle);
        if (at == SIZE_MAX)
            return false;
        at += from;
        if (at == 0 || !text_is_word_char(lower.ptr[at - 1]))
            return true;
        from = at + 1;
    }
}

static size_t
digits_at(struct sv text, size_t at)
{
    size_t count = 0;
    while (at + count < text.len && is_digit(text.ptr[at + count]))
        count++;
    return count;
}

/* A link to a change, "#123", "pr 12". */
bool
text_names_change(struct sv lower)
{
    if (sv_contains(lower, SV("/commit/")) || sv_contains(lower, SV("/pull/")) ||
        sv_contains(lower, SV("/compare/")) || sv_contains(lower, SV("/merge_requests/")))
        return true;
    for (size_t i = 0; i < lower.len; i++) {
        if (lower.ptr[i] == '#' && digits_at(lower, i + 1) >= 3)
            return true;
        if (sv_starts(sv_slice(lower, i, lower.len), SV("pr ")) &&
            (i == 0 || !text_is_word_char(lower.ptr[i - 1])) && digits_at(lower, i + 3) >= 2)
            return true;
    }
    return false;
}

/* "v1.2" or "1.2" at this place. */
static bool
version_at(struct sv text, size_t at)
{
    at += at < text.len && text.ptr[at] == 'v';
    size_t digits = digits_at(text, at);
    return digits > 0 && at + digits + 1 < text.len && text.ptr[at + digits] == '.' &&
           is_digit(text.ptr[at + digits + 1]);
}

/* "from v7 to", "from 1.2 to": a count that changes ("from 45 to 48") is not a version. */
static bool
from_version_at(struct sv text, size_t at)
{
    bool named = at < text.len && text.ptr[at] == 'v';
    at += at < text.len && text.ptr[at] == 'v';
    if (digits_at(text, at) == 0)
        return false;
    size_t begin = at + 1;
    for (at = begin; at < text.len && !is_blank(text.ptr[at]);)
        at++;
    if (at == begin || !sv_starts(sv_slice(text, at, text.len), SV(" to ")) ||
        (!named && !sv_contains(sv_slice(text, begin, at), SV("."))))
        return false;
    at += 4;
    at += at < text.len && text.ptr[at] == 'v';
    return digits_at(text, at) > 0;
}

bool
text_deploys_version(struct sv lower)
{
    if (text_has_word_start(lower, SV("deploy")))
        return true;
    for (size_t i = 0; i < lower.len; i++) {
        if (i > 0 && text_is_word_char(lower.ptr[i - 1]))
            continue;
        struct sv rest = sv_slice(lower, i, lower.len);
        if ((sv_starts(rest, SV("to ")) && version_at(lower, i + 3)) ||
            (sv_starts(rest, SV("from ")) && from_version_at(lower, i + 5)))
            return true;
    }
    return false;
}

/* A tool's line that begins with the state of a check. */
bool
text_says_alert(struct sv text)
{
    static const char *const states[] = {"PROBLEM",  "RECOVERY",        "FIRING",
                                         "RESOLVED", "ACKNOWLEDGEMENT", "CRITICAL"};
    size_t at = 0;
    while (at < text.len && !text_is_word_char(text.ptr[at]))
        at++;
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        struct sv state = sv_from(states[i]);
        if (sv_starts(sv_slice(text, at, text.len), state) &&
            (at + state.len == text.len || !text_is_word_char(text.ptr[at + state.len])))
            return true;
    }
    return false;
}

bool
text_came_or_went(struct sv text)
{
    return sv_starts(text, SV("joined #")) || sv_starts(text, SV("left #")) ||
           sv_starts(text, SV("has joined")) || sv_starts(text, SV("has left")) ||
           sv_starts(text, SV("has quit"));
}

bool
text_asks(struct sv text)
{
    while (text.len > 0 && strchr("() ", text.ptr[text.len - 1]) != NULL)
        text.len--;
    return text.len > 0 && text.ptr[text.len - 1] == '?';
}

struct sv
text_reverted_subject(struct sv text)
{
    if (!sv_starts_nocase(text, SV("revert")))
        return SV_NONE;
    size_t at = text.len > 6 && text.ptr[6] == ':' ? 7 : 6;
    if (!sv_starts(sv_slice(text, at, text.len), SV(" \"")))
        return SV_NONE;
    size_t end = text.len;
    while (end > at + 2 && text.ptr[end - 1] != '"')
        end--;
    return end > at + 2 ? sv_slice(text, at + 2, end - 1) : SV_NONE;
}

struct sv
text_innermost_subject(struct sv subject)
{
    for (struct sv inner = subject; inner.ptr != NULL; inner = text_reverted_subject(inner))
        subject = inner;
    return subject;
}

struct sv
text_reapplied_subject(struct sv text)
{
    static const char *const again[] = {"reapply \"", "re-apply \"", "reinstate \"",
                                        "reland \"",  "restore \"",  "redo \""};
    for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++)
        if (sv_starts_nocase(text, sv_from(again[i]))) {
            text = sv_slice(text, strlen(again[i]), text.len);
            break;
        }
    while (text.len > 0 && text.ptr[text.len - 1] == '"')
        text.len--;
    return text;
}

/* Only the letters a to z; other bytes separate parts. */
static struct sv
letters_only(struct arena *arena, struct sv lower)
{
    char *copy = arena_alloc(arena, lower.len + 1);
    size_t used = 0;
    for (size_t i = 0; i < lower.len; i++)
        if (is_lower(lower.ptr[i]))
            copy[used++] = lower.ptr[i];
    return sv_of(copy, used);
}

static bool
part_within(struct sv lower, struct sv letters)
{
    for (size_t i = 0; i < lower.len;) {
        size_t end = i;
        while (end < lower.len && is_lower(lower.ptr[end]))
            end++;
        if (end - i >= 4 && sv_contains(letters, sv_slice(lower, i, end)))
            return true;
        i = end + 1;
    }
    return false;
}

/* Names and nicknames: a part of four letters or more stands in the other without blanks. */
bool
text_same_person(struct arena *arena, struct sv a, struct sv b)
{
    struct sv low_a = text_lower(arena, a), low_b = text_lower(arena, b);
    return part_within(low_a, letters_only(arena, low_b)) ||
           part_within(low_b, letters_only(arena, low_a));
}

/* The mark of an item, "- ", "* ", a round bullet, "[ ] ", "2) ", "2. ": its length. */
size_t
text_item_mark(struct sv text)
{
    static const char *const marks[] = {"- ", "* ", "\xE2\x80\xA2 ", "\xE2\x80\x93 ", "[ ] "};
    size_t digits = 0;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (sv_starts(text, sv_from(marks[i])))
            return sv_from(marks[i]).len;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    return digits > 0 && digits < 3 && digits + 1 < text.len &&
                   (text.ptr[digits] == ')' || text.ptr[digits] == '.') &&
                   text.ptr[digits + 1] == ' '
               ? digits + 2
               : 0;
}

/* "AI: ", "AI(bo)", "[AI]", "Action: ": small letters are words. */
static bool
is_marked(struct sv text)
{
    static const char *const marks[] = {"AI:",      "AI(",      "AI -",    "AI \xE2\x80\x93",
                                        "[AI]",     "A/I:",     "Action:", "ACTION:",
                                        "Aufgabe:", "AUFGABE:", "To-do:",  "Todo:"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (sv_starts(text, sv_from(marks[i])))
            return true;
    return false;
}

bool
text_marks_action(struct sv text)
{
    return is_marked(sv_slice(text, text_item_mark(text), text.len));
}

/* Where the sentence ends that begins the text. */
static size_t
sentence_end(struct sv text)
{
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        bool last = at + 1 == text.len || is_blank(text.ptr[at + 1]);
        bool digit = at > 0 && is_digit(text.ptr[at - 1]);
        if (c == '\n' || ((c == '!' || c == ';' || (c == '.' && !digit)) && last))
            return at + 1;
    }
    return text.len;
}

bool
text_next_sentence(struct sv *text, struct sv *ret_sentence)
{
    if (text->len == 0)
        return false;
    size_t end = sentence_end(*text);
    *ret_sentence = sv_slice(*text, 0, end);
    *text = sv_slice(*text, end, text->len);
    return true;
}

#define TITLE_WORDS 4
#define TITLE_MOST 120

static size_t
count_words(struct sv line)
{
    size_t words = 0;
    struct sv word;
    while (sv_split(&line, ' ', &word))
        words += word.len > 0;
    return words;
}

struct sv
text_title(struct arena *arena, struct sv text)
{
    struct sv line, rest = text, chosen = text;
    while (sv_split(&rest, '\n', &line))
        if (count_words(line) >= TITLE_WORDS) {
            chosen = line;
            break;
        }
    struct sv title = text_one_line(arena, chosen, ENTRY_TEXT_MAX);
    if (title.len <= TITLE_MOST)
        return title;
    title = utf8_cut(title, TITLE_MOST);
    for (size_t at = title.len; at > TITLE_MOST / 2; at--)
        if (title.ptr[at - 1] == ' ')
            return arena_printf(arena, SV_FMT "\xE2\x80\xA6", SV_ARG(sv_slice(title, 0, at - 1)));
    return arena_printf(arena, SV_FMT "\xE2\x80\xA6", SV_ARG(title));
}
