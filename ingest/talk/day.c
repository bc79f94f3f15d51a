/*
 * Days in what people say: see day.h. Called while files are read and by decoders.
 */
#include "ingest/talk/day.h"

#define HALF_A_YEAR 180 /* days */

static bool
is_digit(struct sv text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

struct talk_day
talk_day_after(struct talk_day day)
{
    return talk_day_later(day, HALF_A_YEAR);
}

int64_t
talk_day_number(struct talk_day day)
{
    return civil_to_days(day.year, day.month, day.day);
}

static struct talk_day
day_from_number(int64_t number, enum talk_day_how how)
{
    struct civil civil = {0};
    civil_from_days(number, &civil);
    return (struct talk_day){civil.year, civil.month, civil.day, how};
}

struct talk_day
talk_day_later(struct talk_day day, int days)
{
    return day.how == DAY_NONE ? day : day_from_number(talk_day_number(day) + days, day.how);
}

struct talk_day
talk_day_at(int64_t ns, enum talk_day_how how)
{
    struct civil civil;
    if (ns == TIME_NONE)
        return (struct talk_day){.how = DAY_NONE};
    civil_from_ns(ns, &civil);
    return (struct talk_day){civil.year, civil.month, civil.day, how};
}

static int
weekday_of(int64_t number)
{
    return (int)(((number + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

static bool
exists(struct talk_day day)
{
    struct civil civil = {.year = day.year, .month = day.month, .day = day.day};
    return day.year >= 1970 && day.year <= 2099 && civil_valid(&civil);
}

/* The last year in which the day is not later than tomorrow, and of the weekday that is said. */
static bool
year_near(struct talk_day *day, int weekday, struct talk_day near)
{
    int64_t latest = talk_day_number(near) + 1;
    struct talk_day any = {.how = DAY_NONE};
    for (int year = near.year + 1; year > near.year - 8; year--) {
        struct talk_day tried = {year, day->month, day->day, DAY_NO_YEAR};
        if (!exists(tried) || talk_day_number(tried) > latest)
            continue;
        if (any.how == DAY_NONE)
            any = tried;
        if (weekday < 0 || weekday_of(talk_day_number(tried)) == weekday) {
            *day = tried;
            return true;
        }
    }
    *day = any;
    return any.how != DAY_NONE;
}

bool
talk_date_open(const struct talk_date *date)
{
    return date->numbers && date->between != '.' && date->month <= 12 && date->day <= 12 &&
           date->month != date->day;
}

static bool
calendar_day(const struct talk_date *date, enum talk_order order, struct talk_day near,
             struct talk_day *ret_day)
{
    struct talk_day day = {date->year, date->month, date->day, DAY_WRITTEN};
    if (date->numbers) {
        bool month_first = date->month <= 12 && date->between != '.' &&
                           (date->day > 12 || order == ORDER_MONTH_FIRST);
        if (!month_first)
            day = (struct talk_day){date->year, date->day, date->month, DAY_WRITTEN};
        if (order == ORDER_UNKNOWN && talk_date_open(date))
            return false;
    }
    if (date->form == DATE_NO_YEAR &&
        (near.how == DAY_NONE || !year_near(&day, date->weekday, near)))
        return false;
    if (!exists(day))
        return false;
    *ret_day = day;
    return true;
}

bool
talk_day_of(const struct talk_date *date, enum talk_order order, struct talk_day near,
            struct talk_day *ret_day)
{
    *ret_day = (struct talk_day){.how = DAY_NONE};
    if (date->form == DATE_FULL || date->form == DATE_NO_YEAR)
        return calendar_day(date, order, near, ret_day);
    if (date->form == DATE_NONE || near.how == DAY_NONE)
        return false;
    int64_t number = talk_day_number(near);
    if (date->form == DATE_BACK) {
        number -= date->back;
    } else {
        /* The last one of that name; today's would be called today. */
        int back = (weekday_of(number) - date->weekday + 7) % 7;
        number -= back == 0 ? 7 : back;
    }
    struct talk_day day = day_from_number(number, DAY_ASSUMED);
    if (!exists(day))
        return false;
    *ret_day = day;
    return true;
}

/* "20260310" among other signs. */
static bool
compact_day(struct sv text, struct talk_day *ret_day)
{
    size_t at = 0;
    int year = talk_number(text, &at, 4), month = talk_number(text, &at, 2),
        day = talk_number(text, &at, 2);
    struct talk_day found = {year, month, day, DAY_ASSUMED};
    if (at != 8 || is_digit(text, at) || !exists(found))
        return false;
    *ret_day = found;
    return true;
}

/* "2026_03_10". */
static bool
underlined_day(struct sv text, struct talk_day *ret_day)
{
    size_t at = 0;
    struct talk_day found = {talk_number(text, &at, 4), 0, 0, DAY_ASSUMED};
    if (at != 4 || at >= text.len || text.ptr[at++] != '_')
        return false;
    found.month = talk_number(text, &at, 2);
    if (at != 7 || at >= text.len || text.ptr[at++] != '_')
        return false;
    found.day = talk_number(text, &at, 2);
    if (at != 10 || is_digit(text, at) || !exists(found))
        return false;
    *ret_day = found;
    return true;
}

bool
talk_day_in_name(struct sv name, struct talk_day *ret_day)
{
    bool found = false;
    for (size_t at = 0; at < name.len; at++) {
        char before = at == 0 ? '\0' : name.ptr[at - 1];
        bool start = !(before >= '0' && before <= '9') && !is_letter(before);
        struct sv rest = sv_slice(name, at, name.len);
        struct talk_date date;
        struct talk_day day;
        size_t length;
        bool letters_before = is_letter(before) && is_digit(name, at);
        if (!start && !letters_before)
            continue;
        if (compact_day(rest, &day) || underlined_day(rest, &day) ||
            (talk_date_read(rest, &date, &length) && date.form == DATE_FULL &&
             talk_day_of(&date, ORDER_UNKNOWN, (struct talk_day){0}, &day))) {
            day.how = DAY_ASSUMED;
            *ret_day = day;
            found = true;
        }
    }
    return found;
}

struct sv
talk_day_text(struct arena *arena, struct talk_day day)
{
    static const char *const hows[] = {"", "", " assumed_year", " assumed_date"};
    if (day.how == DAY_NONE)
        return SV_NONE;
    return arena_printf(arena, "%04d-%02d-%02d%s", day.year, day.month, day.day, hows[day.how]);
}

struct talk_day
talk_day_from_text(struct sv text)
{
    struct talk_date date;
    struct talk_day day = {.how = DAY_NONE};
    size_t length;
    bool dated = text.len >= 10 && text.ptr[4] == '-' && talk_date_read(text, &date, &length);
    if (!dated || length != 10 || !talk_day_of(&date, ORDER_UNKNOWN, day, &day))
        return (struct talk_day){.how = DAY_NONE};
    struct sv how = sv_trim(sv_slice(text, length, text.len));
    if (sv_eq(how, SV("assumed_year")))
        day.how = DAY_NO_YEAR;
    else if (sv_eq(how, SV("assumed_date")))
        day.how = DAY_ASSUMED;
    else if (!sv_empty(how))
        day.how = DAY_NONE;
    return day;
}
