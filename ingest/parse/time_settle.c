/*
 * What a written time leaves out: see time_form.h. The rules are in docs/times.md. Pure functions.
 */
#include "ingest/parse/time_form.h"

#define WEEK_NS (7 * NS_PER_DAY)
#define YEAR_NS (366 * NS_PER_DAY)
#define CLOCK_AHEAD_NS NS_PER_HOUR

enum time_precision
time_precision_of(int fraction_digits)
{
    if (fraction_digits == 0)
        return PRECISION_SECOND;
    if (fraction_digits <= 3)
        return PRECISION_MILLISECOND;
    return fraction_digits <= 6 ? PRECISION_MICROSECOND : PRECISION_NANOSECOND;
}

static int64_t
distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* In its zone, or the one that was told. TIME_NONE: there is no such day. */
static int64_t
moment(const struct written_time *written, const struct civil *civil,
       const struct time_hints *hints)
{
    int64_t ns;
    if (!civil_to_ns(civil, &ns))
        return TIME_NONE;
    if (!written->has_zone)
        return zone_to_utc(hints->zone, ns);
    return written->zone != NULL ? zone_to_utc(written->zone, ns)
                                 : ns - written->offset_s * NS_PER_S;
}

/* What is nearest in time: the line before, else the record. */
static int64_t
anchor_of(const struct time_hints *hints)
{
    return hints->before_ns != TIME_NONE ? hints->before_ns : hints->near_ns;
}

/* A line is written before it is seen: what lies more than a day after its record is not meant. */
static bool
too_late(int64_t ns, const struct time_hints *hints)
{
    return hints->near_ns != TIME_NONE && ns > hints->near_ns && ns - hints->near_ns > NS_PER_DAY;
}

/* So a line of March that is read in November is of this year, not of the next. */
static int64_t
nearest_year(const struct written_time *written, const struct time_hints *hints)
{
    struct civil civil = written->civil, now;
    int64_t anchor = anchor_of(hints), best = TIME_NONE;
    if (anchor == TIME_NONE)
        return TIME_NONE;
    civil_from_ns(anchor, &now);
    /* A 29th of February may be years away. */
    for (int around = 1; best == TIME_NONE && around <= 8; around += 7)
        for (int year = now.year - around; year <= now.year + around; year++) {
            civil.year = year;
            int64_t ns = moment(written, &civil, hints);
            if (ns != TIME_NONE && !too_late(ns, hints) &&
                (best == TIME_NONE || distance(ns, anchor) < distance(best, anchor)))
                best = ns;
        }
    return best;
}

static bool
two_digits(struct sv text, size_t at, int *ret_value)
{
    if (at + 2 > text.len || text.ptr[at] < '0' || text.ptr[at] > '9' || text.ptr[at + 1] < '0' ||
        text.ptr[at + 1] > '9')
        return false;
    *ret_value = (text.ptr[at] - '0') * 10 + (text.ptr[at + 1] - '0');
    return true;
}

/* The last "2026-03-01", "2026_03_01" or "20260301" in the name of a file. */
static bool
day_of_file(struct sv name, struct civil *ret_civil)
{
    for (size_t at = name.len; at-- > 0;) {
        struct civil civil = {.year = 0};
        int century = 0, years = 0;
        bool digit_before = at > 0 && name.ptr[at - 1] >= '0' && name.ptr[at - 1] <= '9';
        if (digit_before || !two_digits(name, at, &century) || !two_digits(name, at + 2, &years))
            continue;
        char between = at + 4 < name.len ? name.ptr[at + 4] : '\0';
        size_t step = between == '-' || between == '_' || between == '.' ? 3 : 2;
        size_t end = at + 2 + 3 * step;
        civil.year = century * 100 + years;
        if (!two_digits(name, at + 2 + step, &civil.month) ||
            !two_digits(name, at + 2 + 2 * step, &civil.day) || !civil_valid(&civil) ||
            (step == 3 && name.ptr[at + 7] != between) || civil.year < 1990 || civil.year > 2099 ||
            (step == 2 && end < name.len && name.ptr[end] >= '0' && name.ptr[end] <= '9'))
            continue;
        *ret_civil = civil;
        return true;
    }
    return false;
}

