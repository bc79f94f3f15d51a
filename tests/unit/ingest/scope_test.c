/*
 * Unit tests of scopes that records name: where they are looked for, and what goes to quarantine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/scope.h"

#define AT "\"time\":\"2026-03-01T10:00:00Z\""
#define LINE(more) "{\"level\":\"error\",\"msg\":\"x\"," AT more "}"

static struct arena arena;

static int
start(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct decode_options
by(const char *where, const char *scopes)
{
    return (struct decode_options){.scope_by = sv_from(where), .scopes = sv_from(scopes)};
}

/* The scope of the only event, or "quarantine"; anything else fails. */
static struct sv
scope_with(const struct record *record, const struct decode_options *options)
{
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct decode_result result = decode_record(record, options, &sink);
    if (result.status != DECODE_OK) {
        assert_int_equal(result.reason, QUARANTINE_SCOPE);
        assert_int_equal(sink.count, 0);
        assert_true(result.detail.len > 0);
        return SV("quarantine");
    }
    assert_int_equal(sink.count, 1);
    return sink.events[0].scope;
}

static void
expect(const char *value, const char *where, const char *scopes, const char *wanted)
{
    const struct header headers[] = {{SV("Tenant"), SV("acme")}, {SV("none"), SV_NONE}};
    const struct record record = {
        .topic = SV("t"), .value = sv_from(value), .headers = headers, .header_count = 2};
    struct decode_options options = by(where, scopes);
    struct sv found = scope_with(&record, &options);
    if (!sv_eq(found, sv_from(wanted)))
        fail_msg("%s of %s: wanted '%s', found '" SV_FMT "'", where, value, wanted, SV_ARG(found));
}

static void
a_header_names_it(void **state)
{
    (void)state;
    expect(LINE(""), "header:tenant", "acme globex", "acme");
    expect(LINE(""), "header:TENANT", "acme", "acme");
    expect(LINE(""), "header:tenant", "globex, acme-2", "quarantine");
    expect(LINE(""), "header:none", "acme", "quarantine");
    expect(LINE(""), "header:other", "acme", "quarantine");
}

static void
a_field_names_it(void **state)
{
    (void)state;
    expect(LINE(",\"service\":\"cart\""), "field:service", "cart,till", "cart");
    expect(LINE(",\"service\":\"Cart\""), "field:service", "cart,till", "quarantine");
    expect(LINE(",\"host\":\"web-1\""), "field:host", " web-1 ", "web-1");
    expect(LINE(""), "field:environment", "prod", "quarantine");
}

/* Below objects, too; a name that holds dots goes before them. */
static void
what_is_left_over_names_it(void **state)
{
    (void)state;
    expect(LINE(",\"tenant\":\"acme\""), "attribute:tenant", "acme", "acme");
    expect(LINE(",\"tenant\":7"), "attribute:tenant", "7", "7");
    expect(LINE(",\"tenant\":{\"id\":\"acme\"}"), "attribute:tenant", "acme", "quarantine");
    expect(LINE(",\"tenant\":{\"id\":\"acme\"}"), "attribute:tenant.id", "acme", "acme");
    expect(LINE(",\"tenant.id\":\"acme\",\"tenant\":{\"id\":\"globex\"}"), "attribute:tenant.id",
           "acme globex", "acme");
    expect(LINE(",\"tenant\":\"\""), "attribute:tenant", "acme", "quarantine");
    expect(LINE(",\"tenant\":\"acme globex\""), "attribute:tenant", "acme globex", "quarantine");
}

/* Whoever hands over many at once may not smuggle one in. */
static void
all_events_of_a_record_must_belong(void **state)
{
    (void)state;
    static const char *const values[] = {
        "[" LINE(",\"tenant\":\"acme\"") "," LINE(",\"tenant\":\"globex\"") "]",
        "[" LINE(",\"tenant\":\"acme\"") "," LINE(",\"tenant\":\"other\"") "]"};
    struct decode_options options = by("attribute:tenant", "acme globex");
    for (size_t i = 0; i < 2; i++) {
        const struct record record = {.topic = SV("t"), .value = sv_from(values[i])};
        struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
        struct decode_result result = decode_record(&record, &options, &sink);
        assert_int_equal(result.status, i == 0 ? DECODE_OK : DECODE_BAD);
        assert_int_equal(sink.count, i == 0 ? 2 : 0);
        if (i == 0) {
            assert_true(sv_eq(sink.events[0].scope, SV("acme")));
            assert_true(sv_eq(sink.events[1].scope, SV("globex")));
        }
    }
}

static void
without_a_place_to_look_all_belong_to_one(void **state)
{
    (void)state;
    struct decode_options options = {.scope = SV("team-a"), .scopes = SV("acme")};
    const struct record record = {.topic = SV("t"), .value = SV(LINE(",\"tenant\":\"acme\""))};
    assert_true(sv_eq(scope_with(&record, &options), SV("team-a")));
}

static void
expect_refused(struct decode_options options, const char *word)
{
    struct err err = {0};
    assert_int_equal(scope_options_check(&options, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    assert_non_null(strstr(err.message, word));
}

static void
what_cannot_be_meant_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct decode_options bare = by("header:tenant", "acme"), fine = by("attribute:a.b", "x");
    bare.ignore_headers = true;
    expect_refused(by("tenant", "acme"), "'tenant'");
    expect_refused(by("header:", "acme"), "'header:'");
    expect_refused(by("field:tenant", "acme"), "'field:tenant'");
    expect_refused(by("field:service", " , "), "empty");
    expect_refused(bare, "headers");
    assert_int_equal(scope_options_check(&fine, &err), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_header_names_it, start, stop),
        cmocka_unit_test_setup_teardown(a_field_names_it, start, stop),
        cmocka_unit_test_setup_teardown(what_is_left_over_names_it, start, stop),
        cmocka_unit_test_setup_teardown(all_events_of_a_record_must_belong, start, stop),
        cmocka_unit_test_setup_teardown(without_a_place_to_look_all_belong_to_one, start, stop),
        cmocka_unit_test(what_cannot_be_meant_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
