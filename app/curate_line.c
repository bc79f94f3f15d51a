/*
 * A line of an edited timeline: see curate_line.h.
 */
#include "app/curate_line.h"

struct sv
curate_word(struct sv *text)
{
    struct sv rest = sv_trim(*text);
    size_t end = 0;
    while (end < rest.len && !sv_blank(rest.ptr[end]))
        end++;
    *text = sv_trim(sv_slice(rest, end, rest.len));
    return end == 0 ? SV_NONE : sv_slice(rest, 0, end);
}

static bool
is_date(struct sv word)
{
    return word.len == sizeof("2026-03-03") - 1 && word.ptr[4] == '-' && word.ptr[7] == '-';
}

/* A date and a time behind it are one. */
struct sv
curate_time(struct sv *text)
{
    struct sv first = curate_word(text), rest = *text;
    struct sv second = is_date(first) ? curate_word(&rest) : SV_NONE;
    if (second.len < 3 || sv_find_char(second, ':') >= second.len)
        return first;
    *text = rest;
    return sv_of(first.ptr, (size_t)(second.ptr + second.len - first.ptr));
}

struct curate_line
curate_line_of(struct sv text)
{
    struct curate_line line = {.verb = curate_word(&text)};
    line.time = curate_time(&text);
    line.id = curate_word(&text);
    if (sv_starts(text, SV("["))) {
        size_t end = sv_find_char(text, ']');
        line.marks = sv_trim(sv_slice(text, 1, end < text.len ? end : 1));
        text = sv_trim(sv_slice(text, end < text.len ? end + 1 : 0, text.len));
    }
    line.words = text;
    return line;
}
