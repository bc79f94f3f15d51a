/*
 * Unit tests of ingest/parse: times, severity, JSON trees.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text/utf8.h"
#include "hindcast/decoder.h"
#include "ingest/parse/json.h"
#include "ingest/parse/severity.h"
#include "ingest/parse/text.h"
#include "ingest/parse/times.h"

/* 2026-03-01T10:00:00Z */
#define TEN (INT64_C(1772359200) * NS_PER_S)

static struct time_hints
near(int64_t near_ns)
{
    return (struct time_hints){.near_ns = near_ns, .before_ns = TIME_NONE};
}

static bool
read_syslog(const char *text, int64_t near_ns, struct read_time *ret_time, size_t *ret_length)
{
    const struct time_hints hints = near(near_ns);
    return times_read_syslog(sv_from(text), &hints, ret_time, ret_length);
}

static void
test_times_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ns;
        enum time_source source;
        enum time_precision precision;
    } cases[] = {
        {"2026-03-01T10:00:00Z", TEN, TIME_SOURCE_NATIVE, PRECISION_SECOND},
        {"2026-03-01T11:00:00.5+01:00", TEN + 500 * NS_PER_MS, TIME_SOURCE_NATIVE,
         PRECISION_MILLISECOND},
        {"2026-03-01T11:00:00+01.00", TEN, TIME_SOURCE_NATIVE, PRECISION_SECOND},
        {"2026-03-01 05:00:00.000001 -0500 EST", TEN + NS_PER_US, TIME_SOURCE_NATIVE,
         PRECISION_MICROSECOND},
        {"2026-03-01 10:00:00.266529825 +0000 UTC", TEN + 266529825, TIME_SOURCE_NATIVE,
         PRECISION_NANOSECOND},
        {"2026-03-01 11:00:00 CET", TEN, TIME_SOURCE_NATIVE, PRECISION_SECOND},
        {"2026/03/01 10:00:00", TEN, TIME_SOURCE_ASSUMED_ZONE, PRECISION_SECOND},
        {"1772359200", TEN, TIME_SOURCE_NATIVE, PRECISION_SECOND},
        {"1772359200123", TEN + 123 * NS_PER_MS, TIME_SOURCE_NATIVE, PRECISION_MILLISECOND},
        {"1772359200123456", TEN + 123456 * NS_PER_US, TIME_SOURCE_NATIVE, PRECISION_MICROSECOND},
        {"1772359200123456789", TEN + 123456789, TIME_SOURCE_NATIVE, PRECISION_NANOSECOND},
        {"1772359200.25", TEN + 250 * NS_PER_MS, TIME_SOURCE_NATIVE, PRECISION_MILLISECOND},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct read_time time;
        if (!times_read(sv_from(cases[i].text), NULL, &time))
            fail_msg("not read: %s", cases[i].text);
        if (time.ns != cases[i].ns)
            fail_msg("%s: %lld, not %lld", cases[i].text, (long long)time.ns,
                     (long long)cases[i].ns);
        assert_int_equal(time.source, cases[i].source);
        assert_int_equal(time.precision, cases[i].precision);
    }
}

static void
test_placeholders_are_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",     "0",    "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "-",
        "null", "soon", "2026-13-01T00:00:00Z"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct read_time time;
        if (times_read(sv_from(texts[i]), NULL, &time))
            fail_msg("'%s' was read as a time", texts[i]);
    }
}

/* At the end of what int64 nanoseconds hold, with fractions that lead over it. */
static void
test_epochs_do_not_wrap(void **state)
{
    (void)state;
    static const char *const beyond[] = {"9223372036854775.808", "9223372036854775.9999",
                                         "9223372036854776", "99999999999999999",
                                         "9223372036854775808"};
    struct read_time time;
    for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++)
        if (times_read_epoch(sv_from(beyond[i]), &time))
            fail_msg("'%s' was read as %lld ns", beyond[i], (long long)time.ns);
    assert_true(times_read_epoch(SV("9223372036854775.807"), &time));
    assert_true(time.ns == INT64_MAX);
}

/* Each byte of the usual spelling matters. */
static void
test_nearly_times(void **state)
{
    (void)state;
    static const char usual[] = "2026-03-01T10:00:00Z", wrong[] = "/:;@xO\"\xB0";
    struct read_time time;
    for (size_t at = 0; at < sizeof(usual) - 2; at++) {
        char text[sizeof(usual)];
        bool separator = strchr("-T:", usual[at]) != NULL;
        memcpy(text, usual, sizeof(usual));
        for (const char *c = separator ? "059" : wrong; *c != '\0'; c++) {
            bool slash = *c == '/' && (at == 4 || at == 7); /* other spellings allow that */
            text[at] = *c;
            if (!slash && times_read(sv_from(text), NULL, &time) && time.ns == TEN)
                fail_msg("'%s' was read as %s", text, usual);
            if (separator && times_read(sv_from(text), NULL, &time))
                fail_msg("'%s' was read as a time", text);
        }
    }
}

