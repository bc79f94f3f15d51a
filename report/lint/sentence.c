/*
 * Sentences: see plain.h.
 */
#include "report/lint/plain.h"

static bool
is_stop(char c)
{
    return c == '.' || c == '!' || c == '?';
}

/* Is the word that ends before `stop` one of the abbreviations, without its last stop? */
static bool
is_abbreviation(struct sv text, size_t stop, struct sv abbreviations)
{
    size_t from = stop;
    struct sv one;
    while (from > 0 && !sv_blank(text.ptr[from - 1]) && strchr("([", text.ptr[from - 1]) == NULL)
        from--;
    struct sv word = sv_slice(text, from, stop);
    bool initial = word.len == 1 && ((word.ptr[0] >= 'A' && word.ptr[0] <= 'Z'));
    if (initial)
        return true;
    while (sv_split(&abbreviations, '|', &one))
        if (sv_eq_nocase(sv_trim(one), word))
            return true;
    return false;
}

/* Behind stops, quotation marks and brackets: a blank, and nothing that goes on with a sentence. */
static bool
ends_here(const struct plain *plain, size_t stop, struct sv abbreviations, size_t *ret_end)
{
    struct sv text = sv_of(plain->text, plain->len);
    size_t end = stop + 1;
    while (end < text.len && (is_stop(text.ptr[end]) || strchr(")]'\"", text.ptr[end]) != NULL))
        end++;
    *ret_end = end;
    if (end >= text.len)
        return true;
    if (text.ptr[end] != ' ')
        return false;
    char next = end + 1 < text.len ? text.ptr[end + 1] : 'A';
    bool goes_on = (next >= 'a' && next <= 'z') || next == ',' || next == ';';
    return !goes_on && !(text.ptr[stop] == '.' && is_abbreviation(text, stop, abbreviations));
}

bool
plain_sentence(const struct plain *plain, size_t from, struct sv abbreviations,
               struct sv *ret_sentence, size_t *ret_next)
{
    size_t end = plain->len;
    while (from < plain->len && plain->text[from] == ' ')
        from++;
    if (from >= plain->len)
        return false;
    for (size_t i = from; i < plain->len; i++)
        if (is_stop(plain->text[i]) && ends_here(plain, i, abbreviations, &end))
            break;
        else
            end = plain->len;
    *ret_sentence = sv_trim(sv_of(plain->text + from, end - from));
    *ret_next = end;
    return true;
}
