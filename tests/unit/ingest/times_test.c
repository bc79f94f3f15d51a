/*
 * Times as properties: moments are written by the C library (strftime in a zone of TZ) and read
 * back, in every form, zone and precision; what a form leaves out is found where the rules of
 * docs/times.md say so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "hindcast/event.h"
#include "ingest/parse/times.h"

#define MOMENTS 150

static const char *const zones[] = {"UTC",           "Europe/Berlin",    "America/New_York",
                                    "Asia/Kolkata",  "America/St_Johns", "Australia/Lord_Howe",
                                    "Asia/Shanghai", "Pacific/Chatham"};
#define ZONES (sizeof(zones) / sizeof(zones[0]))

static uint64_t seed;

/* SplitMix64: the same numbers in every run. */
static uint64_t
next_number(void)
{
    uint64_t z = (seed += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Between 2001 and 2037; half of them within a day of a change of clocks in Berlin. */
static int64_t
some_moment(void)
{
    static const int64_t changes[] = {1774746000, 1792890000, 1761440400, 1743296400,
                                      1741503600, 1762063200, 1759593600, 1743865200};
    if (next_number() % 2 == 0)
        return changes[next_number() % 8] + (int64_t)(next_number() % 14400) - 7200;
    return INT64_C(1000000000) + (int64_t)(next_number() % 1130000000);
}

static const struct zone *
use(const char *name)
{
    const struct zone *zone = NULL;
    setenv("TZ", name, 1);
    tzset();
    assert_int_equal(zone_find(sv_from(name), &zone, NULL), 0);
    return zone;
}

/* The text with the library's fields; "%f" is the fraction, of `digits`. */
static void
format(char *text, size_t size, const char *form, int64_t at, int32_t ns, int digits)
{
    char with_fraction[128], fraction[16];
    time_t moment = (time_t)at;
    struct tm local;
    localtime_r(&moment, &local);
    snprintf(fraction, sizeof(fraction), "%09d", ns);
    const char *mark = strstr(form, "%f");
    if (mark == NULL)
        snprintf(with_fraction, sizeof(with_fraction), "%s", form);
    else
        snprintf(with_fraction, sizeof(with_fraction), "%.*s%.*s%s", (int)(mark - form), form,
                 digits, fraction, mark + 2);
    assert_true(strftime(text, size, with_fraction, &local) > 0);
}

/* The first moment at which the library's clock shows the same. */
static int64_t
first_of_equal(int64_t at)
{
    char shown[64], other[64];
    format(shown, sizeof(shown), "%F %T", at, 0, 0);
    static const int before[] = {7200, 3600, 1800};
    for (size_t i = 0; i < 3; i++) {
        format(other, sizeof(other), "%F %T", at - before[i], 0, 0);
        if (strcmp(shown, other) == 0)
            return at - before[i];
    }
    return at;
}

static int32_t
cut(int32_t ns, int digits)
{
    int32_t unit = 1000000000;
    for (int i = 0; i < digits; i++)
        unit /= 10;
    return ns / unit * unit;
}

static void
expect(const char *text, const struct time_hints *hints, int64_t ns, enum time_source source,
       int digits)
{
    static const enum time_precision precisions[] = {
        PRECISION_SECOND,      PRECISION_MILLISECOND, PRECISION_MILLISECOND, PRECISION_MILLISECOND,
        PRECISION_MICROSECOND, PRECISION_MICROSECOND, PRECISION_MICROSECOND, PRECISION_NANOSECOND,
        PRECISION_NANOSECOND,  PRECISION_NANOSECOND};
    struct read_time time;
    if (!times_read_hinted(sv_from(text), hints, &time))
        fail_msg("'%s' was not read", text);
    if (time.ns != ns)
        fail_msg("'%s': %lld, not %lld", text, (long long)time.ns, (long long)ns);
    if (time.source != source)
        fail_msg("'%s' is %s", text, time_source_word(time.source));
    if (digits >= 0)
        assert_int_equal(time.precision, precisions[digits]);
    assert_true(sv_eq(time.text, sv_from(text)));
}

/* ---- all is written ---- */

static void
moments_with_their_zone(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "%Y-%m-%dT%H:%M:%S.%f%z",  "%F %T.%f %z",           "%F %T,%f%z",
        "%d/%b/%Y:%H:%M:%S.%f %z", "%a, %d %b %Y %T.%f %z", "%Y%m%dT%H%M%S.%f%z",
        "%Y/%m/%d %T.%f %z",       "%e-%b-%Y %T.%f %z",     "%b %e, %Y %I:%M:%S.%f %p %z",
        "%G-W%V-%uT%T.%f%z",       "%Y-%jT%T.%f%z",         "%A %e. %B %Y %T.%f %z",
        "%Y.%m.%d-%H.%M.%S.%f%z",  "%Y-%m-%d_%T.%f%z",      "%d %b %Y; %T.%f %z",
    };
    const struct time_hints hints = {.near_ns = TIME_NONE, .before_ns = TIME_NONE};
    seed = 1;
    for (size_t z = 0; z < ZONES; z++) {
        use(zones[z]);
        for (int i = 0; i < MOMENTS; i++) {
            char text[160];
            int64_t at = some_moment();
            int digits = 1 + (int)(next_number() % 9);
            int32_t ns = (int32_t)(next_number() % 1000000000);
            const char *form = forms[next_number() % (sizeof(forms) / sizeof(forms[0]))];
            format(text, sizeof(text), form, at, ns, digits);
            /* '%e' of a day below ten begins with a blank. */
            expect(text + (text[0] == ' '), &hints, at * NS_PER_S + cut(ns, digits),
                   TIME_SOURCE_NATIVE, digits);
        }
    }
    use("UTC");
}

static void
epochs_in_four_units(void **state)
{
    (void)state;
    const struct time_hints hints = {.near_ns = TIME_NONE, .before_ns = TIME_NONE};
    seed = 2;
    for (int i = 0; i < 4 * MOMENTS; i++) {
        char text[64];
        int64_t at = some_moment();
        int32_t ns = (int32_t)(next_number() % 1000000000);
        int digits = 1 + (int)(next_number() % 9);
        char fraction[16];
        snprintf(fraction, sizeof(fraction), "%09d", ns);
        snprintf(text, sizeof(text), "%lld", (long long)at);
        expect(text, &hints, at * NS_PER_S, TIME_SOURCE_NATIVE, 0);
        snprintf(text, sizeof(text), "%lld%c%.*s", (long long)at, i % 2 == 0 ? '.' : ',', digits,
                 fraction);
        expect(text, &hints, at * NS_PER_S + cut(ns, digits), TIME_SOURCE_NATIVE, digits);
        static const int units[] = {3, 6, 9};
        for (size_t u = 0; u < 3; u++) {
            snprintf(text, sizeof(text), "%lld%.*s", (long long)at, units[u], fraction);
            expect(text, &hints, at * NS_PER_S + cut(ns, units[u]), TIME_SOURCE_NATIVE, units[u]);
        }
        snprintf(text, sizeof(text), "%lld", (long long)at);
        char exponent[96];
        snprintf(exponent, sizeof(exponent), "%c.%s%.6s%s", text[0], text + 1, fraction,
                 i % 2 == 0 ? "E9" : "e+9");
        expect(exponent, &hints, at * NS_PER_S + cut(ns, 6), TIME_SOURCE_NATIVE, 6);
        struct read_time time;
        assert_true(times_of_parts(sv_from(text), sv_from(fraction), &time));
        assert_int_equal(time.ns, at * NS_PER_S + ns);
    }
}

/* ---- the zone is missing ---- */

static void
moments_in_a_zone_that_was_told(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "%F %T.%f",       "%FT%T,%f",          "%Y/%m/%d %T.%f",
        "%d/%b/%Y:%T.%f", "%a %b %e %T.%f %Y", "%b %e, %Y %I:%M:%S.%f %p",
        "%d-%b-%Y %T.%f", "%Y%m%d-%T.%f",      "%Y%m%dT%H%M%S.%f",
        "%d.%m.%Y %T.%f", "%y%m%d %T.%f",      "%F_%H-%M-%S.%f",
    };
    seed = 3;
    for (size_t z = 0; z < ZONES; z++) {
        const struct time_hints hints = {
            .zone = use(zones[z]), .near_ns = TIME_NONE, .before_ns = TIME_NONE};
        for (int i = 0; i < MOMENTS; i++) {
            char text[128];
            int64_t at = some_moment();
            int digits = 1 + (int)(next_number() % 9);
            int32_t ns = (int32_t)(next_number() % 1000000000);
            if (digits < 3)
                digits = 3; /* a comma and two digits may be a column */
            format(text, sizeof(text), forms[next_number() % (sizeof(forms) / sizeof(forms[0]))],
                   at, ns, digits);
            expect(text, &hints, first_of_equal(at) * NS_PER_S + cut(ns, digits),
                   TIME_SOURCE_ASSUMED_ZONE, digits);
        }
    }
    use("UTC");
}

