/*
 * Reading times: see times.h. Pure functions, called by decoders.
 */
#include "ingest/parse/times.h"

#include <stdio.h>

#include "ingest/parse/json.h"

static bool
digit(char c)
{
    return c >= '0' && c <= '9';
}

static enum time_precision
precision_of(int fraction_digits)
{
    if (fraction_digits == 0)
        return PRECISION_SECOND;
    if (fraction_digits <= 3)
        return PRECISION_MILLISECOND;
    return fraction_digits <= 6 ? PRECISION_MICROSECOND : PRECISION_NANOSECOND;
}

bool
times_read_epoch(struct sv text, struct read_time *ret_time)
{
    size_t dot = sv_find_char(text, '.');
    struct sv whole = dot == SIZE_MAX ? text : sv_slice(text, 0, dot);
    int64_t value = 0;
    if (sv_empty(whole) || !digit(whole.ptr[0]) || !sv_to_int64(whole, &value) || value <= 0)
        return false;
    int64_t unit = value < INT64_C(100000000000)         ? NS_PER_S
                   : value < INT64_C(100000000000000)    ? NS_PER_MS
                   : value < INT64_C(100000000000000000) ? NS_PER_US
                                                         : 1;
    int64_t ns = 0, rest = 0;
    int digits = 0;
    if (dot != SIZE_MAX) {
        int64_t step = unit;
        for (size_t i = dot + 1; i < text.len; i++) {
            if (!digit(text.ptr[i]))
                return false;
            step /= 10;
            rest += (text.ptr[i] - '0') * step;
            digits += step > 0;
        }
    }
    if (!time_of_units(value, unit, rest, &ns))
        return false;
    enum time_precision precision = unit == NS_PER_S    ? precision_of(digits > 9 ? 9 : digits)
                                    : unit == NS_PER_MS ? PRECISION_MILLISECOND
                                    : unit == NS_PER_US ? PRECISION_MICROSECOND
                                                        : PRECISION_NANOSECOND;
    *ret_time = (struct read_time){ns, precision, TIME_SOURCE_NATIVE, text};
    return true;
}

static bool
zone_name(struct sv name, int32_t *ret_offset_s)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"UTC", 0},  {"GMT", 0},  {"Z", 0},    {"WET", 0},  {"CET", 1},  {"CEST", 2},
                 {"BST", 1},  {"EET", 2},  {"EEST", 3}, {"MSK", 3},  {"EST", -5}, {"EDT", -4},
                 {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
        if (sv_eq(name, sv_from(zones[i].name))) {
            *ret_offset_s = zones[i].hours * 3600;
            return true;
        }
    return false;
}

/* Date and time brought into one RFC 3339 spelling: '/' to '-', a blank before the zone taken out,
 * a zone's name taken off the end. */
struct spelling {
    char text[64];
    size_t len;
    bool named;
    int32_t offset_s;
};

static bool
respell(struct sv text, struct spelling *ret_spelling)
{
    struct spelling s = {.len = 0};
    struct sv rest = text, part;
    for (int i = 0; i < 4 && sv_split(&rest, ' ', &part); i++) {
        if (s.len + part.len + 2 > sizeof(s.text))
            return false;
        if (i >= 1 && !sv_empty(part) && !digit(part.ptr[0]) && part.ptr[0] != '+' &&
            part.ptr[0] != '-') {
            int32_t offset = 0;
            bool known = zone_name(part, &offset);
            bool has_offset = i == 3;
            if (!known && !has_offset)
                return false;
            if (!has_offset) {
                s.named = true;
                s.offset_s = offset;
            }
            break;
        }
        if (i == 1 && digit(part.ptr == NULL || part.len == 0 ? 'x' : part.ptr[0]))
            s.text[s.len++] = 'T';
        for (size_t k = 0; k < part.len; k++)
            s.text[s.len++] = part.ptr[k] == '/' && k < 8 && i == 0 ? '-' : part.ptr[k];
    }
    /* "+01.00" */
    if (s.len > 6 && s.text[s.len - 3] == '.' &&
        (s.text[s.len - 6] == '+' || s.text[s.len - 6] == '-'))
        s.text[s.len - 3] = ':';
    *ret_spelling = s;
    return true;
}

