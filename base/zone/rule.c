/*
 * The rule at the end of a zone file, in the form of POSIX's TZ: "CET-1CEST,M3.5.0,M10.5.0/3",
 * "<+03>-3", "EST5EDT,M3.2.0,M11.1.0". It holds for ever after the last change of the file; the
 * changes that it makes are written down one by one, until times are text only.
 */
#include "base/zone/zoneinfo.h"

#define LAST_YEAR 2100

struct rule {
    struct sv rest;
    bool fine;
};

/* A day of the year on which a change happens, and at what time of it. */
struct change_day {
    char form; /* 'M' month, week, weekday; 'J' day 1..365 without leap days; '0' day 0..365 */
    int64_t month, week, day;
    int64_t time_s;
};

static bool
take(struct rule *rule, char c)
{
    if (rule->rest.len == 0 || rule->rest.ptr[0] != c)
        return false;
    rule->rest = sv_slice(rule->rest, 1, rule->rest.len);
    return true;
}

static int64_t
number(struct rule *rule, int64_t least, int64_t most)
{
    int64_t value = 0;
    size_t at = 0;
    while (at < rule->rest.len && at < 4 && rule->rest.ptr[at] >= '0' && rule->rest.ptr[at] <= '9')
        value = value * 10 + (rule->rest.ptr[at++] - '0');
    rule->rest = sv_slice(rule->rest, at, rule->rest.len);
    rule->fine = rule->fine && at > 0 && value >= least && value <= most;
    return value;
}

static struct sv
take_name(struct rule *rule)
{
    bool quoted = take(rule, '<');
    size_t at = 0;
    struct sv rest = rule->rest;
    while (at < rest.len && (quoted ? rest.ptr[at] != '>'
                                    : (rest.ptr[at] | 0x20) >= 'a' && (rest.ptr[at] | 0x20) <= 'z'))
        at++;
    struct sv name = sv_slice(rest, 0, at);
    rule->rest = sv_slice(rest, at, rest.len);
    rule->fine = rule->fine && at > 0 && (!quoted || take(rule, '>'));
    return name;
}

/* "[+-]hh[:mm[:ss]]" */
static int64_t
take_time(struct rule *rule)
{
    bool negative = take(rule, '-');
    if (!negative)
        take(rule, '+');
    int64_t seconds = number(rule, 0, 167) * 3600;
    if (take(rule, ':'))
        seconds += number(rule, 0, 59) * 60;
    if (take(rule, ':'))
        seconds += number(rule, 0, 59);
    return negative ? -seconds : seconds;
}

static struct change_day
take_day(struct rule *rule)
{
    struct change_day day = {.form = '0', .time_s = 2 * 3600};
    rule->fine = rule->fine && take(rule, ',');
    if (take(rule, 'M')) {
        day.form = 'M';
        day.month = number(rule, 1, 12);
        rule->fine = rule->fine && take(rule, '.');
        day.week = number(rule, 1, 5);
        rule->fine = rule->fine && take(rule, '.');
        day.day = number(rule, 0, 6);
    } else if (take(rule, 'J')) {
        day.form = 'J';
        day.day = number(rule, 1, 365);
    } else {
        day.day = number(rule, 0, 365);
    }
    if (take(rule, '/'))
        day.time_s = take_time(rule);
    return day;
}

/* On the wall, in seconds as if it were UTC. */
static int64_t
moment_in(const struct change_day *day, int year)
{
    int64_t days;
    if (day->form == 'M') {
        int64_t first = civil_to_days(year, (int)day->month, 1);
        int64_t next = civil_to_days(year + (day->month == 12), (int)day->month % 12 + 1, 1);
        int64_t weekday = (first + 4) % 7; /* 1970-01-01 was a Thursday */
        days = first + (day->day - weekday + 7) % 7 + 7 * (day->week - 1);
        while (days >= next)
            days -= 7;
    } else if (day->form == 'J') {
        bool after = day->day >= 60; /* 29 February is not counted */
        days = after ? civil_to_days(year, 3, 1) + day->day - 60
                     : civil_to_days(year, 1, 1) + day->day - 1;
    } else {
        days = civil_to_days(year, 1, 1) + day->day;
    }
    return days * 86400 + day->time_s;
}

static void
add_later(struct zone **zone, size_t *room, int64_t at_s, int64_t offset_s, struct sv name)
{
    const struct zone_change *last = &(*zone)->changes[(*zone)->count - 1];
    if (at_s > last->at_s && offset_s != last->offset_s)
        zone_add(zone, room, at_s, (int32_t)offset_s, name);
}

bool
zone_rule_expand(struct sv text, struct zone **zone, size_t *room)
{
    struct rule rule = {text, true};
    struct civil last;
    struct sv standard = take_name(&rule);
    int64_t offset = -take_time(&rule), summer_offset = offset + 3600;
    if (rule.fine && sv_empty(rule.rest))
        return true; /* the last change of the file says so already */
    struct sv summer = take_name(&rule);
    if (rule.rest.len > 0 && rule.rest.ptr[0] != ',')
        summer_offset = -take_time(&rule);
    struct change_day begin = take_day(&rule), end = take_day(&rule);
    if (!rule.fine || !sv_empty(rule.rest))
        return false;
    int64_t from_s = (*zone)->changes[(*zone)->count - 1].at_s;
    if (from_s > civil_to_days(LAST_YEAR, 1, 1) * 86400)
        return true;
    civil_from_days(from_s < 0 ? 0 : from_s / 86400, &last);
    for (int year = last.year; year <= LAST_YEAR; year++) {
        int64_t to_summer = moment_in(&begin, year) - offset;
        int64_t to_standard = moment_in(&end, year) - summer_offset;
        if (to_summer > to_standard)
            add_later(zone, room, to_standard, offset, standard);
        add_later(zone, room, to_summer, summer_offset, summer);
        if (to_summer <= to_standard)
            add_later(zone, room, to_standard, offset, standard);
    }
    return true;
}