/* The names that the library writes are those of the zone, where they are not ambiguous. */
static void
names_of_zones(void **state)
{
    (void)state;
    static const char *const forms[] = {"%F %T %Z", "%a %b %e %T %Z %Y", "[%F %T %Z]"};
    seed = 4;
    for (size_t z = 0; z < ZONES; z++) {
        const struct zone *zone = use(zones[z]);
        const struct time_hints told = {.zone = zone, .near_ns = TIME_NONE, .before_ns = TIME_NONE};
        const struct time_hints untold = {.near_ns = TIME_NONE, .before_ns = TIME_NONE};
        for (int i = 0; i < MOMENTS; i++) {
            char text[128], name[16];
            int64_t at = INT64_C(1420070400) + (int64_t)(next_number() % 600000000);
            format(name, sizeof(name), "%Z", at, 0, 0);
            if (name[0] == '+' || name[0] == '-')
                continue; /* Lord Howe, Chatham: an offset, tried above */
            format(text, sizeof(text), forms[next_number() % 3], at, 0, 0);
            bool shared = strcmp(name, "CST") == 0 || strcmp(name, "IST") == 0;
            struct read_time time;
            assert_true(times_read_hinted(sv_from(text), &told, &time));
            if (time.ns != at * NS_PER_S)
                fail_msg("'%s' in %s: %lld, not %lld", text, zones[z],
                         (long long)(time.ns / NS_PER_S), (long long)at);
            assert_int_equal(time.source, shared ? TIME_SOURCE_ASSUMED_ZONE : TIME_SOURCE_NATIVE);
            assert_true(shared || times_read_hinted(sv_from(text), &untold, &time));
            assert_int_equal(time.ns, at * NS_PER_S);
        }
    }
    use("UTC");
}

