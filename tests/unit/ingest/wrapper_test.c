/*
 * Objects around lists of records or around one record: which are opened, which are the event
 * themselves, and what the object around may say of what it holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdio.h>

#include "base/strbuf.h"
#include "tests/lib/decodetake.h"

#define ALERT                                                                                      \
    "{\"status\":\"firing\",\"labels\":{\"alertname\":\"Slow\"},\"startsAt\":\"2026-03-01T09:00:"  \
    "00Z\"}"
#define TEXT_ALERT                                                                                 \
    "{\\\"status\\\":\\\"firing\\\",\\\"labels\\\":{\\\"alertname\\\":\\\"Slow\\\"},"              \
    "\\\"startsAt\\\":\\\"2026-03-01T09:00:00Z\\\"}"
#define ONE "{\"time\":\"2026-03-01T09:00:00Z\",\"message\":\"one\"}"
#define TWO "{\"time\":\"2026-03-01T09:00:01Z\",\"message\":\"two\"}"

/* "title;title" */
static void
titles(struct decoded decoded, struct strbuf *out)
{
    strbuf_clear(out);
    for (size_t i = 0; i < decoded.count; i++)
        strbuf_addf(out, "%s" SV_FMT, i == 0 ? "" : ";", SV_ARG(decoded.events[i].title));
}

static void
what_is_opened(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"items\":[" ONE "," TWO "]}", "one;two"},
        {"{\"total\":2,\"surprises\":[" ONE "," TWO "]}", "one;two"},
        {"{\"status\":\"success\",\"message\":\"ok\",\"data\":{\"results\":[" ONE "," TWO "]}}",
         "one;two"},
        {"{\"data\":{\"page\":{\"entries\":[null," ONE "]}}}", "null;one"},
        {"{\"hits\":{\"hits\":[{\"_id\":\"1\",\"_source\":" ONE "},{\"_id\":\"2\",\"_source\":" TWO
         "}]}}",
         "one;two"},
        {"{\"messages\":[{\"text\":\"no time\"}]}", "no time"},
        {"{\"alerts_v2\":[" ALERT "],\"meta\":{\"count\":1}}", "Slow"},
        {"{\"alerts\":[" ALERT "],\"incidents\":[" ALERT "]}", "Slow;Slow"},
        {"{\"payload\":" ALERT "}", "Slow"},
        {"{\"payload\":\"" TEXT_ALERT "\"}", "Slow"},
        {"{\"data\":\"eyJ0aW1lIjoiMjAyNi0wMy0wMVQwOTowMDowMFoiLCJtZXNzYWdlIjoib25lIn0=\"}", "one"},
        {"{\"body\":\"[" TEXT_ALERT "]\"}", "Slow"},
        {"{\"raw\":\"" TEXT_ALERT "\",\"body\":" ALERT "}", "Slow"},
        {"{\"records\":[{\"value\":" ALERT "},{\"value\":" ONE "}]}", "Slow;one"},
        /* Said by somebody who knows: also with a time and words around. */
        {"{\"time\":\"2026-03-01T10:00:00Z\",\"title\":\"3 alerts\",\"alerts\":[" ALERT "," ALERT
         "]}",
         "Slow;Slow"},
        /* An event with a list that belongs to it. */
        {"{\"title\":\"Gate\",\"created_at\":\"2026-03-01T10:00:00Z\",\"comments\":[" ONE "]}",
         "Gate"},
        {"{\"case\":{\"title\":\"Gate\",\"created_at\":\"2026-03-01T10:00:00Z\",\"updates\":[" ONE
         "]}}",
         "Gate"},
        {"{\"time\":\"2026-03-01T10:00:00Z\",\"level\":\"info\",\"msg\":\"sent\",\"payload\":" ALERT
         "}",
         "sent"},
        {"{\"message\":\"own\",\"time\":\"2026-03-01T10:00:00Z\",\"user\":{\"events\":[" ONE "]}}",
         "own"},
        {"{\"name\":\"x\",\"user\":{\"events\":[" ONE "]}}", "x"},
        /* Nothing that would be a record. */
        {"{\"a\":[{\"b\":1}]}", "{\"a\":[{\"b\":1}]}"},
        {"{\"items\":[1,2]}", "{\"items\":[1,2]}"},
        {"{\"payload\":\"{not json\"}", "{\"payload\":\"{not json\"}"},
    };
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        titles(decode_text(cases[i][0]), &out);
        if (!sv_eq(strbuf_view(&out), sv_from(cases[i][1])))
            fail_msg("%s\ngave %s\nnot  %s", cases[i][0], out.ptr, cases[i][1]);
    }
    strbuf_release(&out);
}

static void
what_is_around_stands_in(void **state)
{
    (void)state;
    struct decoded decoded = decode_text("{\"service\":\"pumps\",\"host\":\"pump-3:9100\","
                                         "\"timestamp\":\"2026-03-01T08:00:00Z\","
                                         "\"messages\":[{\"text\":\"a\"}," ONE "]}");
    assert_int_equal(decoded.count, 2);
    assert_true(sv_eq(decoded.events[0].service, SV("pumps")));
    assert_true(sv_eq(decoded.events[0].source_time_text, SV("2026-03-01T08:00:00Z")));
    assert_true(sv_eq(decoded.events[1].source_time_text, SV("2026-03-01T09:00:00Z")));
    /* When a page was made says nothing of what it lists. */
    decoded =
        decode_text("{\"generated_at\":\"2026-03-01T08:00:00Z\",\"messages\":[{\"text\":\"a\"}]}");
    assert_int_equal(decoded.count, 1);
    assert_true(sv_empty(decoded.events[0].source_time_text));
}

static void
depth_and_number_have_limits(void **state)
{
    struct strbuf value;
    (void)state;
    strbuf_init(&value, 0);
    for (int depth = 1; depth < 30; depth++) {
        strbuf_clear(&value);
        for (int i = 0; i < depth; i++)
            strbuf_add_text(&value, "{\"items\":[");
        strbuf_add_text(&value, ONE);
        for (int i = 0; i < depth; i++)
            strbuf_add_text(&value, "]}");
        struct decoded decoded = decode_value(strbuf_view(&value));
        bool opened = decoded.count == 1 && sv_eq(decoded.events[0].title, SV("one"));
        bool kept = decoded.count == 1 && sv_starts(decoded.events[0].title, SV("{\"items\""));
        bool refused =
            decoded.result.status == DECODE_BAD && decoded.result.reason == QUARANTINE_TOO_DEEP;
        assert_true(depth == 1 ? opened : opened || kept || refused);
    }
    strbuf_clear(&value);
    strbuf_add_text(&value, "{\"items\":[");
    for (size_t i = 0; i <= EVENTS_PER_RECORD_MAX; i++)
        strbuf_add_text(&value, i == 0 ? ONE : "," ONE);
    strbuf_add_text(&value, "]}");
    assert_int_equal(decode_value(strbuf_view(&value)).result.reason, QUARANTINE_TOO_MANY_EVENTS);
    strbuf_release(&value);
}

static int
drop(void **state)
{
    (void)state;
    decoded_drop();
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_opened),
        cmocka_unit_test(what_is_around_stands_in),
        cmocka_unit_test(depth_and_number_have_limits),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
