/*
 * Clocks and the calendar: see clock.h. Day arithmetic after Howard Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms" (public domain), which needs no loops and no tables.
 */
#include "base/clock.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t
read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

#ifdef HINDCAST_FAILPOINTS
static int64_t
jumped_ns(void)
{
    const char *path = getenv("HINDCAST_CLOCK");
    FILE *file = path == NULL ? NULL : fopen(path, "re");
    char text[32] = "";
    int64_t seconds = 0, ns;
    if (file == NULL)
        return 0;
    if (fgets(text, sizeof(text), file) == NULL || !sv_to_int64(sv_trim(sv_from(text)), &seconds) ||
        !time_of_units(seconds, NS_PER_S, 0, &ns))
        ns = 0;
    fclose(file);
    return ns;
}
#else
static int64_t
jumped_ns(void)
{
    return 0;
}
#endif

int64_t
clock_now_ns(void)
{
    int64_t now_ns;
    if (__builtin_add_overflow(read_clock(CLOCK_REALTIME), jumped_ns(), &now_ns))
        return INT64_MAX;
    return now_ns;
}

int64_t
clock_elapsed_ns(void)
{
    return read_clock(CLOCK_BOOTTIME);
}

int64_t
clock_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t
clock_after(int64_t wait_ns)
{
    int64_t until_ns;
    if (__builtin_add_overflow(clock_monotonic_ns(), wait_ns, &until_ns))
        return INT64_MAX;
    return until_ns;
}

bool
time_of_units(int64_t count, int64_t unit_ns, int64_t rest_ns, int64_t *ret_ns)
{
    int64_t ns;
    if (__builtin_mul_overflow(count, unit_ns, &ns) || __builtin_add_overflow(ns, rest_ns, &ns))
        return false;
    *ret_ns = ns;
    return true;
}

int64_t
time_of_units_or_none(int64_t count, int64_t unit_ns, int64_t rest_ns)
{
    int64_t ns;
    bool fits = time_of_units(count, unit_ns, rest_ns, &ns);
    return fits && ns >= TIME_MIN_NS && ns <= TIME_MAX_NS ? ns : TIME_NONE;
}

void
clock_sleep_until(int64_t until_ns)
{
    struct timespec until = {until_ns / NS_PER_S, until_ns % NS_PER_S};
    if (until_ns > 0)
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
            ;
}

int64_t
civil_to_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void
civil_from_days(int64_t days, struct civil *ret_civil)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *ret_civil = (struct civil){
        .year = (int)(year_of_era + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1),
    };
}

bool
civil_valid(const struct civil *civil)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (civil->month < 1 || civil->month > 12 || civil->day < 1)
        return false;
    bool leap = civil->year % 4 == 0 && (civil->year % 100 != 0 || civil->year % 400 == 0);
    int length = lengths[civil->month - 1] + (civil->month == 2 && leap);
    return civil->day <= length && civil->hour >= 0 && civil->hour <= 23 && civil->minute >= 0 &&
           civil->minute <= 59 && civil->second >= 0 && civil->second <= 60 &&
           civil->nanosecond >= 0 && civil->nanosecond < NS_PER_S;
}

bool
civil_to_ns(const struct civil *civil, int64_t *ret_ns)
{
    if (!civil_valid(civil) || civil->year < 1700 || civil->year > 2200)
        return false;
    int64_t seconds = civil_to_days(civil->year, civil->month, civil->day) * 86400 +
                      civil->hour * 3600 + civil->minute * 60 + civil->second;
    *ret_ns = seconds * NS_PER_S + civil->nanosecond;
    return true;
}

void
civil_from_ns(int64_t ns, struct civil *ret_civil)
{
    int64_t days = ns / NS_PER_DAY;
    int64_t rest = ns % NS_PER_DAY;
    if (rest < 0) {
        rest += NS_PER_DAY;
        days--;
    }
    civil_from_days(days, ret_civil);
    ret_civil->nanosecond = (int32_t)(rest % NS_PER_S);
    int64_t seconds = rest / NS_PER_S;
    ret_civil->hour = (int)(seconds / 3600);
    ret_civil->minute = (int)(seconds / 60 % 60);
    ret_civil->second = (int)(seconds % 60);
}

/* A reader's place in a text. */
struct cursor {
    struct sv text;
    size_t at;
};

