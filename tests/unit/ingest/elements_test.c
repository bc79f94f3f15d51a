/*
 * Lists in one record: an element that cannot be read is kept with its reason, in its place, and
 * the others are read; a list without any that can be read is a bad record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "hindcast/decoder.h"

static struct arena arena;

static struct decode_result
decode(struct sv value, struct event_sink *ret_sink)
{
    struct decode_options options = {0};
    *ret_sink = (struct event_sink){.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct record record = {.topic = SV("t"),
                            .offset = 1,
                            .kafka_time_ns = INT64_C(1772359200) * NS_PER_S,
                            .value = value};
    return decode_record(&record, &options, ret_sink);
}

static bool
was_refused(const struct event *event)
{
    return event->kind == EVENT_LOG && sv_contains(event->attributes, SV("\"not_read\":"));
}

#define SAID(ts, text)                                                                             \
    "{\"type\":\"message\",\"user\":\"U\",\"channel\":\"C\",\"ts\":\"17723592" ts                  \
    "\",\"text\":\"" text "\"}"
#define ALERT(name)                                                                                \
    "{\"status\":\"firing\",\"labels\":{\"alertname\":\"" name                                     \
    "\"},\"startsAt\":\"2026-03-01T10:00:00Z\"}"
#define CLOUD(id, data)                                                                            \
    "{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"t\",\"id\":\"" id "\",\"data\":" data "}"

static void
one_odd_element_stands_alone(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        size_t count, odd;
        const char *body, *why;
    } cases[] = {
        {"[" SAID("00.000100", "a") ",null," SAID("01.000100", "b") "]", 3, 1, "null",
         "unknown_format"},
        {"[5," SAID("00.000100", "a") "," SAID("01.000100", "b") "]", 3, 0, "5", "unknown_format"},
        {"[" SAID("00.000100", "a") ",\"half a line\"]", 2, 1, "\"half a line\"", "unknown_format"},
        {"[" SAID("00.000100", "a") ",{\"time\":\"x\",\"kind\":\"note\",\"text\":\"y\"}]", 2, 1,
         "{\"time\":\"x\",\"kind\":\"note\",\"text\":\"y\"}", "bad_field"},
        {"[" SAID("00.000100", "a") ",[7]," SAID("01.000100", "b") "]", 3, 1, "[7]",
         "unknown_format"},
        {"{\"msg\":\"a\"}\n{\"msg\":\n{\"msg\":\"b\"}", 3, 1, "{\"msg\":", "syntax"},
        {"{\"msg\":\"a\"}\nsome text\n{\"msg\":\"b\"}\n", 3, 1, "some text", "syntax"},
        {"{\"receiver\":\"r\",\"alerts\":[" ALERT("A") ",\"x\"," ALERT("B") "]}", 3, 1, "\"x\"",
         "bad_field"},
        {"[" CLOUD("1", "{\"msg\":\"a\"}") ",{\"specversion\":\"1.0\"},17]", 3, 2, "17",
         "unknown_format"},
        {CLOUD("1", "[{\"msg\":\"a\"},false,{\"msg\":\"b\"}]"), 3, 1, "false", "unknown_format"},
        {"{\"schema\":1,\"payload\":[{\"msg\":\"a\"},3]}", 2, 1, "3", "unknown_format"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event_sink sink;
        struct decode_result result = decode(sv_from(cases[i].value), &sink);
        if (result.status != DECODE_OK || sink.count != cases[i].count)
            fail_msg("%s: %zu events", cases[i].value, sink.count);
        for (size_t k = 0; k < sink.count; k++) {
            bool odd = sv_eq(sink.events[k].body, sv_from(cases[i].body));
            if (odd && !sv_contains(sink.events[k].attributes, sv_from(cases[i].why)))
                fail_msg("%s: " SV_FMT, cases[i].value, SV_ARG(sink.events[k].attributes));
            if (was_refused(&sink.events[k]) != odd)
                fail_msg("%s: event %zu", cases[i].value, k);
        }
    }
}

static void
a_list_of_nothing_else_is_bad(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        enum quarantine_reason reason;
    } cases[] = {
        {"[1,\"x\",null]", QUARANTINE_UNKNOWN_FORMAT},
        {"[[1],[2]]", QUARANTINE_UNKNOWN_FORMAT},
        {"{\"receiver\":\"r\",\"alerts\":[1,2]}", QUARANTINE_BAD_FIELD},
        {"{\"a\":\n{\"b\":1}\n{\"c\":2}", QUARANTINE_SYNTAX},
        {"[{\"a\":1},", QUARANTINE_SYNTAX},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event_sink sink;
        struct decode_result result = decode(sv_from(cases[i].value), &sink);
        assert_int_equal(result.status, DECODE_BAD);
        assert_int_equal(result.reason, cases[i].reason);
        assert_int_equal(sink.count, 0);
    }
}

static struct sv
deep(struct strbuf *value, const char *before, int depth, const char *after)
{
    strbuf_clear(value);
    strbuf_add_text(value, before);
    for (int i = 0; i < depth; i++)
        strbuf_add_char(value, '[');
    for (int i = 0; i < depth; i++)
        strbuf_add_char(value, ']');
    strbuf_add_text(value, after);
    return strbuf_view(value);
}

static void
one_deep_element_stands_alone(void **state)
{
    (void)state;
    struct strbuf value;
    struct event_sink sink;
    strbuf_init(&value, 0);
    struct sv list =
        deep(&value, "[{\"msg\":\"a \\\" ] \"},{\"msg\":\"deep\",\"x\":", JSON_DEPTH_MAX,
             "},{\"msg\":\"b\"}]");
    assert_int_equal(decode(list, &sink).status, DECODE_OK);
    assert_int_equal(sink.count, 3);
    assert_false(was_refused(&sink.events[0]) || was_refused(&sink.events[2]));
    assert_true(sv_contains(sink.events[1].attributes, SV("too_deep")));
    /* What only looks like a list ends as well. */
    assert_int_equal(decode(deep(&value, "[{\"msg\":\"a\"},", 70, "},}]"), &sink).status,
                     DECODE_OK);
    assert_int_equal(decode(deep(&value, "", 100000, ""), &sink).reason, QUARANTINE_TOO_DEEP);
    strbuf_release(&value);
}

/* No other than it would be without the odd one: their places name them. */
static void
the_others_keep_their_names(void **state)
{
    (void)state;
    struct event_sink whole, odd;
    assert_int_equal(decode(SV("[{\"msg\":\"a\"},{\"msg\":\"b\"},{\"msg\":\"c\"}]"), &whole).status,
                     DECODE_OK);
    assert_int_equal(decode(SV(CLOUD("1", "[{\"msg\":\"a\"},0,{\"msg\":\"c\"}]")), &odd).status,
                     DECODE_OK);
    assert_int_equal(whole.count, 3);
    assert_int_equal(odd.count, 3);
    assert_true(sv_eq(odd.events[2].body, whole.events[2].body));
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
        cmocka_unit_test(one_odd_element_stands_alone),
        cmocka_unit_test(a_list_of_nothing_else_is_bad),
        cmocka_unit_test(one_deep_element_stands_alone),
        cmocka_unit_test(the_others_keep_their_names),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
