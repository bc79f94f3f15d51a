/*
 * Stamps of messages: see stamp.h.
 */
#include "ingest/talk/stamp.h"

#define STAMP_BYTES_MAX 64

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What may stand between day and time of day; the place behind it. */
static size_t
skip_link(struct sv text, size_t at)
{
    static const char *const links[] = {"at ",   "um ",          "\xC3\xA0 ", "a las ",
                                        "alle ", "om ",          "kl ",       "kl. ",
                                        "|",     "\xE2\x80\xA2", "\xC3\xA0s "};
    at = talk_skip_blanks(text, at);
    if (at < text.len && text.ptr[at] == ',')
        at = talk_skip_blanks(text, at + 1);
    if (at >= text.len || text.ptr[at] == '\0' ||
        strchr("aAuUoOkK|\xC3\xE2", text.ptr[at]) == NULL) /* what links begin with */
        return at;
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
        if (sv_starts_nocase(sv_slice(text, at, text.len), sv_from(links[i])))
            return talk_skip_blanks(text, at + strlen(links[i]));
    return at;
}

/* Day and time of day from `at` on, in either order in brackets; where they end, 0: there are none.
 */
static size_t
day_and_clock(struct sv text, size_t at, struct talk_stamp *stamp)
{
    size_t length;
    struct talk_date date;
    bool dated = talk_date_read(sv_slice(text, at, text.len), &date, &length);
    size_t clock_at = dated ? skip_link(text, at + length) : at;
    if (dated && clock_at == at + length)
        return 0;
    if (!talk_clock_read(sv_slice(text, clock_at, text.len), &stamp->clock, &length))
        return 0;
    size_t end = clock_at + length;
    if (dated)
        stamp->date = date;
    size_t date_at = skip_link(text, end);
    if (!dated && stamp->bracket && date_at > end &&
        talk_date_read(sv_slice(text, date_at, text.len), &date, &length)) {
        stamp->date = date;
        end = date_at + length;
    }
    return end;
}

/* Digits around a colon: without a time of day there is no stamp. */
static bool
has_clock(struct sv text)
{
    for (size_t at = 1; at + 1 < text.len; at++) {
        size_t colon = sv_find_char(sv_slice(text, at, text.len - 1), ':');
        if (colon == SIZE_MAX)
            return false;
        at += colon;
        if (is_digit(text.ptr[at - 1]) && is_digit(text.ptr[at + 1]))
            return true;
    }
    return false;
}

bool
talk_stamp_read(struct sv text, struct talk_stamp *ret_stamp, size_t *ret_length)
{
    struct talk_stamp stamp = {.date = {.weekday = -1}};
    text = sv_slice(text, 0, STAMP_BYTES_MAX);
    if (sv_empty(text) || !has_clock(text))
        return false;
    char close = text.ptr[0] == '[' ? ']' : text.ptr[0] == '(' ? ')' : '\0';
    stamp.bracket = close != '\0';
    size_t at = stamp.bracket ? talk_skip_blanks(text, 1) : 0;
    size_t end = day_and_clock(text, at, &stamp);
    if (end == 0)
        return false;
    stamp.text = sv_slice(text, at, end);
    if (stamp.bracket) {
        end = talk_skip_blanks(text, end);
        if (end >= text.len || text.ptr[end] != close)
            return false;
        end++;
    }
    *ret_stamp = stamp;
    *ret_length = end;
    return true;
}

/* A stamp begins with a digit, a bracket or a letter, and no letter or digit stands before. */
static bool
may_begin(struct sv text, size_t at)
{
    unsigned char c = (unsigned char)text.ptr[at];
    bool sign = (c >= '0' && c <= '9') || c == '[' || c == '(' || (c >= 'A' && c <= 'Z') ||
                (c >= 'a' && c <= 'z') || c >= 0x80;
    if (!sign || at == 0)
        return sign;
    unsigned char before = (unsigned char)text.ptr[at - 1];
    bool digit = c >= '0' && c <= '9';
    return c == '[' || c == '(' ||
           (digit ? !(before >= '0' && before <= '9') && before != ':' && before != '/' &&
                        before != '.' && before != '-'
                  : c >= 'A' && c <= 'Z') ||
           talk_blank(text, at - 1) > 0;
}

/* A digit, the M of AM and PM, or a bracket: of "a.m." the dot. */
static bool
may_end(char c)
{
    return is_digit(c) || c == 'm' || c == 'M' || c == '.' || c == ']' || c == ')';
}

bool
talk_stamp_at_end(struct sv text, struct talk_stamp *ret_stamp, size_t *ret_from)
{
    size_t from = text.len > STAMP_BYTES_MAX ? text.len - STAMP_BYTES_MAX : 0;
    if (sv_empty(text) || !may_end(text.ptr[text.len - 1]) ||
        !has_clock(sv_slice(text, from, text.len)))
        return false;
    for (size_t at = from; at < text.len; at++) {
        size_t length;
        struct talk_stamp stamp;
        if (!may_begin(text, at) ||
            !talk_stamp_read(sv_slice(text, at, text.len), &stamp, &length) ||
            at + length < text.len)
            continue;
        *ret_stamp = stamp;
        *ret_from = at;
        return true;
    }
    return false;
}