static void
test_assumed_zone(void **state)
{
    (void)state;
    struct read_time time;
    const struct zone *east = NULL;
    assert_int_equal(zone_find(SV("+01:00"), &east, NULL), 0);
    assert_true(times_read(SV("2026-03-01 11:00:00"), east, &time));
    assert_true(time.ns == TEN);
    assert_int_equal(time.source, TIME_SOURCE_ASSUMED_ZONE);
    assert_true(times_read(SV("2026-03-01 10:00:00Z"), east, &time));
    assert_true(time.ns == TEN);
}

static void
test_syslog_year_is_the_nearest(void **state)
{
    (void)state;
    struct read_time time;
    size_t length = 0;
    assert_true(read_syslog("Mar  1 10:00:00 host", TEN + 40 * NS_PER_DAY, &time, &length));
    assert_true(time.ns == TEN);
    assert_int_equal(length, 15);
    assert_int_equal(time.source, TIME_SOURCE_ASSUMED_YEAR);
    /* Read in January, written in December. */
    assert_true(read_syslog("Dec 31 23:59:59 h", TEN - 58 * NS_PER_DAY, &time, &length));
    struct civil civil;
    civil_from_ns(time.ns, &civil);
    assert_int_equal(civil.year, 2025);
    assert_true(read_syslog("Mar  1 10:00:00 h", TEN + 260 * NS_PER_DAY, &time, &length));
    assert_int_equal(time.ns, TEN); /* not 105 days later, which nobody can have seen */
    assert_true(read_syslog("Mar  1 10:00:00 h", TEN - NS_PER_DAY, &time, &length));
    assert_int_equal(time.ns, TEN); /* a clock that runs ahead */
    assert_true(read_syslog("Mar  1 10:00:00 h", TIME_NONE, &time, &length));
    assert_true(time.ns == TIME_NONE);
    assert_false(read_syslog("Foo  1 10:00:00 h", TEN, &time, &length));
    assert_false(read_syslog("Mar 1 25:00:00 h", TEN, &time, &length));
    assert_false(read_syslog("Mar", TEN, &time, &length));
}

static void
test_severity(void **state)
{
    (void)state;
    assert_int_equal(severity_word(SV("CRITICAL")), 21);
    assert_int_equal(severity_word(SV("sev-2")), 17);
    assert_int_equal(severity_word(SV("Warn")), 13);
    assert_int_equal(severity_word(SV("whatever")), 0);
    assert_int_equal(severity_word(SV("DEBUG2")), 5);
    /* A number without a scale says nothing: 1 is an alert to syslog, and information to others. */
    assert_int_equal(severity_text(SV("1")), 0);
    assert_int_equal(severity_text(SV("50")), 17);
    assert_int_equal(severity_text(SV("20000")), 9);
    assert_int_equal(severity_syslog(3), 17);
    assert_int_equal(severity_syslog(8), 0);
    assert_string_equal(severity_band(severity_syslog(1)), "critical");
    assert_string_equal(severity_band(1), "debug");
    assert_string_equal(severity_band(0), "unset");
}

