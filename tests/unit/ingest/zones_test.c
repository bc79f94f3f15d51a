/*
 * Which zone a record's time is in: what it writes, what was told for its file, the topic's option,
 * UTC, in this order; and what a person may write for files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include "hindcast/decoder.h"
#include "ingest/source/file/zones.h"

/* 2026-07-01T12:00:00Z */
#define NOON (INT64_C(1782907200) * NS_PER_S)

static const struct zone *
zone(const char *name)
{
    const struct zone *found = NULL;
    assert_int_equal(zone_find(sv_from(name), &found, NULL), 0);
    return found;
}

static void
check(const char *value, const char *header, const char *option, int64_t hours, const char *source)
{
    struct arena arena;
    arena_init(&arena, 0);
    const struct header headers[] = {{SV("hindcast-zone"), sv_from(header)}};
    const struct record record = {.value = sv_from(value),
                                  .kafka_time_ns = NOON + NS_PER_DAY / 2,
                                  .headers = headers,
                                  .header_count = header == NULL ? 0 : 1};
    const struct decode_options options = {.zone = option == NULL ? NULL : zone(option)};
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct decode_result result = decode_record(&record, &options, &sink);
    assert_int_equal(result.status, DECODE_OK);
    assert_int_equal(sink.count, 1);
    if (sink.events[0].event_time_ns != NOON + hours * NS_PER_HOUR)
        fail_msg("%s: %+lld h", value,
                 (long long)((sink.events[0].event_time_ns - NOON) / NS_PER_HOUR));
    assert_string_equal(time_source_word(sink.events[0].time_source), source);
    arena_release(&arena);
}

static void
zones_come_in_their_order(void **state)
{
    (void)state;
    static const char *const bare[] = {
        "2026-07-01 12:00:00 one",
        "{\"time\":\"2026-07-01T12:00:00\",\"msg\":\"one\",\"level\":\"info\"}",
        "time=\"2026-07-01 12:00:00\" level=info msg=one",
        "<13>1 2026-07-01T12:00:00 h a - - - one",
        "Jul  1 2026 12:00:00 h a: one",
        "{\"@timestamp\":\"2026-07-01T12:00:00\",\"ecs\":{\"version\":\"8\"},\"message\":\"one\"}",
    };
    for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++) {
        check(bare[i], NULL, NULL, 0, "assumed_zone");
        check(bare[i], NULL, "Europe/Berlin", -2, "assumed_zone");
        check(bare[i], "America/New_York", "Europe/Berlin", 4, "assumed_zone");
    }
}

static void
a_written_zone_goes_before_all(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int hours;
        const char *source;
    } cases[] = {
        {"2026-07-01 12:00:00Z one", 0, "native"},
        {"2026-07-01 12:00:00 +03 one", -3, "native"},
        {"2026-07-01 12:00:00 +0100 one", -1, "native"},
        {"2026-07-01 12:00:00 CEST one", -2, "native"},
        {"[2026-07-01 12:00:00 UTC] one", 0, "native"},
        {"2026-07-01 12:00:00 CST one", 6, "assumed_zone"},
        {"2026-07-01T12:00:00+03:00[Europe/Moscow] one", -3, "native"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check(cases[i].value, "America/New_York", "Europe/Berlin", cases[i].hours, cases[i].source);
    /* The name is that of the region that was told. */
    check("2026-07-01 12:00:00 CST one", "Asia/Shanghai", NULL, -8, "assumed_zone");
    check("2026-07-01 12:00:00 CST one", NULL, "Asia/Shanghai", -8, "assumed_zone");
}

static void
a_header_without_a_zone_is_not_heeded(void **state)
{
    (void)state;
    static const char *const none[] = {"", "Mars/Olympus", "../../etc/passwd", "CEST", "+99:00"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        check("2026-07-01 12:00:00 one", none[i], "Europe/Berlin", -2, "assumed_zone");
}

static void
zones_for_files(void **state)
{
    (void)state;
    struct file_zones zones = {0};
    struct err err = {0};
    assert_null(file_zones_find(&zones, "a.log"));
    assert_int_equal(file_zones_add(&zones, "nginx/*=Europe/Berlin", &err), 0);
    assert_int_equal(file_zones_add(&zones, "+02:00", &err), 0);
    assert_int_equal(file_zones_add(&zones, "*.zip!old/*=America/New_York", &err), 0);
    assert_string_equal(file_zones_find(&zones, "logs/nginx/a/error.log"), "Europe/Berlin");
    assert_string_equal(file_zones_find(&zones, "logs/app.log"), "+02:00");
    assert_string_equal(file_zones_find(&zones, "x/all.zip!old/b.log"), "America/New_York");
    assert_int_equal(file_zones_add(&zones, "nginx/*=Mars", &err), -1);
    assert_int_equal(err.code, ERR_USAGE);
    assert_non_null(strstr(err.message, "--zone: 'Mars' is not a time zone"));
    assert_int_equal(file_zones_add(&zones, "=UTC", &err), -1);
    assert_int_equal(file_zones_add(&zones, "a=", &err), -1);
    file_zones_release(&zones);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_come_in_their_order),
        cmocka_unit_test(a_written_zone_goes_before_all),
        cmocka_unit_test(a_header_without_a_zone_is_not_heeded),
        cmocka_unit_test(zones_for_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