static bool
take_digits(struct cursor *in, int count, int *ret_value)
{
    if (in->text.len - in->at < (size_t)count)
        return false;
    int value = 0;
    for (int i = 0; i < count; i++) {
        char c = in->text.ptr[in->at + (size_t)i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    in->at += (size_t)count;
    *ret_value = value;
    return true;
}

static bool
take_char(struct cursor *in, const char *any_of)
{
    if (in->at >= in->text.len || in->text.ptr[in->at] == '\0' ||
        strchr(any_of, in->text.ptr[in->at]) == NULL)
        return false;
    in->at++;
    return true;
}

static void
take_fraction(struct cursor *in, struct parsed_time *time, int32_t *ret_ns)
{
    size_t before = in->at;
    int32_t value = 0;
    int digits = 0;
    if (take_char(in, ".,")) {
        while (in->at < in->text.len && isdigit((unsigned char)in->text.ptr[in->at])) {
            if (digits < 9) {
                value = value * 10 + (in->text.ptr[in->at] - '0');
                digits++;
            }
            in->at++;
        }
        if (digits == 0)
            in->at = before;
    }
    time->fraction_digits = digits;
    for (int i = digits; i < 9; i++)
        value *= 10;
    *ret_ns = value;
}

static bool
take_offset(struct cursor *in, struct parsed_time *time)
{
    int sign = in->text.ptr[in->at] == '-' ? -1 : 1;
    if (!take_char(in, "+-"))
        return false;
    int hours = 0, minutes = 0;
    if (!take_digits(in, 2, &hours))
        return false;
    bool separator = take_char(in, ":.");
    if (!take_digits(in, 2, &minutes) && separator)
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    time->has_zone = true;
    time->offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool
take_zone(struct cursor *in, struct parsed_time *time)
{
    size_t before = in->at;
    take_char(in, " ");
    struct sv rest = sv_slice(in->text, in->at, in->text.len);
    if (sv_eq_nocase(rest, SV("Z")) || sv_eq_nocase(rest, SV("UTC")) ||
        sv_eq_nocase(rest, SV("GMT"))) {
        time->has_zone = true;
        in->at = in->text.len;
        return true;
    }
    if (rest.len > 0 && (rest.ptr[0] == '+' || rest.ptr[0] == '-')) {
        if (!take_offset(in, time))
            return false;
        /* Go prints the zone's name after its offset: "-0400 EDT", "+0000 UTC". */
        struct sv name = sv_trim(sv_slice(in->text, in->at, in->text.len));
        for (size_t i = 0; i < name.len; i++)
            if (!isupper((unsigned char)name.ptr[i]))
                return false;
        if (name.len > 5)
            return false;
        in->at = in->text.len;
        return true;
    }
    in->at = before;
    return in->at == in->text.len;
}

bool
time_parse(struct sv text, struct parsed_time *ret_time)
{
    struct cursor in = {sv_trim(text), 0};
    struct civil civil = {0};
    struct parsed_time time = {0};
    if (!take_digits(&in, 4, &civil.year) || !take_char(&in, "-/") ||
        !take_digits(&in, 2, &civil.month) || !take_char(&in, "-/") ||
        !take_digits(&in, 2, &civil.day) || !take_char(&in, "Tt ") ||
        !take_digits(&in, 2, &civil.hour) || !take_char(&in, ":") ||
        !take_digits(&in, 2, &civil.minute))
        return false;
    if (take_char(&in, ":")) {
        if (!take_digits(&in, 2, &civil.second))
            return false;
        take_fraction(&in, &time, &civil.nanosecond);
    }
    if (!take_zone(&in, &time) || !civil_to_ns(&civil, &time.ns))
        return false;
    time.ns -= time.offset_s * NS_PER_S;
    *ret_time = time;
    return true;
}

int
time_parse_offset(const char *text, int32_t *ret_offset_s, struct err *err)
{
    char moment[64];
    struct parsed_time parsed;
    int length = snprintf(moment, sizeof(moment), "2000-01-01T00:00:00%s", text);
    bool fits = length > 0 && (size_t)length < sizeof(moment);
    if (text[0] == '\0')
        parsed = (struct parsed_time){.has_zone = true};
    else if (!fits || !time_parse(sv_from(moment), &parsed) || !parsed.has_zone ||
             parsed.fraction_digits > 0) {
        err_set(err, ERR_CONFIG, "'%s' is not an offset from UTC", text);
        return err_hint(err, "write it like +02:00");
    }
    *ret_offset_s = parsed.offset_s;
    return 0;
}

int
time_parse_arg(const char *option, const char *text, int64_t *ret_ns, struct err *err)
{
    struct sv view = sv_trim(sv_from(text));
    struct parsed_time time;
    char with_clock[32];
    if (view.len == 10) {
        snprintf(with_clock, sizeof(with_clock), SV_FMT "T00:00:00Z", SV_ARG(view));
        view = sv_from(with_clock);
    }
    if (!time_parse(view, &time)) {
        err_set(err, ERR_USAGE, "%s: '%s' is not a time", option, text);
        return err_hint(err, "write it as 2026-03-01T14:05:00Z, or with an offset such as +01:00");
    }
    if (time.ns < TIME_MIN_NS || time.ns > TIME_MAX_NS)
        return err_set(err, ERR_USAGE, "%s: '%s' is not between the years 1970 and 2099", option,
                       text);
    *ret_ns = time.ns;
    return 0;
}

/* So many digits, with zeros before the number; returns where they end. Many times are written. */
static char *
put_digits(char *at, int32_t number, int digits)
{
    for (int i = digits - 1; i >= 0; i--, number /= 10)
        at[i] = (char)('0' + number % 10);
    return at + digits;
}

static char *
put_with(char *at, char before, int32_t number, int digits)
{
    *at = before;
    return put_digits(at + 1, number, digits);
}

void
time_format(int64_t ns, char ret_text[TIME_TEXT])
{
    struct civil c;
    civil_from_ns(ns, &c); /* 64 bits of nanoseconds lie in the years 1677 to 2262 */
    char *at = put_digits(ret_text, c.year, 4);
    at = put_with(at, '-', c.month, 2);
    at = put_with(at, '-', c.day, 2);
    at = put_with(at, 'T', c.hour, 2);
    at = put_with(at, ':', c.minute, 2);
    at = put_with(at, ':', c.second, 2);
    if (c.nanosecond % NS_PER_MS == 0 && c.nanosecond != 0)
        at = put_with(at, '.', (int32_t)(c.nanosecond / NS_PER_MS), 3);
    else if (c.nanosecond % NS_PER_US == 0 && c.nanosecond != 0)
        at = put_with(at, '.', (int32_t)(c.nanosecond / NS_PER_US), 6);
    else if (c.nanosecond != 0)
        at = put_with(at, '.', (int32_t)c.nanosecond, 9);
    *at++ = 'Z';
    *at = '\0';
}

struct sv
time_format_sv(struct arena *arena, int64_t ns)
{
    char text[TIME_TEXT];
    time_format(ns, text);
    return arena_copy(arena, sv_from(text));
}

int
time_zone_use(const char *name, struct err *err)
{
    char path[256];
    bool plain = name[0] != '\0' && name[0] != '/' && strstr(name, "..") == NULL;
    int used = snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
    bool fits = used > 0 && (size_t)used < sizeof(path);
    if (strcmp(name, "UTC") != 0 && (!plain || !fits || access(path, R_OK) != 0)) {
        err_set(err, ERR_USAGE, "time zone '%s' is not known", name);
        return err_hint(err, "use an IANA name such as Europe/Berlin; Debian: package tzdata");
    }
    setenv("TZ", name, 1);
    tzset();
    return 0;
}

void
time_format_zone(int64_t ns, char ret_text[TIME_TEXT])
{
    time_t seconds = (time_t)(ns / NS_PER_S - (ns % NS_PER_S < 0));
    struct tm local;
    localtime_r(&seconds, &local);
    strftime(ret_text, TIME_TEXT, "%Y-%m-%d %H:%M:%S %Z", &local);
}

void
duration_format(int64_t ns, char ret_text[DURATION_TEXT])
{
    int64_t seconds = ns / NS_PER_S;
    int64_t days = seconds / 86400, hours = seconds / 3600 % 24, minutes = seconds / 60 % 60;
    if (days > 0)
        snprintf(ret_text, DURATION_TEXT, "%lld d %lld h %02lld min", (long long)days,
                 (long long)hours, (long long)minutes);
    else if (hours > 0)
        snprintf(ret_text, DURATION_TEXT, "%lld h %02lld min", (long long)hours,
                 (long long)minutes);
    else if (minutes > 0 && seconds % 60 != 0)
        snprintf(ret_text, DURATION_TEXT, "%lld min %lld s", (long long)minutes,
                 (long long)(seconds % 60));
    else if (minutes > 0)
        snprintf(ret_text, DURATION_TEXT, "%lld min", (long long)minutes);
    else
        snprintf(ret_text, DURATION_TEXT, "%lld s", (long long)seconds);
}

int
duration_parse(const char *text, int64_t *ret_ns, struct err *err)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = {{"", NS_PER_S},         {"ms", NS_PER_MS},  {"s", NS_PER_S},  {"m", NS_PER_MINUTE},
                 {"min", NS_PER_MINUTE}, {"h", NS_PER_HOUR}, {"d", NS_PER_DAY}};
    size_t digits = strspn(text, "0123456789");
    int64_t count = 0;
    if (digits > 0 && sv_to_int64(sv_of(text, digits), &count))
        for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
            if (strcmp(text + digits, units[i].unit) == 0 &&
                !__builtin_mul_overflow(count, units[i].ns, ret_ns))
                return 0;
    err_set(err, ERR_CONFIG, "'%s' is not a duration", text);
    return err_hint(err, "write a number and a unit: 500ms, 30s, 5m, 2h, 7d");
}
