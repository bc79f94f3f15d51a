/*
 * Dates as they are written: see day.h. Called while files are read and by decoders.
 */
#include "ingest/talk/day.h"

struct word {
    struct sv text;
    int number;
};

static const struct word months[] = {
#define TALK_MONTH(word, number) {SV(word), number},
#include "ingest/talk/day_words.def"
};
static const struct word weekdays[] = {
#define TALK_WEEKDAY(word, number) {SV(word), number},
#include "ingest/talk/day_words.def"
};
static const struct word backs[] = {
#define TALK_BACK(word, days) {SV(word), days},
#include "ingest/talk/day_words.def"
};
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool
in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80 ||
           c == '\'';
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* A date begins with a digit or a word of the lists: their first bytes are those that are there. */
static bool
may_begin(char c)
{
    unsigned char byte = (unsigned char)lower(c);
    return (byte >= '0' && byte <= '9') || byte >= 0x80 || (byte >= 'a' && byte <= 'z');
}

/* The word at the start, with a hyphen inside; no-break spaces are not part of it. */
static struct sv
first_word(struct sv text)
{
    size_t at = 0;
    while (at < text.len && talk_blank(text, at) == 0 &&
           (in_word(text.ptr[at]) ||
            (text.ptr[at] == '-' && at + 1 < text.len && in_word(text.ptr[at + 1]))))
        at++;
    return sv_slice(text, 0, at);
}

/* The number of the word at the start, -1 for none; *ret_length with a dot behind it. */
static int
word_number(struct sv text, const struct word *list, size_t count, size_t *ret_length)
{
    struct sv word = sv_empty(text) || !in_word(text.ptr[0]) ? SV_NONE : first_word(text);
    char first = sv_empty(word) ? '\0' : lower(word.ptr[0]);
    for (size_t i = 0; i < count && word.len > 0; i++)
        if (list[i].text.len == word.len && list[i].text.ptr[0] == first &&
            sv_eq_nocase(word, list[i].text)) {
            *ret_length = word.len;
            if (word.len < 6 && word.len < text.len && text.ptr[word.len] == '.')
                *ret_length += 1;
            return list[i].number;
        }
    return -1;
}