static void
test_labels_of_alerts(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        int severity;
    } cases[] = {
        {"Critical", 21},
        {"P1 - Critical", 21},
        {"SEV 1", 21},
        {"sev-2", 17},
        {"SEV2 (major)", 17},
        {"1", 21},
        {"2", 17},
        {"5", 5},
        {"Severity: high", 17},
        {"Priority 3", 13},
        {"P-4", 9},
        {"S3", 13},
        {"urgent: page", 21},
        {"non-critical", 0},
        {"not critical", 0},
        {"6", 0},
        {"12", 0},
        {"", 0},
        {"whatever", 0},
        {"level of service", 0},
        {"the e mail team", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (severity_label(sv_from(cases[i].label)) != cases[i].severity)
            fail_msg("'%s' is %d", cases[i].label, severity_label(sv_from(cases[i].label)));
}

static void
test_tree_paths(void **state)
{
    (void)state;
    struct arena arena;
    enum tree_problem problem;
    arena_init(&arena, 0);
    json_t *tree = tree_parse(
        &arena, SV("{\"log.level\":\"warn\",\"a\":{\"b.c\":1,\"d\":null},\"r\":0.1,\"e\":\"\"}"),
        &problem);
    assert_non_null(tree);
    assert_true(sv_eq(tree_pick(&arena, tree, "log.level"), SV("warn")));
    assert_true(sv_eq(tree_pick(&arena, tree, "a.b.c"), SV("1")));
    assert_true(sv_eq(tree_pick(&arena, tree, "e|a.d|r"), SV("0.1")));
    assert_null(tree_find(tree, "a.d|nothing|e"));
    assert_true(sv_eq(tree_rest(&arena, tree, "a|e"), SV("{\"log.level\":\"warn\",\"r\":0.1}")));
    json_decref(tree);
    arena_release(&arena);
}

static void
test_commas_that_nothing_follows(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"a\":[1,2,],}", "{\"a\":[1,2 ] }"},
        {"{\"a\":1 ,\n }", "{\"a\":1  \n }"},
        {"[{\"a\":\",]\"},]", "[{\"a\":\",]\"} ]"},
        {"{\"a\":\"\\\",}\"}", NULL},
        {"{\"a\":1,\"b\":2}", NULL},
        {"{\"a\":1,,}", "{\"a\":1, }"},
        {"", NULL},
    };
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sv got = tree_commas_mended(&arena, sv_from(cases[i][0]));
        bool same = cases[i][1] == NULL ? got.ptr == NULL : sv_eq(got, sv_from(cases[i][1]));
        if (!same)
            fail_msg("%s gives " SV_FMT, cases[i][0], SV_ARG(got));
    }
    arena_release(&arena);
}

static void
test_tree_repair_and_depth(void **state)
{
    (void)state;
    struct arena arena;
    enum tree_problem problem;
    arena_init(&arena, 0);
    json_t *tree =
        tree_parse(&arena, SV("{\"a\":\"x\\u0000\\udc00\\ud83d\\ude00\xff\\\\u0000\"}"), &problem);
    assert_non_null(tree);
    struct sv text = tree_pick(&arena, tree, "a");
    assert_true(utf8_storable(text));
    assert_true(sv_eq(text, SV("x\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x9F\x98\x80\xEF\xBF\xBD\\u0000")));
    json_decref(tree);
    char deep[2 * (JSON_DEPTH_MAX + 1)];
    memset(deep, '[', JSON_DEPTH_MAX + 1);
    memset(deep + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    assert_null(tree_parse(&arena, sv_of(deep, sizeof(deep)), &problem));
    assert_int_equal(problem, TREE_TOO_DEEP);
    tree = tree_parse(&arena, sv_of(deep + 1, sizeof(deep) - 2), &problem);
    assert_non_null(tree);
    json_decref(tree);
    assert_null(tree_parse(&arena, SV("{\"a\":"), &problem));
    assert_int_equal(problem, TREE_SYNTAX);
    arena_release(&arena);
}

static void
test_hosts_and_identities(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    assert_true(sv_eq(text_without_port(SV("web-1:9100")), SV("web-1")));
    assert_true(sv_eq(text_without_port(SV("fe80::1")), SV("fe80::1")));
    struct sv whole = IDENTITY(&arena, SV("a"), SV("b"), SV_NONE, SV("c"), SV_NONE);
    assert_true(sv_eq(whole, SV("a\x1f"
                                "b\x1f\x1f"
                                "c")));
    assert_false(sv_eq(whole, IDENTITY(&arena, SV("a"), SV("b"), SV("c"))));
    assert_false(sv_eq(whole, IDENTITY(&arena, SV("a\x1f"
                                                  "b\x1f\x1f"
                                                  "c"))));
    assert_false(sv_eq(IDENTITY(&arena, SV("\x1f")), IDENTITY(&arena, SV("\x1e"
                                                                         "s"))));
    assert_null(IDENTITY(&arena, SV_NONE, SV("b")).ptr);
    assert_true(text_readable(SV("r\xe9seau")));
    assert_false(text_readable(SV("\x1f\x8b\x08\x00\x01\x02\x03\x04")));
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_are_read),
        cmocka_unit_test(test_placeholders_are_none),
        cmocka_unit_test(test_epochs_do_not_wrap),
        cmocka_unit_test(test_nearly_times),
        cmocka_unit_test(test_assumed_zone),
        cmocka_unit_test(test_syslog_year_is_the_nearest),
        cmocka_unit_test(test_severity),
        cmocka_unit_test(test_labels_of_alerts),
        cmocka_unit_test(test_tree_paths),
        cmocka_unit_test(test_commas_that_nothing_follows),
        cmocka_unit_test(test_tree_repair_and_depth),
        cmocka_unit_test(test_hosts_and_identities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
