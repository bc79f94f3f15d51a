/*
 * Times in words: see moment.h.
 */
#include "report/lint/moment.h"

#include <stdlib.h>

#include "base/clock.h"

#define DAY_MINUTES (24 * 60)

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
digits_at(struct sv text, size_t at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (at + i >= text.len || !is_digit(text.ptr[at + i]))
            return false;
    return true;
}

static int
number_at(struct sv text, size_t at, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + (text.ptr[at + i] - '0');
    return number;
}

/* ---- parts ---- */

/* "YYYY-MM-DD" at `at`. */
static bool
date_at(struct sv text, size_t at, int64_t *ret_day)
{
    if (!digits_at(text, at, 4) || !digits_at(text, at + 5, 2) || !digits_at(text, at + 8, 2) ||
        text.ptr[at + 4] != '-' || text.ptr[at + 7] != '-')
        return false;
    struct civil date = {.year = number_at(text, at, 4),
                         .month = number_at(text, at + 5, 2),
                         .day = number_at(text, at + 8, 2)};
    if (!civil_valid(&date))
        return false;
    *ret_day = civil_to_days(date.year, date.month, date.day);
    return true;
}

bool
moment_day(struct sv text, int64_t *ret_day)
{
    return text.len >= 10 && date_at(text, 0, ret_day);
}

/* The date that stands before a time: "DATE TIME", "DATETTIME", "DATE at TIME", "DATE, TIME". */
static size_t
date_before(struct sv text, size_t at, int64_t *ret_day)
{
    static const struct sv joints[] = {{" ", 1}, {"T", 1}, {" at ", 4}, {", ", 2}, {", at ", 5}};
    for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]); i++) {
        size_t length = joints[i].len + 10;
        if (at >= length && date_at(text, at - length, ret_day) &&
            sv_eq(sv_slice(text, at - joints[i].len, at), joints[i]))
            return at - length;
    }
    return at;
}

/* " UTC" is absent; " CET", "+02:00" are as they are written. */
static struct sv
zone_behind(struct sv text, size_t at)
{
    struct sv rest = sv_slice(text, at, text.len);
    size_t from = rest.len > 0 && rest.ptr[0] == ' ' ? 1 : 0, end = from;
    while (end < rest.len &&
           ((rest.ptr[end] >= 'A' && rest.ptr[end] <= 'Z') ||
            (from == 0 && (strchr("+-:", rest.ptr[end]) != NULL || is_digit(rest.ptr[end])))))
        end++;
    struct sv zone = sv_slice(rest, from, end);
    bool letters = zone.len >= 2 && zone.len <= 5 && zone.ptr[0] >= 'A';
    bool offset = zone.len >= 3 && (zone.ptr[0] == '+' || zone.ptr[0] == '-');
    bool word = end < rest.len && rest.ptr[end] >= 'a' && rest.ptr[end] <= 'z';
    if (word || !(letters || offset) || sv_eq(zone, SV("UTC")) || sv_eq(zone, SV("GMT")) ||
        sv_eq(zone, SV("AM")) || sv_eq(zone, SV("PM")))
        return SV_NONE;
    return zone;
}

/* "pm" and "am" behind a time move its hour. */
static int
half_of_day(struct sv text, size_t at, int hour)
{
    struct sv rest = sv_slice(text, at, text.len);
    rest = sv_slice(rest, rest.len > 0 && rest.ptr[0] == ' ' ? 1 : 0, rest.len);
    if (sv_starts_nocase(rest, SV("pm")) || sv_starts_nocase(rest, SV("p.m")))
        return hour < 12 ? hour + 12 : hour;
    if (sv_starts_nocase(rest, SV("am")) || sv_starts_nocase(rest, SV("a.m")))
        return hour == 12 ? 0 : hour;
    return hour;
}

/* "H:MM" or "HH:MM" whose colon is at `colon`, with seconds and their parts; its end or 0. */
static size_t
time_around(struct sv text, size_t colon, size_t *ret_from, int *ret_hour)
{
    size_t digits = 0, end = colon + 3;
    while (digits < colon && digits < 3 && is_digit(text.ptr[colon - digits - 1]))
        digits++;
    char before = colon > digits ? text.ptr[colon - digits - 1] : ' ';
    if (digits < 1 || digits > 2 || !digits_at(text, colon + 1, 2) ||
        strchr(":.-+/#@", before) != NULL)
        return 0;
    *ret_from = colon - digits;
    *ret_hour = number_at(text, *ret_from, digits);
    if (end + 2 < text.len && text.ptr[end] == ':' && digits_at(text, end + 1, 2))
        end += 3;
    if (end < text.len && text.ptr[end] == '.' && digits_at(text, end + 1, 1))
        for (end += 2; end < text.len && is_digit(text.ptr[end]);)
            end++;
    bool goes_on = end < text.len && (is_digit(text.ptr[end]) || text.ptr[end] == ':') &&
                   !(text.ptr[end] == ':' && (end + 1 == text.len || sv_blank(text.ptr[end + 1])));
    return goes_on || *ret_hour > 23 || number_at(text, colon + 1, 2) > 59 ? 0 : end;
}

