/*
 * Zones against the C library: the process has one zone there (TZ), which is enough for a
 * reference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/zone/zone.h"
#include "base/zone/zoneinfo.h"

#define YEAR_S INT64_C(31556952)

/* Each with something of its own: both halves of the world, half and quarter hours, changes of half
 * an hour, at midnight, to the west of the date line, winter time as the exception, Ramadan. */
static const char *const zones[] = {
    "Europe/Berlin",    "Europe/London",       "Europe/Dublin",     "America/New_York",
    "America/St_Johns", "America/Sao_Paulo",   "America/Havana",    "America/Nuuk",
    "Asia/Kolkata",     "Asia/Kathmandu",      "Asia/Tehran",       "Asia/Gaza",
    "Asia/Shanghai",    "Asia/Beirut",         "Africa/Casablanca", "Africa/Cairo",
    "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland",  "Pacific/Chatham",
    "Pacific/Apia",     "Pacific/Norfolk",     "Antarctica/Troll",  "Etc/GMT+5",
    "America/Caracas",  "Europe/Moscow",       "Europe/Istanbul",   "EST5EDT",
};
#define ZONES (sizeof(zones) / sizeof(zones[0]))

static const struct zone *
found(const char *name)
{
    const struct zone *zone = NULL;
    struct err err = {0};
    if (zone_find(sv_from(name), &zone, &err) != 0)
        fail_msg("%s: %s", name, err.message);
    return zone;
}

static void
use(const char *name)
{
    setenv("TZ", name, 1);
    tzset();
}

static int32_t
offset_of_library(int64_t utc_s)
{
    time_t moment = (time_t)utc_s;
    struct tm local;
    localtime_r(&moment, &local);
    return (int32_t)local.tm_gmtoff;
}

/* A day apart and around each change, from 1970 to 2099. */
static void
moments_have_the_offset_of_the_library(void **state)
{
    (void)state;
    for (size_t z = 0; z < ZONES; z++) {
        const struct zone *zone = found(zones[z]);
        use(zones[z]);
        for (int64_t at = 0; at < 129 * YEAR_S; at += 86400 * 3 + 3607) {
            const struct zone_change *change = zone_at(zone, at);
            if (change->offset_s != offset_of_library(at))
                fail_msg("%s at %lld: %d", zones[z], (long long)at, change->offset_s);
        }
        for (size_t i = 1; i < zone->count; i++)
            for (int64_t at = zone->changes[i].at_s - 1; at <= zone->changes[i].at_s; at++)
                if (at >= 0 && at < 129 * YEAR_S)
                    assert_int_equal(zone_at(zone, at)->offset_s, offset_of_library(at));
    }
    use("UTC");
}

/* Of all moments that show this time of day the first; where none does, the offset before holds. */
static int64_t
utc_by_search(const struct zone *zone, int64_t wall_s)
{
    int64_t best = INT64_MAX;
    for (int64_t at = wall_s - 15 * 3600; at <= wall_s + 15 * 3600; at += 900)
        if (at + zone_at(zone, at)->offset_s == wall_s && at < best)
            best = at;
    return best;
}

static void
times_of_day_around_changes(void **state)
{
    (void)state;
    for (size_t z = 0; z < ZONES; z++) {
        const struct zone *zone = found(zones[z]);
        for (size_t i = 1; i < zone->count; i++) {
            const struct zone_change *change = &zone->changes[i], *before = change - 1;
            int64_t year = 1970 + change->at_s / YEAR_S;
            if (year < 2005 || year > 2013 || change->at_s % 900 != 0 ||
                before->offset_s % 900 != 0)
                continue;
            for (int64_t after = -4 * 3600; after <= 4 * 3600; after += 900) {
                int64_t wall_s = change->at_s + before->offset_s + after;
                int64_t ns = zone_to_utc(zone, wall_s * NS_PER_S + 7);
                int64_t expected = utc_by_search(zone, wall_s);
                if (expected == INT64_MAX)
                    expected = wall_s - before->offset_s;
                if (ns != expected * NS_PER_S + 7)
                    fail_msg("%s: %lld is %lld, not %lld", zones[z], (long long)wall_s,
                             (long long)(ns / NS_PER_S), (long long)expected);
            }
        }
    }
}

static void
clocks_put_back_and_forward(void **state)
{
    (void)state;
    static const struct {
        const char *wall, *utc;
    } cases[] = {
        {"2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z"},
        {"2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"}, /* does not occur: 03:30 */
        {"2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"},
        {"2026-10-25T01:59:59Z", "2026-10-24T23:59:59Z"},
        {"2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"}, /* occurs twice: the first */
        {"2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"},
        {"2098-07-01T12:00:00Z", "2098-07-01T10:00:00Z"}, /* by the rule at the end of the file */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct parsed_time wall, utc;
        assert_true(time_parse(sv_from(cases[i].wall), &wall));
        assert_true(time_parse(sv_from(cases[i].utc), &utc));
        assert_int_equal(zone_to_utc(found("Europe/Berlin"), wall.ns), utc.ns);
    }
}