static int
two(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

/* Has it the form "2026-03-01T10:00:00"? All bytes are compared at once, without a branch each. */
static bool
usual_form(const char *text)
{
    static const unsigned char form[] = "0000-00-00T00:00:00";
    static const unsigned char above[] = {9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9};
    unsigned char wrong = 0;
    for (size_t i = 0; i < 16; i++)
        wrong |= (unsigned char)((unsigned char)text[i] - form[i]) > above[i];
    for (size_t i = 16; i < sizeof(above); i++)
        wrong |= (unsigned char)((unsigned char)text[i] - form[i]) > above[i];
    return wrong == 0;
}

/* "2026-03-01T10:00:00[.123]Z", what most machines write; other spellings are left to the rest. */
static bool
read_usual(struct sv text, struct read_time *ret_time)
{
    const char *t = text.ptr;
    size_t at = 19;
    if (text.len <= at || text.len > at + 11 || t[text.len - 1] != 'Z' || !usual_form(t))
        return false;
    struct civil civil = {.year = two(t) * 100 + two(t + 2),
                          .month = two(t + 5),
                          .day = two(t + 8),
                          .hour = two(t + 11),
                          .minute = two(t + 14),
                          .second = two(t + 17)};
    int fraction = 0, step = 100000000;
    if (at + 1 < text.len) {
        if (t[at++] != '.' || at + 1 >= text.len)
            return false;
        for (; at + 1 < text.len; at++, step /= 10, fraction++) {
            if (!digit(t[at]))
                return false;
            civil.nanosecond += (t[at] - '0') * step;
        }
    }
    int64_t ns;
    if (civil.second > 59 || !civil_to_ns(&civil, &ns) || ns == 0)
        return false;
    *ret_time = (struct read_time){ns, precision_of(fraction), TIME_SOURCE_NATIVE, text};
    return true;
}

bool
times_read(struct sv text, int32_t offset_s, struct read_time *ret_time)
{
    text = sv_trim(text);
    if (text.len < 8 || text.len > 63 || !digit(text.ptr[0]))
        return false;
    if (read_usual(text, ret_time))
        return true;
    if (times_read_epoch(text, ret_time))
        return true;
    struct spelling s;
    struct parsed_time parsed;
    if (!respell(text, &s) || !time_parse(sv_of(s.text, s.len), &parsed))
        return false;
    bool zoned = parsed.has_zone || s.named;
    if (!parsed.has_zone)
        parsed.ns -= (s.named ? s.offset_s : offset_s) * NS_PER_S;
    if (parsed.ns == 0)
        return false;
    bool day_only = s.len <= 10;
    *ret_time = (struct read_time){parsed.ns,
                                   day_only ? PRECISION_DAY : precision_of(parsed.fraction_digits),
                                   zoned ? TIME_SOURCE_NATIVE : TIME_SOURCE_ASSUMED_ZONE, text};
    return true;
}

static bool
read_typed(struct sv text, bool number, int32_t offset_s, struct read_time *ret_time)
{
    struct read_time time;
    if (sv_empty(text) ||
        !(number ? times_read_epoch(text, &time) : times_read(text, offset_s, &time)))
        return false;
    *ret_time = time;
    return true;
}

bool
times_read_json(struct arena *arena, const json_t *value, int32_t offset_s,
                struct read_time *ret_time)
{
    return !json_is_boolean(value) &&
           read_typed(tree_text(arena, value), json_is_number(value), offset_s, ret_time);
}

bool
times_read_tape(struct arena *arena, const struct tape_value *value, int32_t offset_s,
                struct read_time *ret_time)
{
    return (value->type == TAPE_STRING || value->type == TAPE_NUMBER) &&
           read_typed(tape_text(arena, value), value->type == TAPE_NUMBER, offset_s, ret_time);
}

static int
month_number(struct sv word)
{
    static const char *const names[] = {
        "jan", "feb",  "mar",        "apr",         "may",  "jun",        "jul",  "aug",
        "sep", "oct",  "nov",        "dec",         "janv", "f\xC3\xA9v", "mars", "avr",
        "mai", "juin", "juil",       "ao\xC3\xBBt", "sept", "okt",        "nov",  "d\303\251c",
        "jan", "feb",  "m\xC3\xA4r", "apr",         "mai",  "jun",        "jul",  "aug",
        "sep", "okt",  "nov",        "dez"};
    static const int numbers[] = {1, 2, 3, 4,  5,  6,  7, 8, 9, 10, 11, 12, 1, 2, 3, 4,  5,  6,
                                  7, 8, 9, 10, 11, 12, 1, 2, 3, 4,  5,  6,  7, 8, 9, 10, 11, 12};
    if (!sv_empty(word) && word.ptr[word.len - 1] == '.')
        word.len--;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (sv_eq_nocase(word, sv_from(names[i])))
            return numbers[i];
    return 0;
}

static bool
two_digits(struct sv text, size_t at, int *ret_value)
{
    if (at + 2 > text.len || !digit(text.ptr[at]) || !digit(text.ptr[at + 1]))
        return false;
    *ret_value = (text.ptr[at] - '0') * 10 + (text.ptr[at + 1] - '0');
    return true;
}

/* "hh:mm:ss[.fraction]" at `at`; returns the offset behind it, 0 when it is none. */
static size_t
clock_at(struct sv text, size_t at, struct civil *civil, int *ret_digits)
{
    if (!two_digits(text, at, &civil->hour) || !two_digits(text, at + 3, &civil->minute) ||
        !two_digits(text, at + 6, &civil->second) || text.ptr[at + 2] != ':' ||
        text.ptr[at + 5] != ':')
        return 0;
    at += 8;
    *ret_digits = 0;
    if (at + 1 < text.len && (text.ptr[at] == '.' || text.ptr[at] == ',') &&
        digit(text.ptr[at + 1])) {
        int32_t step = 100000000;
        for (at++; at < text.len && digit(text.ptr[at]); at++, step /= 10) {
            civil->nanosecond += (text.ptr[at] - '0') * step;
            *ret_digits += step > 0;
        }
    }
    return at;
}

/* A line is written before it is seen: what lies more than a day after the time of its record would
 * be implausible, so a line of March read in November is of this year, not of the next. */
int64_t
times_nearest_year(struct civil civil, int64_t near_ns, int32_t offset_s)
{
    struct civil now;
    civil_from_ns(near_ns, &now);
    int64_t best = TIME_NONE, distance = INT64_MAX;
    for (int year = now.year - 4; year <= now.year + 4; year++) {
        int64_t ns = 0;
        civil.year = year;
        if (!civil_valid(&civil) || !civil_to_ns(&civil, &ns))
            continue;
        ns -= offset_s * NS_PER_S;
        int64_t away = ns > near_ns ? ns - near_ns : near_ns - ns;
        if (away < distance && ns - near_ns <= NS_PER_DAY) {
            distance = away;
            best = ns;
        }
    }
    return best;
}

bool
times_read_syslog(struct sv text, int64_t near_ns, int32_t offset_s, struct read_time *ret_time,
                  size_t *ret_length)
{
    struct civil civil = {.year = 0};
    size_t at = sv_find_char(text, ' ');
    if (at == SIZE_MAX || at < 3 || at > 6)
        return false;
    civil.month = month_number(sv_slice(text, 0, at));
    while (at < text.len && text.ptr[at] == ' ')
        at++;
    for (int i = 0; i < 2 && at < text.len && digit(text.ptr[at]); i++, at++)
        civil.day = civil.day * 10 + (text.ptr[at] - '0');
    if (civil.month == 0 || civil.day < 1 || civil.day > 31 || at >= text.len)
        return false;
    if (text.ptr[at++] != ' ')
        return false;
    int year = 0, part = 0;
    if (at + 5 < text.len && text.ptr[at + 4] == ' ' && two_digits(text, at, &year) &&
        two_digits(text, at + 2, &part)) {
        civil.year = year * 100 + part;
        at += 5;
    }
    int digits = 0;
    at = clock_at(text, at, &civil, &digits);
    if (at == 0 || civil.hour > 23 || civil.minute > 59 || civil.second > 60)
        return false;
    int64_t ns = TIME_NONE;
    enum time_source source = TIME_SOURCE_ASSUMED_YEAR;
    if (civil.year != 0) {
        source = TIME_SOURCE_ASSUMED_ZONE;
        if (!civil_valid(&civil) || !civil_to_ns(&civil, &ns))
            return false;
        ns -= offset_s * NS_PER_S;
    } else if (near_ns != TIME_NONE) {
        ns = times_nearest_year(civil, near_ns, offset_s);
    }
    *ret_time = (struct read_time){ns, precision_of(digits), source, sv_slice(text, 0, at)};
    *ret_length = at;
    return true;
}

/* How many bytes at the start look like a date and time. */
static size_t
date_length(struct sv text)
{
    size_t at = 0;
    while (at < text.len && at < 40 &&
           (digit(text.ptr[at]) || strchr("-/:.,TZ+", text.ptr[at]) != NULL))
        at++;
    bool blank = at == 10 && at + 3 < text.len && text.ptr[at] == ' ' && digit(text.ptr[at + 1]) &&
                 digit(text.ptr[at + 2]) && text.ptr[at + 3] == ':';
    if (blank)
        for (at++; at < text.len && at < 50 &&
                   (digit(text.ptr[at]) || strchr(":.,Z+-", text.ptr[at]) != NULL);)
            at++;
    while (at > 0 && strchr(":,.-", text.ptr[at - 1]) != NULL)
        at--;
    struct sv zone = sv_slice(text, at, at + 4);
    if (sv_eq(zone, SV(" UTC")) || sv_eq(zone, SV(" GMT")))
        at += 4;
    return at;
}

bool
times_read_prefix(struct sv text, int32_t offset_s, struct read_time *ret_time, size_t *ret_length)
{
    bool bracket = !sv_empty(text) && text.ptr[0] == '[';
    struct sv inner = bracket ? sv_slice(text, 1, text.len) : text;
    size_t length = date_length(inner);
    struct read_time time;
    if (length < 10 || !times_read(sv_slice(inner, 0, length), offset_s, &time))
        return false;
    /* A bare number is a time only in brackets or as the first word, with ten digits or more. */
    size_t end = length + (bracket ? 1 : 0);
    if (end < text.len && !strchr(" ]\t:,-|", text.ptr[end]))
        return false;
    if (bracket && (end >= text.len || text.ptr[end++] != ']'))
        return false;
    *ret_time = time;
    *ret_length = end;
    return true;
}

void
times_into_event(const struct read_time *time, struct event *event)
{
    event->event_time_ns = time->ns;
    event->precision = time->precision;
    event->time_source = time->ns == TIME_NONE ? TIME_SOURCE_NONE : time->source;
    event->source_time_text = time->text;
}
