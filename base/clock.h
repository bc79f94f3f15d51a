/*
 * Time. Inside the program a moment is `int64_t ..._ns`: nanoseconds since 1970-01-01 UTC without
 * leap seconds. Moments outside 1970 to 2099 are text only: TIME_MIN_NS to TIME_MAX_NS is what the
 * tables take. TIME_NONE means "no time".
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MINUTE (60 * NS_PER_S)
#define NS_PER_HOUR (3600 * NS_PER_S)
#define NS_PER_DAY (86400 * NS_PER_S)

#define TIME_NONE INT64_MIN
#define TIME_MIN_NS INT64_C(0)
#define TIME_MAX_NS (INT64_C(4102444800) * NS_PER_S - 1) /* 2099-12-31T23:59:59.999999999Z */

/*
 * The one way from a count that comes from outside (the time of a file, of an archive's entry or of
 * a record, an epoch in JSON, a column) to nanoseconds: `count` units of `unit_ns` and `rest_ns`
 * more. False, and nothing written, where int64 cannot hold it.
 */
bool time_of_units(int64_t count, int64_t unit_ns, int64_t rest_ns, int64_t *ret_ns);
/* The same within TIME_MIN_NS and TIME_MAX_NS; TIME_NONE for anything else. */
int64_t time_of_units_or_none(int64_t count, int64_t unit_ns, int64_t rest_ns);

/*
 * Wall clock and monotonic clock. Neither may take part in a result; see promise 1. The wall clock
 * may jump at any moment, by years: it is for what people read, never for waiting, nor for deciding
 * what is kept. Builds with HINDCAST_FAILPOINTS let it jump: HINDCAST_CLOCK names a file whose
 * number of seconds is added, read anew each time.
 */
int64_t clock_now_ns(void);
int64_t clock_monotonic_ns(void);
/* Monotonic, and goes on while the machine sleeps: for telling the time of another clock. */
int64_t clock_elapsed_ns(void);
/* `wait_ns` from now on the monotonic clock; the end of time where a setting asks for more. */
int64_t clock_after(int64_t wait_ns);
/* On the monotonic clock; a moment that has passed returns at once. */
void clock_sleep_until(int64_t until_ns);

/* Broken-down time of the proleptic Gregorian calendar. */
struct civil {
    int year, month, day;     /* 1..12, 1..31 */
    int hour, minute, second; /* second may be 60 on input */
    int32_t nanosecond;
};

/* Days from 1970-01-01; any year. */
int64_t civil_to_days(int year, int month, int day);
void civil_from_days(int64_t days, struct civil *ret_civil);
bool civil_valid(const struct civil *civil);
/* As UTC. False when the result is outside what int64 nanoseconds hold or the date is invalid. */
bool civil_to_ns(const struct civil *civil, int64_t *ret_ns);
void civil_from_ns(int64_t ns, struct civil *ret_civil);

/*
 * RFC 3339 with the freedom its users take: 'T' or a blank between date and time, 0 to 9 fraction
 * digits after '.' or ',', seconds may be missing, zone "Z", "+hh:mm", "+hhmm", "+hh", " UTC".
 */
struct parsed_time {
    int64_t ns;          /* as if UTC when has_zone is false */
    int fraction_digits; /* 0..9 */
    bool has_zone;
    int32_t offset_s; /* east of UTC, 0 without a zone */
};
bool time_parse(struct sv text, struct parsed_time *ret_time);
/* "+02:00", "-0530", "Z" or nothing: seconds east of UTC. CONFIG: it is none of these. */
int time_parse_offset(const char *text, int32_t *ret_offset_s, struct err *err);
/*
 * For times people type: needs a zone or is read as UTC; a date alone is its midnight UTC. Between
 * 1970 and 2099, else ERR_USAGE that names the `option`, e.g. "--from".
 */
int time_parse_arg(const char *option, const char *text, int64_t *ret_ns, struct err *err);

/* "2026-03-01T10:00:00.123Z": UTC, fraction with 0, 3, 6 or 9 digits as needed. */
#define TIME_TEXT 40
void time_format(int64_t ns, char ret_text[TIME_TEXT]);
struct sv time_format_sv(struct arena *arena, int64_t ns);

/*
 * Any IANA zone for output. Opened once at the start of a command, on the main thread, because the
 * C library keeps one zone per process.
 */
int time_zone_use(const char *name, struct err *err); /* "UTC", "Europe/Berlin", ... */
/* "2026-03-01 11:00:00 CET" in the zone in use. */
void time_format_zone(int64_t ns, char ret_text[TIME_TEXT]);

/* "1 h 05 min", "42 s": for people; never negative input. */
#define DURATION_TEXT 48
void duration_format(int64_t ns, char ret_text[DURATION_TEXT]);
/* "90s", "5m", "2h", "7d", "250ms" or a plain number of seconds. */
int duration_parse(const char *text, int64_t *ret_ns, struct err *err);

#endif
