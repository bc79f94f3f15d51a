/*
 * What identifies an event, format by format: which two deliveries are one event and which are two.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/decoder.h"

static struct arena arena;

/* Offsets differ, so that nothing is the same by its place. */
static struct event_sink
decoded(const char *value, const struct header *header, bool native)
{
    static int64_t offset;
    struct decode_options options = {.dedup_native = native};
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct record record = {.topic = SV("t"),
                            .offset = ++offset,
                            .kafka_time_ns = INT64_C(1772359200) * NS_PER_S,
                            .headers = header,
                            .header_count = header != NULL,
                            .value = sv_from(value)};
    struct decode_result result = decode_record(&record, &options, &sink);
    assert_int_equal(result.status, DECODE_OK);
    assert_true(sink.count > 0);
    return sink;
}

static struct event
one(const char *value, bool native)
{
    struct event_sink sink = decoded(value, NULL, native);
    assert_int_equal(sink.count, 1);
    return sink.events[0];
}

static bool
same(const struct event *a, const struct event *b)
{
    return a->identified && b->identified && memcmp(a->uid, b->uid, UID_BYTES) == 0;
}

static void
replicas_of_alertmanager_tell_one_event(void **state)
{
    (void)state;
#define AM(receiver, status, starts)                                                               \
    "{\"receiver\":\"" receiver "\",\"groupKey\":\"g\",\"alerts\":[{\"status\":\"" status          \
    "\",\"fingerprint\":\"f\",\"labels\":{\"alertname\":\"A\"},\"startsAt\":\"" starts "\"}]}"
    struct event a = one(AM("a", "firing", "2026-03-01T10:00:00.5Z"), false);
    struct event b = one(AM("b", "firing", "2026-03-01T11:00:00.50+01:00"), false);
    struct event later = one(AM("b", "firing", "2026-03-01T10:00:01.5Z"), false);
    struct event resolved = one(AM("b", "resolved", "2026-03-01T10:00:00.5Z"), false);
    assert_true(same(&a, &b));
    assert_false(same(&a, &later));
    assert_false(same(&a, &resolved));
}

static void
a_deletion_in_slack_is_final(void **state)
{
    (void)state;
#define SAID(more) "{\"type\":\"message\",\"user\":\"U\",\"ts\":\"1772359320.000100\"" more "}"
    struct event edited = one(
        SAID(",\"text\":\"b\",\"edited\":{\"user\":\"U\",\"ts\":\"1772359999.000000\"}"), false);
    struct event gone = one(SAID(",\"text\":\"x\",\"subtype\":\"tombstone\""), false);
    struct event told =
        one("{\"type\":\"event_callback\",\"event\":{\"type\":\"message\",\"subtype\":"
            "\"message_changed\",\"ts\":\"1772360000.1\",\"message\":" SAID(
                ",\"text\":\"x\",\"subtype\":\"tombstone\"") "}}",
            false);
    assert_true(same(&edited, &gone));
    assert_true(same(&edited, &told));
    assert_true(gone.version > edited.version);
    assert_int_equal(gone.version, VERSION_FINAL);
    assert_int_equal(told.version, VERSION_FINAL);
    assert_int_equal(gone.phase, PHASE_DELETE);
    assert_int_equal(told.phase, PHASE_DELETE);
    assert_int_equal(gone.body.len + told.body.len, 0);
}

static void
an_envelope_names_each_of_what_it_holds(void **state)
{
    (void)state;
#define CE(id, more)                                                                               \
    "{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"t\",\"id\":\"" id                       \
    "\",\"data\":[{\"msg\":\"a\",\"level\":\"error\"},{\"msg\":\"b\"" more "}]}"
    struct event_sink a = decoded(CE("1", ""), NULL, false),
                      b = decoded(CE("1", ",\"x\":1"), NULL, false);
    struct event_sink c = decoded(CE("2", ""), NULL, false);
    assert_int_equal(a.count, 2);
    assert_true(same(&a.events[0], &b.events[0]));
    assert_true(same(&a.events[1], &b.events[1]));
    assert_false(same(&a.events[0], &a.events[1]));
    assert_false(same(&a.events[0], &c.events[0]));
}

static void
log_lines_are_named_where_the_topic_says_so(void **state)
{
    (void)state;
#define BEAT(offset, file, text)                                                                   \
    "{\"@timestamp\":\"2026-03-01T10:00:00Z\",\"ecs\":{\"version\":\"8\"},\"host\":{"              \
    "\"name\":\"h\"},\"log\":{\"offset\":" offset ",\"file\":{\"path\":\"/l\"" file                \
    "}},\"message\":\"" text "\"}"
    static const struct {
        const char *a, *b;
        bool one;
    } cases[] = {
        {BEAT("7", "", "x"), BEAT("7", "", "x"), true},
        {BEAT("7", "", "x"), BEAT("8", "", "x"), false},
        {BEAT("7", "", "x"), BEAT("7", "", "rotated"), false},
        {BEAT("7", ",\"inode\":\"5\"", "x"), BEAT("7", ",\"inode\":\"6\"", "x"), false},
        {BEAT("7", ",\"inode\":\"5\"", "x"), BEAT("7", ",\"inode\":\"5\"", "y"), true},
        {"{\"__CURSOR\":\"c1\",\"MESSAGE\":\"x\"}", "{\"MESSAGE\":\"x\",\"__CURSOR\":\"c1\"}",
         true},
        {"{\"__CURSOR\":\"c1\",\"MESSAGE\":\"x\"}", "{\"__CURSOR\":\"c2\",\"MESSAGE\":\"x\"}",
         false},
        {"{\"insertId\":\"i\",\"logName\":\"l\",\"severity\":\"INFO\"}",
         "{\"insertId\":\"i\",\"logName\":\"l\",\"severity\":\"INFO\"}", true},
        {"{\"insertId\":\"i\",\"logName\":\"l\",\"severity\":\"INFO\"}",
         "{\"insertId\":\"i\",\"logName\":\"m\",\"severity\":\"INFO\"}", false},
        {"{\"auditID\":\"a\",\"stage\":\"s1\",\"level\":\"x\"}",
         "{\"auditID\":\"a\",\"stage\":\"s2\",\"level\":\"x\"}", false},
        {"{\"msg\":\"twice\"}", "{\"msg\":\"twice\"}", false},
        {"2026-03-01T10:00:00Z plain", "2026-03-01T10:00:00Z plain", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event a = one(cases[i].a, true), b = one(cases[i].b, true);
        assert_int_equal(a.kind, EVENT_LOG);
        if (same(&a, &b) != cases[i].one)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
        a = one(cases[i].a, false);
        assert_false(a.identified);
        assert_int_equal(a.identity.len, 0);
    }
}

static void
a_loaded_line_keeps_its_name(void **state)
{
    (void)state;
    const struct header loaded = {sv_from(HEADER_ID), SV("file:3")};
    struct event_sink a = decoded("plain", &loaded, false), b = decoded("plain", &loaded, true);
    assert_true(same(&a.events[0], &b.events[0]));
}

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replicas_of_alertmanager_tell_one_event),
        cmocka_unit_test(a_deletion_in_slack_is_final),
        cmocka_unit_test(an_envelope_names_each_of_what_it_holds),
        cmocka_unit_test(log_lines_are_named_where_the_topic_says_so),
        cmocka_unit_test(a_loaded_line_keeps_its_name),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