bool
moment_next(struct sv text, size_t *at, struct moment *ret_moment)
{
    for (size_t colon = *at; colon < text.len; colon++) {
        size_t from, end;
        int hour;
        if (text.ptr[colon] != ':' || (end = time_around(text, colon, &from, &hour)) == 0 ||
            from < *at)
            continue;
        *ret_moment = (struct moment){.to = end, .day = MOMENT_NO_DAY};
        ret_moment->from = date_before(text, from, &ret_moment->day);
        ret_moment->minute = half_of_day(text, end, hour) * 60 + number_at(text, colon + 1, 2);
        ret_moment->zone = zone_behind(text, end);
        *at = end;
        return true;
    }
    return false;
}

/* ---- comparing ---- */

int64_t
moment_minutes(const struct moment *a, const struct moment *b)
{
    int64_t minutes = b->minute - a->minute;
    if (a->day != MOMENT_NO_DAY && b->day != MOMENT_NO_DAY)
        return (b->day - a->day) * DAY_MINUTES + minutes;
    return minutes < 0 ? minutes + DAY_MINUTES : minutes;
}

bool
moment_same(const struct moment *a, const struct moment *b, int slack)
{
    if (a->zone.len > 0 && b->zone.len > 0 && !sv_eq(a->zone, b->zone))
        return true;
    if ((a->zone.len > 0) != (b->zone.len > 0))
        return true; /* nobody knows */
    if (a->day != MOMENT_NO_DAY && b->day != MOMENT_NO_DAY)
        return llabs(moment_minutes(a, b)) <= slack;
    int apart = abs(a->minute - b->minute);
    return apart <= slack || DAY_MINUTES - apart <= slack;
}

/* ---- lengths ---- */

static const struct {
    struct sv word;
    int64_t seconds;
} units[] = {
    {{"days", 4}, 86400}, {{"day", 3}, 86400}, {{"hours", 5}, 3600}, {{"hour", 4}, 3600},
    {{"hrs", 3}, 3600},   {{"hr", 2}, 3600},   {{"minutes", 7}, 60}, {{"minute", 6}, 60},
    {{"mins", 4}, 60},    {{"min", 3}, 60},    {{"seconds", 7}, 1},  {{"second", 6}, 1},
    {{"secs", 4}, 1},     {{"sec", 3}, 1},     {{"d", 1}, 86400},    {{"h", 1}, 3600},
    {{"m", 1}, 60},       {{"s", 1}, 1},
};

/* "25 min": its bytes, or 0. */
static size_t
length_part(struct sv text, int64_t *ret_seconds)
{
    size_t digits = 0;
    while (digits < text.len && digits < 6 && is_digit(text.ptr[digits]))
        digits++;
    size_t at = digits;
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '-') && at < digits + 1)
        at++;
    for (size_t i = 0; digits > 0 && i < sizeof(units) / sizeof(units[0]); i++) {
        struct sv rest = sv_slice(text, at, text.len);
        size_t end = units[i].word.len;
        bool ends =
            end >= rest.len || !((rest.ptr[end] | 0x20) >= 'a' && (rest.ptr[end] | 0x20) <= 'z');
        if (!sv_starts_nocase(rest, units[i].word) || !ends)
            continue;
        *ret_seconds = number_at(text, 0, digits) * units[i].seconds;
        return at + end;
    }
    return 0;
}

bool
moment_length(struct sv text, int64_t *ret_seconds)
{
    int64_t sum = 0, part;
    size_t parts = 0, length;
    while ((length = length_part(text, &part)) > 0) {
        sum += part;
        parts++;
        text = sv_slice(text, length, text.len);
        size_t joint = sv_starts(text, SV(" and ")) ? 5 : sv_starts(text, SV(", ")) ? 2 : 0;
        if (joint == 0 && text.len > 0 && text.ptr[0] == ' ')
            joint = 1;
        text = sv_slice(text, joint, text.len);
    }
    *ret_seconds = sum;
    return parts > 0;
}