static bool
is_digit(struct sv text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

static bool
month_and_day(int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* "2026-03-10", "2026/3/10", "2026.03.10" and the same with the signs for year, month and day. */
static size_t
year_first(struct sv text, struct talk_date *date)
{
    static const char *const signs[] = {"\xE5\xB9\xB4", "\xE6\x9C\x88", "\xE6\x97\xA5"};
    size_t at = 0;
    date->year = talk_number(text, &at, 4);
    if (at != 4 || date->year < 1970)
        return 0;
    struct sv rest = sv_slice(text, at, text.len);
    bool named = sv_starts(rest, sv_from(signs[0]));
    char between = at < text.len ? text.ptr[at] : '\0';
    if (!named && between != '-' && between != '/' && between != '.')
        return 0;
    at = named ? talk_skip_blanks(text, at + 3) : at + 1;
    date->month = talk_number(text, &at, 2);
    if (named ? !sv_starts(sv_slice(text, at, text.len), sv_from(signs[1]))
              : at >= text.len || text.ptr[at] != between)
        return 0;
    at = named ? talk_skip_blanks(text, at + 3) : at + 1;
    date->day = talk_number(text, &at, 2);
    if (named && sv_starts(sv_slice(text, at, text.len), sv_from(signs[2])))
        at += 3;
    date->form = DATE_FULL;
    return month_and_day(date->month, date->day) && !is_digit(text, at) ? at : 0;
}

/* "3/10", "10.3.", "10/03/2026", "3-10-26": *date has both in the order they are written. */
static size_t
two_numbers(struct sv text, struct talk_date *date)
{
    size_t at = 0;
    date->month = talk_number(text, &at, 2);
    bool padded = at == 2;
    char between = at < text.len ? text.ptr[at] : '\0';
    if (date->month < 1 || date->month > 31 || (between != '/' && between != '.' && between != '-'))
        return 0;
    size_t from = ++at;
    date->day = talk_number(text, &at, 2);
    if (date->day < 1 || date->day > 31 || (date->month > 12 && date->day > 12))
        return 0;
    date->numbers = true;
    date->padded = (padded && text.ptr[0] == '0') || (at - from == 2 && text.ptr[from] == '0');
    date->between = between;
    if (at < text.len && text.ptr[at] == between && is_digit(text, at + 1)) {
        from = ++at;
        date->year = talk_number(text, &at, 4);
        if ((at - from != 2 && at - from != 4) || is_digit(text, at))
            return 0;
        date->short_year = at - from == 2;
        date->year += date->short_year ? 2000 : 0;
        date->form = DATE_FULL;
        return date->year >= 1970 ? at : 0;
    }
    /* Without a year "3.10" and "3-10" are numbers, "3.10." is a day. */
    if (between == '-' || (between == '.' && (at >= text.len || text.ptr[at] != '.')))
        return 0;
    at += between == '.';
    date->form = DATE_NO_YEAR;
    return is_digit(text, at) ? 0 : at;
}

/* ", 2026", " 2026", " de 2026" at `at`: where it ends. */
static size_t
year_behind(struct sv text, size_t at, struct talk_date *date)
{
    size_t here = at + (at < text.len && text.ptr[at] == ',');
    here = talk_skip_blanks(text, here);
    if (sv_starts_nocase(sv_slice(text, here, text.len), SV("de ")))
        here = talk_skip_blanks(text, here + 3);
    size_t from = here;
    int year = here > at ? talk_number(text, &here, 4) : -1;
    bool clock = here < text.len && text.ptr[here] == ':';
    if (year < 1970 || here - from != 4 || is_digit(text, here) || clock)
        return at;
    date->year = year;
    date->form = DATE_FULL;
    return here;
}

/* "March 10th, 2026", "Mar 10". */
static size_t
month_first(struct sv text, struct talk_date *date)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    size_t at;
    date->month = word_number(text, months, COUNT(months), &at);
    if (date->month < 0)
        return 0;
    size_t from = talk_skip_blanks(text, at);
    at = from;
    date->day = talk_number(text, &at, 2);
    if (date->day < 1 || date->day > 31 || is_digit(text, at) || from == 0 ||
        (at < text.len && text.ptr[at] == ':'))
        return 0;
    for (size_t i = 0; i < COUNT(endings); i++)
        if (sv_starts_nocase(sv_slice(text, at, text.len), sv_from(endings[i])))
            at += 2;
    date->form = DATE_NO_YEAR;
    return year_behind(text, at, date);
}

/* "10-Mar-26", "10/Mar/2026". */
static size_t
day_and_short_month(struct sv text, struct talk_date *date)
{
    size_t at = 0, length;
    date->day = talk_number(text, &at, 2);
    char between = at < text.len ? text.ptr[at] : '\0';
    if (date->day < 1 || date->day > 31 || (between != '-' && between != '/'))
        return 0;
    size_t end = ++at;
    while (end < text.len && in_word(text.ptr[end]))
        end++;
    date->month = word_number(sv_slice(text, at, end), months, COUNT(months), &length);
    if (date->month < 0 || end >= text.len || text.ptr[end] != between)
        return 0;
    size_t from = ++end;
    date->year = talk_number(text, &end, 4);
    if ((end - from != 2 && end - from != 4) || is_digit(text, end))
        return 0;
    date->year += end - from == 2 ? 2000 : 0;
    date->form = DATE_FULL;
    return end;
}

/* "10 March 2026", "10. März", "10 de marzo de 2026", "10th of March". */
static size_t
day_first(struct sv text, struct talk_date *date)
{
    static const char *const endings[] = {"st", "nd", "rd", "th", "."};
    static const char *const links[] = {"of ", "de ", "d'"};
    size_t at = 0, length;
    date->day = talk_number(text, &at, 2);
    if (date->day < 1 || date->day > 31 || at >= text.len || is_digit(text, at))
        return 0;
    for (size_t i = 0; i < COUNT(endings); i++)
        if (sv_starts_nocase(sv_slice(text, at, text.len), sv_from(endings[i]))) {
            at += strlen(endings[i]);
            break;
        }
    at = talk_skip_blanks(text, at);
    for (size_t i = 0; i < COUNT(links); i++)
        if (sv_starts_nocase(sv_slice(text, at, text.len), sv_from(links[i]))) {
            at = talk_skip_blanks(text, at + strlen(links[i]));
            break;
        }
    date->month = word_number(sv_slice(text, at, text.len), months, COUNT(months), &length);
    if (date->month < 0)
        return 0;
    date->form = DATE_NO_YEAR;
    return year_behind(text, at + length, date);
}

/* The month stands first as a word, everything else as a number. */
static size_t
calendar_date(struct sv text, struct talk_date *date)
{
    size_t (*const forms[])(struct sv, struct talk_date *) = {
        year_first, two_numbers, day_and_short_month, day_first, month_first};
    bool number = is_digit(text, 0);
    for (size_t i = number ? 0 : COUNT(forms) - 1; i < COUNT(forms) - number; i++) {
        struct talk_date tried = {.weekday = date->weekday};
        size_t length = forms[i](text, &tried);
        if (length == 0)
            continue;
        if (!tried.numbers && !month_and_day(tried.month, tried.day))
            continue;
        *date = tried;
        return length;
    }
    return 0;
}

/* What may stand between a weekday and a date, or "today" and a date. */
static size_t
skip_comma(struct sv text, size_t at)
{
    at = talk_skip_blanks(text, at);
    if (at < text.len && text.ptr[at] == ',')
        at = talk_skip_blanks(text, at + 1);
    return at;
}

bool
talk_date_read(struct sv text, struct talk_date *ret_date, size_t *ret_length)
{
    struct talk_date date = {.weekday = -1};
    size_t end = 0, length;
    if (sv_empty(text) || !may_begin(text.ptr[0]))
        return false;
    int back = word_number(text, backs, COUNT(backs), &length);
    if (back >= 0) {
        end = length;
        date.form = DATE_BACK;
        date.back = back;
    }
    size_t from = end == 0 ? 0 : skip_comma(text, end);
    int weekday = word_number(sv_slice(text, from, text.len), weekdays, COUNT(weekdays), &length);
    if (weekday >= 0) {
        end = from + length;
        date.weekday = weekday;
        date.form = date.form == DATE_BACK ? DATE_BACK : DATE_WEEKDAY;
        from = skip_comma(text, end);
    }
    struct talk_date dated = date;
    length = calendar_date(sv_slice(text, from, text.len), &dated);
    if (length > 0) {
        date = dated;
        end = from + length;
    }
    if (end == 0)
        return false;
    *ret_date = date;
    *ret_length = end;
    return true;
}

bool
talk_date_line(struct sv line, struct talk_date *ret_date)
{
    static const char *const rules[] = {
        "-", "=", "*", "_", "#", "\xE2\x80\x94", "\xE2\x80\x93", "\xE2\x94\x80"};
    line = talk_trim(line);
    for (size_t i = 0; i < COUNT(rules); i++) {
        struct sv rule = sv_from(rules[i]);
        while (sv_starts(line, rule) && line.len > rule.len)
            line = sv_slice(line, rule.len, line.len);
        while (sv_ends(line, rule) && line.len > rule.len)
            line.len -= rule.len;
    }
    line = talk_trim(line);
    size_t length;
    struct talk_date date;
    if (line.len > 60 || !talk_date_read(line, &date, &length))
        return false;
    if (length < line.len && line.ptr[length] == ':')
        length++;
    if (talk_skip_blanks(line, length) < line.len)
        return false;
    *ret_date = date;
    return true;
}