/* ---- year or day are missing ---- */

static void
years_roll_over(void **state)
{
    (void)state;
    static const char *const forms[] = {"%b %e %T", "%b %d %T.000", "%m-%d %T",
                                        "%e %b %T", "%a %b %e %T",  "%m/%d %T"};
    seed = 5;
    for (int i = 0; i < 8 * MOMENTS; i++) {
        char text[64];
        const struct zone *zone = use(zones[next_number() % ZONES]);
        int64_t at = first_of_equal(some_moment()), late = (int64_t)(next_number() % (360 * 86400));
        format(text, sizeof(text), forms[next_number() % 6], at, 0, 0);
        if (strstr(text, "Feb 29") != NULL || strstr(text, "02-29") != NULL)
            continue;
        /* Seen up to a year later, or by a clock that is a day behind. */
        struct time_hints hints = {.zone = zone,
                                   .near_ns = (at + (i % 9 == 0 ? -80000 : late)) * NS_PER_S,
                                   .before_ns = TIME_NONE};
        expect(text + (text[0] == ' '), &hints, at * NS_PER_S, TIME_SOURCE_ASSUMED_YEAR, -1);
        /* Near the line before, whenever the file was copied. */
        hints.near_ns = (at + 3 * INT64_C(31556952)) * NS_PER_S;
        hints.before_ns = (at + (int64_t)(next_number() % (300 * 86400)) - 150 * 86400) * NS_PER_S;
        expect(text + (text[0] == ' '), &hints, at * NS_PER_S, TIME_SOURCE_ASSUMED_YEAR, -1);
    }
    use("UTC");
}