static int64_t
on_day(const struct written_time *written, int64_t day, const struct time_hints *hints)
{
    struct civil civil = written->civil, date;
    civil_from_days(day, &date);
    civil.year = date.year;
    civil.month = date.month;
    civil.day = date.day;
    return moment(written, &civil, hints);
}

/*
 * The day of a time of day: near the line before; else that in the name of the file; else the last
 * one on which it was not later than the record.
 */
static int64_t
nearest_day(const struct written_time *written, const struct time_hints *hints)
{
    struct civil day;
    int64_t before = hints->before_ns, near = hints->near_ns, best = TIME_NONE;
    if (before == TIME_NONE && day_of_file(hints->file, &day))
        return on_day(written, civil_to_days(day.year, day.month, day.day), hints);
    if (before == TIME_NONE && near == TIME_NONE)
        return TIME_NONE;
    int64_t anchor = before == TIME_NONE ? near : before, days = anchor / NS_PER_DAY;
    for (int64_t i = -2; i <= 2; i++) {
        int64_t ns = on_day(written, days + i, hints);
        bool later = before == TIME_NONE && ns - anchor > CLOCK_AHEAD_NS;
        if (ns != TIME_NONE && !later &&
            (best == TIME_NONE || distance(ns, anchor) < distance(best, anchor)))
            best = ns;
    }
    return best;
}

/*
 * Of several readings of a date ("10/03/26") the one that the line before or the record makes
 * likely: the only one within a week of it, else within a year; else the first in the order of
 * the form. What lies in the future of the record is none.
 */
static int64_t
likeliest(const struct written_time *written, const struct time_hints *hints)
{
    int64_t moments[1 + TIME_OTHERS_MAX], anchor = anchor_of(hints);
    int count = 0;
    for (int i = 0; i <= written->other_count; i++) {
        struct civil civil = written->civil;
        if (i > 0) {
            civil.year = written->others[i - 1].year;
            civil.month = written->others[i - 1].month;
            civil.day = written->others[i - 1].day;
        }
        int64_t ns = moment(written, &civil, hints);
        if (ns != TIME_NONE && (!too_late(ns, hints) || (i == written->other_count && count == 0)))
            moments[count++] = ns;
    }
    for (int64_t within = WEEK_NS; anchor != TIME_NONE && count > 1; within = YEAR_NS) {
        int close = 0, which = 0;
        for (int i = 0; i < count; i++)
            if (distance(moments[i], anchor) <= within) {
                close++;
                which = i;
            }
        if (close == 1)
            return moments[which];
        if (close > 1 || within == YEAR_NS)
            break;
    }
    return count == 0 ? TIME_NONE : moments[0];
}

static enum time_source
source_of(const struct written_time *written)
{
    if (!written->has_day || written->other_count > 0)
        return TIME_SOURCE_ASSUMED_DATE;
    if (!written->has_year)
        return TIME_SOURCE_ASSUMED_YEAR;
    bool native = written->has_zone && written->zone_certain;
    return native ? TIME_SOURCE_NATIVE : TIME_SOURCE_ASSUMED_ZONE;
}

bool
time_settle(const struct written_time *written, const struct time_hints *hints,
            struct read_time *ret_time)
{
    int64_t ns;
    struct civil leap = written->civil;
    if (!written->has_year)
        leap.year = 2000; /* has a 29th of February */
    if (!written->has_day)
        leap.month = leap.day = 1;
    if (!civil_valid(&leap))
        return false;
    if (!written->has_day)
        ns = nearest_day(written, hints);
    else if (!written->has_year)
        ns = nearest_year(written, hints);
    else if (written->other_count > 0)
        ns = likeliest(written, hints);
    else if ((ns = moment(written, &written->civil, hints)) == TIME_NONE || ns == 0)
        return false;
    enum time_precision precision = !written->has_clock ? PRECISION_DAY
                                    : !written->has_seconds
                                        ? PRECISION_MINUTE
                                        : time_precision_of(written->fraction_digits);
    ret_time->ns = ns;
    ret_time->precision = precision;
    ret_time->source = source_of(written);
    return true;
}
