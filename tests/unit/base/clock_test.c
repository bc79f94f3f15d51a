/*
 * base/clock: the calendar, what is read as a time, and what is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "base/clock.h"

static int64_t
parsed(const char *text)
{
    struct parsed_time time;
    return time_parse(sv_from(text), &time) ? time.ns : TIME_NONE;
}

static void
calendar_round_trips_over_two_centuries(void **state)
{
    (void)state;
    assert_int_equal(civil_to_days(1970, 1, 1), 0);
    assert_int_equal(civil_to_days(2000, 3, 1), 11017);
    for (int64_t day = -80000; day < 80000; day += 13) {
        struct civil civil;
        civil_from_days(day, &civil);
        assert_true(civil_valid(&civil));
        assert_int_equal(civil_to_days(civil.year, civil.month, civil.day), day);
    }
}

static void
every_spelling_of_one_instant_is_that_instant(void **state)
{
    (void)state;
    static const char *const same[] = {
        "2026-03-02T14:43:05Z",          "2026-03-02 14:43:05 UTC",
        "2026-03-02T15:43:05+01:00",     "2026-03-02T15:43:05+0100",
        "2026-03-02T15:43:05+01.00",     "2026-03-02T14:43:05.000000000Z",
        "2026-03-02 10:43:05 -0400 EDT", "2026-03-02 14:43:05.0 +0000 UTC",
        "2026-03-02t14:43:05z",          " 2026-03-02T14:43:05Z ",
        "2026/03/02 14:43:05",           "2026-03-02T14:43:05,000",
    };
    int64_t expected = INT64_C(1772462585) * NS_PER_S;
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        assert_int_equal(parsed(same[i]), expected);
}

static void
what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:61:00Z",
        "2026-01-01",
        "2026-01-01T00:00:00+25:00",
        "2026-01-01T00:00:00 no zone",
        "99999-01-01T00:00:00Z",
        "2026-01-01T00:00:00Zjunk",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_true(parsed(bad[i]) == TIME_NONE);
}

static void
fractions_keep_their_digits(void **state)
{
    (void)state;
    struct parsed_time time;
    assert_true(time_parse(SV("2018-11-04T22:43:58.283995108+01:00"), &time));
    assert_int_equal(time.fraction_digits, 9);
    assert_int_equal(time.ns % NS_PER_S, 283995108);
    assert_true(time_parse(SV("2026-01-01T00:00:00.5"), &time));
    assert_false(time.has_zone);
    assert_int_equal(time.ns % NS_PER_S, 500000000);
}

static void
times_print_only_the_digits_they_need(void **state)
{
    (void)state;
    char text[TIME_TEXT];
    time_format(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    time_format(1500000, text);
    assert_string_equal(text, "1970-01-01T00:00:00.001500Z");
    time_format(TIME_MAX_NS, text);
    assert_string_equal(text, "2099-12-31T23:59:59.999999999Z");
    time_format(-NS_PER_S, text);
    assert_string_equal(text, "1969-12-31T23:59:59Z");
}

static void
zones_follow_daylight_saving(void **state)
{
    (void)state;
    struct err err;
    char text[TIME_TEXT];
    assert_int_equal(time_zone_use("Europe/Berlin", &err), 0);
    time_format_zone(parsed("2026-03-29T00:59:59Z"), text);
    assert_string_equal(text, "2026-03-29 01:59:59 CET");
    time_format_zone(parsed("2026-03-29T01:00:00Z"), text);
    assert_string_equal(text, "2026-03-29 03:00:00 CEST");
    assert_int_equal(time_zone_use("Mars/Olympus", &err), -1);
    assert_int_equal(time_zone_use("../../etc/passwd", &err), -1);
    assert_int_equal(time_zone_use("UTC", &err), 0);
}

static void
durations_read_and_print(void **state)
{
    (void)state;
    struct err err;
    int64_t ns = 0;
    char text[DURATION_TEXT];
    assert_int_equal(duration_parse("90s", &ns, &err), 0);
    assert_int_equal(ns, 90 * NS_PER_S);
    assert_int_equal(duration_parse("5m", &ns, &err), 0);
    assert_int_equal(ns, 5 * NS_PER_MINUTE);
    assert_int_equal(duration_parse("5 m", &ns, &err), -1);
    assert_int_equal(duration_parse("99999999999999d", &ns, &err), -1);
    duration_format(65 * NS_PER_MINUTE, text);
    assert_string_equal(text, "1 h 05 min");
    duration_format(61 * NS_PER_S, text);
    assert_string_equal(text, "1 min 1 s");
}

static void
times_typed_name_their_option(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"soon", "--from: 'soon' is not a time"},
        {"9999-01-01T00:00:00Z", "--from: '9999-01-01T00:00:00Z' is not a time"},
        {"2100-01-01", "--from: '2100-01-01' is not between the years 1970 and 2099"},
    };
    int64_t ns = 7;
    struct err err = {0};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(time_parse_arg("--from", wrong[i][0], &ns, &err), -1);
        assert_string_equal(err.message, wrong[i][1]);
        assert_int_equal(err.code, ERR_USAGE);
        assert_int_equal(ns, 7);
    }
    assert_int_equal(time_parse_arg("--from", "2026-03-01", &ns, &err), 0);
    assert_int_equal(ns, parsed("2026-03-01T00:00:00Z"));
}

static void
test_counts_from_outside(void **state)
{
    static const struct {
        int64_t count, unit_ns, rest_ns, in_range;
        bool fits;
    } cases[] = {
        {0, NS_PER_S, 0, 0, true},
        {1772355600, NS_PER_S, 5, INT64_C(1772355600000000005), true},
        {4102444799, NS_PER_S, 999999999, TIME_MAX_NS, true},
        {4102444800, NS_PER_S, 0, TIME_NONE, true},
        {-1, NS_PER_S, 0, TIME_NONE, true},
        {9223372036, NS_PER_S, 854775807, TIME_NONE, true},
        {9223372036, NS_PER_S, 854775808, TIME_NONE, false},
        {20000000000, NS_PER_S, 0, TIME_NONE, false}, /* would wrap round to 2019 */
        {INT64_MAX, NS_PER_MS, 0, TIME_NONE, false},
        {INT64_MIN, NS_PER_US, 0, TIME_NONE, false},
        {INT64_MAX, 1, 1, TIME_NONE, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t ns = 77;
        assert_int_equal(time_of_units(cases[i].count, cases[i].unit_ns, cases[i].rest_ns, &ns),
                         cases[i].fits);
        if (!cases[i].fits)
            assert_int_equal(ns, 77);
        assert_int_equal(time_of_units_or_none(cases[i].count, cases[i].unit_ns, cases[i].rest_ns),
                         cases[i].in_range);
    }
    assert_int_equal(clock_after(INT64_MAX), INT64_MAX);
    int64_t before = clock_monotonic_ns(), until = clock_after(NS_PER_S);
    assert_true(until >= before + NS_PER_S && until <= clock_monotonic_ns() + NS_PER_S);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar_round_trips_over_two_centuries),
        cmocka_unit_test(every_spelling_of_one_instant_is_that_instant),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(fractions_keep_their_digits),
        cmocka_unit_test(times_print_only_the_digits_they_need),
        cmocka_unit_test(zones_follow_daylight_saving),
        cmocka_unit_test(durations_read_and_print),
        cmocka_unit_test(times_typed_name_their_option),
        cmocka_unit_test(test_counts_from_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