static void
days_of_times_of_day(void **state)
{
    (void)state;
    seed = 6;
    for (int i = 0; i < 4 * MOMENTS; i++) {
        char text[64], file[64];
        const struct zone *zone = use("Asia/Kolkata"); /* the clocks are never changed */
        int64_t at = some_moment();
        format(text, sizeof(text), i % 2 == 0 ? "%T.000" : "%I:%M:%S %p", at, 0, 0);
        format(file, sizeof(file), i % 3 == 0 ? "a/app_%Y-%m-%d.log" : "app.%Y%m%d-01.log.gz", at,
               0, 0);
        struct time_hints hints = {.zone = zone, .near_ns = TIME_NONE, .before_ns = TIME_NONE};
        struct read_time time;
        assert_false(times_read_hinted(sv_from(text), &hints, &time));
        hints.near_ns = (at + (int64_t)(next_number() % 82000)) * NS_PER_S;
        expect(text, &hints, at * NS_PER_S, TIME_SOURCE_ASSUMED_DATE, -1);
        hints.near_ns = (at + 90 * 86400) * NS_PER_S;
        hints.file = sv_from(file);
        expect(text, &hints, at * NS_PER_S, TIME_SOURCE_ASSUMED_DATE, -1);
        hints.before_ns = (at + (int64_t)(next_number() % 86000) - 43000) * NS_PER_S;
        expect(text, &hints, at * NS_PER_S, TIME_SOURCE_ASSUMED_DATE, -1);
    }
    use("UTC");
}

/* ---- the order of day, month and year ---- */

static void
orders_of_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *near, *read;
        enum time_source source;
    } cases[] = {
        {"10/13/21 15:04:12", "", "2021-10-13", TIME_SOURCE_ASSUMED_ZONE},
        {"13/10/2021 15:04:12", "", "2021-10-13", TIME_SOURCE_ASSUMED_ZONE},
        {"13.10.2021 15:04:12", "", "2021-10-13", TIME_SOURCE_ASSUMED_ZONE},
        {"05.10.2021 15:04:12", "", "2021-10-05", TIME_SOURCE_ASSUMED_ZONE},
        {"7/7/2021 15:04:12", "", "2021-07-07", TIME_SOURCE_ASSUMED_ZONE},
        /* near the record */
        {"03/10/26 15:04:12", "2026-03-11", "2026-03-10", TIME_SOURCE_ASSUMED_DATE},
        {"03/10/2026 15:04:12", "2026-10-04", "2026-10-03", TIME_SOURCE_ASSUMED_DATE},
        {"03/10/2026 15:04:12", "2026-03-12", "2026-03-10", TIME_SOURCE_ASSUMED_DATE},
        {"26/03/10 15:04:12", "2026-03-12", "2026-03-10", TIME_SOURCE_ASSUMED_DATE},
        {"10-03-2026 15:04:12", "2026-10-04", "2026-10-03", TIME_SOURCE_ASSUMED_DATE},
        /* not in its future */
        {"04/12/2026 15:04:12", "2026-06-01", "2026-04-12", TIME_SOURCE_ASSUMED_DATE},
        /* the order of the form */
        {"03/04/2026 15:04:12", "2026-06-01", "2026-03-04", TIME_SOURCE_ASSUMED_DATE},
        {"03-04-2026 15:04:12", "2026-06-01", "2026-04-03", TIME_SOURCE_ASSUMED_DATE},
        {"17/06/09 15:04:12", "2026-06-01", "2017-06-09", TIME_SOURCE_ASSUMED_DATE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char day[32];
        struct parsed_time near = {.ns = TIME_NONE}, read;
        snprintf(day, sizeof(day), "%s 15:04:12", cases[i].near);
        (void)time_parse(sv_from(day), &near);
        snprintf(day, sizeof(day), "%s 15:04:12", cases[i].read);
        assert_true(time_parse(sv_from(day), &read));
        const struct time_hints hints = {.near_ns = near.ns, .before_ns = TIME_NONE};
        expect(cases[i].text, &hints, read.ns, cases[i].source, 0);
    }
}