static void
names_and_offsets(void **state)
{
    (void)state;
    static const char *const utc[] = {"", " ", "UTC", "GMT", "Z", "+00:00", "-00:00"};
    for (size_t i = 0; i < sizeof(utc) / sizeof(utc[0]); i++)
        assert_null(found(utc[i]));
    assert_string_equal(zone_name(NULL), "UTC");
    assert_string_equal(zone_name(found("Europe/Berlin")), "Europe/Berlin");
    assert_ptr_equal(found("Europe/Berlin"), found(" Europe/Berlin "));
    static const char *const same[] = {"+02:00", "+0200", "+02", "+02.00"};
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        assert_ptr_equal(found(same[i]), found("+02:00"));
    assert_int_equal(zone_to_utc(found("-05:30"), 0), 19800 * NS_PER_S);
    static const char *const none[] = {"Mars",
                                       "Mars/Olympus",
                                       "../../etc/passwd",
                                       "/etc/passwd",
                                       "Europe",
                                       "Europe/",
                                       "zone.tab",
                                       "tzdata.zi",
                                       "CEST",
                                       "+25:00",
                                       "+02:00+02:00",
                                       "+2",
                                       "right/Europe/Berlin",
                                       "posix/Europe/Berlin",
                                       "leapseconds"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        const struct zone *zone;
        struct err err = {0};
        if (zone_find(sv_from(none[i]), &zone, &err) == 0)
            fail_msg("'%s' was taken for a zone", none[i]);
        assert_int_equal(err.code, ERR_CONFIG);
        assert_non_null(strstr(err.message, none[i]));
        assert_non_null(strstr(err.hint, "Europe/Berlin"));
    }
}

static void
names_behind_times(void **state)
{
    (void)state;
    int32_t offset_s = 0;
    bool certain = false;
    assert_true(zone_abbreviation(SV("CEST"), NULL, &offset_s, &certain));
    assert_true(offset_s == 7200 && certain);
    assert_true(zone_abbreviation(SV("CST"), NULL, &offset_s, &certain));
    assert_true(offset_s == -6 * 3600 && !certain);
    /* Told that the source lies in China: the name is China's. */
    assert_true(zone_abbreviation(SV("CST"), found("Asia/Shanghai"), &offset_s, &certain));
    assert_true(offset_s == 8 * 3600 && !certain);
    assert_true(zone_abbreviation(SV("IST"), found("Europe/Dublin"), &offset_s, &certain));
    assert_int_equal(offset_s, 3600);
    assert_true(zone_abbreviation(SV("IST"), found("Europe/Berlin"), &offset_s, &certain));
    assert_int_equal(offset_s, 19800);
    assert_true(zone_abbreviation(SV("NST"), NULL, &offset_s, &certain));
    assert_int_equal(offset_s, -12600);
    assert_false(zone_abbreviation(SV("cest"), NULL, &offset_s, &certain));
    assert_false(zone_abbreviation(SV("GET"), NULL, &offset_s, &certain));
    assert_false(zone_abbreviation(SV(""), NULL, &offset_s, &certain));
}

static struct zone *
expanded(const char *rule)
{
    struct zone *zone = NULL;
    size_t room = 0;
    zone_add(&zone, &room, INT64_MIN, 0, SV("x"));
    if (zone_rule_expand(sv_from(rule), &zone, &room))
        return zone;
    free(zone);
    return NULL;
}

static void
rules_at_the_end_of_a_file(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "CET-1CEST,M3.5.0,M10.5.0/3", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
        "IST-1GMT0,M10.5.0,M3.5.0/1", "EST5EDT,M3.2.0,M11.1.0",
        "AAA3BBB,J60/1,J300",         "AAA-3BBB,59,299/25",
    };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        struct zone *zone = expanded(rules[i]);
        assert_non_null(zone);
        use(rules[i]);
        for (int64_t at = 2 * YEAR_S; at < 60 * YEAR_S; at += 4 * 3600)
            if (zone_at(zone, at)->offset_s != offset_of_library(at))
                fail_msg("%s at %lld", rules[i], (long long)at);
        free(zone);
    }
    use("UTC");
    static const char *const broken[] = {"",
                                         "CET",
                                         "CET-",
                                         "CET-1CEST",
                                         "CET-1CEST,",
                                         "CET-1CEST,M3.5.0",
                                         "CET-1CEST,M13.5.0,M10.5.0",
                                         "CET-1CEST,M3.5.0,M10.5.0x",
                                         "<CET-1",
                                         "C-1,,",
                                         "CET-200"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
        assert_null(expanded(broken[i]));
}

/* Cut at every byte, and each byte another one: no zone, or one, and nothing read beyond it. */
static void
broken_files_are_no_zones(void **state)
{
    (void)state;
    char bytes[8192];
    FILE *file = fopen("/usr/share/zoneinfo/Europe/Berlin", "re");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    struct zone *zone = zoneinfo_read(sv_of(bytes, length));
    assert_non_null(zone);
    free(zone);
    for (size_t cut = 0; cut < length; cut++) {
        char *copy = malloc(cut + 1);
        assert_non_null(copy);
        memcpy(copy, bytes, cut);
        zone = zoneinfo_read(sv_of(copy, cut));
        assert_true(zone == NULL || cut + 64 > length);
        free(zone);
        free(copy);
    }
    for (size_t at = 0; at < length; at++) {
        char kept = bytes[at];
        bytes[at] = (char)0xFF;
        free(zoneinfo_read(sv_of(bytes, length)));
        bytes[at] = kept;
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_have_the_offset_of_the_library),
        cmocka_unit_test(times_of_day_around_changes),
        cmocka_unit_test(clocks_put_back_and_forward),
        cmocka_unit_test(names_and_offsets),
        cmocka_unit_test(names_behind_times),
        cmocka_unit_test(rules_at_the_end_of_a_file),
        cmocka_unit_test(broken_files_are_no_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