/* ---- no times ---- */

static void
what_is_no_time(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "2026-13-01 10:00:00",
        "2026-02-30 10:00:00",
        "2026-03-01 24:00:00",
        "2026-03-01 10:60:00",
        "2026-03-01 10:00:61",
        "Feb 30 10:00:00",
        "31/Apr/2026:10:00:00",
        "2026-W54-1T10:00:00",
        "2026-366T10:00:00",
        "20261301T100000Z",
        "10:00:00",
        "10:00",
        "Mar 10 10:00:00",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2026-03-01 10:00:00 XYZ",
        "2026-03-01 10:00:00 +25:00",
        "13:00:00 PM",
        "2026-03-01T10:00:00+",
        "99/99/99 10:00:00",
        "1772359200 apples",
        "-1772359200",
        "1.2.3.4",
        "1772359200E99",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct read_time time;
        if (times_read(sv_from(texts[i]), NULL, &time))
            fail_msg("'%s' was read as a time", texts[i]);
    }
}

/* Any bytes in place of one, cut anywhere: nothing is read beyond the end. */
static void
disturbed_times(void **state)
{
    (void)state;
    static const char *const texts[] = {"2026-03-10T15:04:12.123456789+01:00[Europe/Berlin]",
                                        "Tue Mar 10 15:04:12 CET 2026",
                                        "10/Mar/2026:15:04:12 +0100",
                                        "10/13/21 3:04:12 PM GMT+1",
                                        "2026-W11-2T150412Z",
                                        "1.772361600123E12",
                                        "d\xC3\xA9"
                                        "c. 10 15:04:12",
                                        "20260310150412123"};
    seed = 7;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        for (size_t at = 0, length = strlen(texts[i]); at < length; at++) {
            char *text = malloc(length);
            struct read_time time;
            size_t used;
            const struct time_hints hints = {.near_ns = INT64_MAX, .before_ns = INT64_MIN + 1};
            assert_non_null(text);
            memcpy(text, texts[i], length);
            (void)times_read_hinted(sv_of(text, at), &hints, &time);
            for (int n = 0; n < 20; n++) {
                text[at] = (char)next_number();
                (void)times_read_hinted(sv_of(text, length), &hints, &time);
                if (times_read_prefix(sv_of(text, length), &hints, &time, &used))
                    assert_true(used <= length);
            }
            free(text);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_with_their_zone),
        cmocka_unit_test(epochs_in_four_units),
        cmocka_unit_test(moments_in_a_zone_that_was_told),
        cmocka_unit_test(names_of_zones),
        cmocka_unit_test(years_roll_over),
        cmocka_unit_test(days_of_times_of_day),
        cmocka_unit_test(orders_of_numbers),
        cmocka_unit_test(what_is_no_time),
        cmocka_unit_test(disturbed_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
