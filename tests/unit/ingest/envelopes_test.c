/*
 * Envelopes beyond their fixtures: opened where the format of what is inside is told, no deeper
 * than the limit, and without letting a stranger's headers pass for those of the loader.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "tests/lib/decodetake.h"

#define ALERT                                                                                      \
    "{\"status\":\"firing\",\"labels\":{\"alertname\":\"Slow\"},"                                  \
    "\"startsAt\":\"2026-03-01T09:00:00Z\"}"
#define QUOTED_ALERT                                                                               \
    "\"{\\\"status\\\":\\\"firing\\\",\\\"labels\\\":{\\\"alertname\\\":\\\"Slow\\\"},"            \
    "\\\"startsAt\\\":\\\"2026-03-01T09:00:00Z\\\"}\""

static void
a_told_format_is_that_of_what_is_inside(void **state)
{
    (void)state;
    const struct decode_options options = {.format = SV("alertmanager")};
    static const char *const values[] = {
        ALERT,
        "{\"TopicArn\":\"arn\",\"Message\":" QUOTED_ALERT "}",
        "{\"method\":\"POST\",\"path\":\"/\",\"headers\":{\"a\":\"b\"},\"body\":" ALERT "}",
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data\":" ALERT "}",
        "POST / HTTP/1.1\r\nHost: x\r\n\r\n" ALERT,
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct decoded decoded = decode_with(sv_from(values[i]), &options, NULL, 0);
        if (decoded.count != 1 || !sv_eq(decoded.events[0].format, SV("alertmanager")))
            fail_msg("%s", values[i]);
    }
    /* What is told of something else is still refused. */
    struct decoded decoded = decode_with(SV("a line of text"), &options, NULL, 0);
    assert_int_equal(decoded.result.reason, QUARANTINE_SYNTAX);
}

static void
envelopes_in_envelopes_have_a_limit(void **state)
{
    (void)state;
    struct strbuf value;
    strbuf_init(&value, 0);
    for (int depth = 1; depth < 200000; depth = depth < 10 ? depth + 1 : depth * 20) {
        strbuf_clear(&value);
        for (int i = 0; i < depth; i++)
            strbuf_add_text(&value, "GET / HTTP/1.1\n\n");
        strbuf_add_text(&value, "a line");
        struct decoded decoded = decode_value(strbuf_view(&value));
        if (depth <= UNWRAP_DEPTH_MAX) {
            assert_int_equal(decoded.count, 1);
            assert_true(sv_eq(decoded.events[0].body, SV("a line")));
        } else {
            assert_int_equal(decoded.result.reason, QUARANTINE_TOO_DEEP);
        }
    }
    strbuf_clear(&value);
    for (int i = 0; i < 60; i++)
        strbuf_add_text(&value, "{\"headers\":{\"a\":\"b\"},\"path\":\"/\",\"body\":");
    strbuf_add_text(&value, "{}");
    for (int i = 0; i < 60; i++)
        strbuf_add_char(&value, '}');
    assert_int_equal(decode_value(strbuf_view(&value)).result.reason, QUARANTINE_TOO_DEEP);
    strbuf_release(&value);
}

static void
headers_of_a_request_are_those_of_its_body(void **state)
{
    (void)state;
    struct decoded decoded =
        decode_text("POST / HTTP/1.1\nhindcast-service: forged\nHindcast-Format: text\n"
                    "ce-specversion: 1.0\nce-id: 5\nce-source: /s\nce-type: t\n\n" ALERT);
    assert_int_equal(decoded.count, 1);
    assert_true(sv_eq(decoded.events[0].format, SV("alertmanager")));
    assert_true(sv_empty(decoded.events[0].service));
    /* As many as a record may have, those of the record among them. */
    struct strbuf value;
    struct header own[RECORD_HEADERS_MAX];
    const struct decode_options options = {0};
    strbuf_init(&value, 0);
    for (size_t i = 0; i < RECORD_HEADERS_MAX; i++)
        own[i] = (struct header){SV("x"), SV("y")};
    own[RECORD_HEADERS_MAX - 1] = (struct header){SV("hindcast-host"), SV("gate-3")};
    strbuf_add_text(&value, "POST / HTTP/1.1\n");
    for (int i = 0; i < 100; i++)
        strbuf_addf(&value, "h%d: %d\n", i, i);
    strbuf_add_text(&value, "\na line");
    for (size_t count = 0; count <= RECORD_HEADERS_MAX; count += RECORD_HEADERS_MAX) {
        decoded = decode_with(strbuf_view(&value), &options, own, count);
        assert_int_equal(decoded.count, 1);
        assert_true(sv_eq(decoded.events[0].host, count == 0 ? SV("") : SV("gate-3")));
    }
    strbuf_release(&value);
}

/* An element that nobody claims is read as the first was, but not what lies in its envelope. */
static void
envelopes_in_a_list(void **state)
{
    (void)state;
    static const char *const elements[] = {
        "{\"TopicArn\":\"arn\",\"Message\":\"{\\\"note\\\":\\\"one\\\"}\"}",
        "{\"@timestamp\":\"2026-03-01T09:00:00Z\",\"message\":\"{\\\"note\\\":\\\"one\\\"}\"}",
        "{\"method\":\"POST\",\"path\":\"/"
        "\",\"headers\":{\"a\":\"b\"},\"body\":{\"note\":\"one\"}}",
        "{\"payload\":\"{\\\"note\\\":\\\"one\\\"}\"}",
    };
    for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
        char value[800];
        snprintf(value, sizeof(value), "[%s,%s]", elements[i], elements[i]);
        struct decoded decoded = decode_text(value);
        if (decoded.count != 2 || !sv_eq(decoded.events[0].body, SV("one")) ||
            !sv_eq(decoded.events[1].body, SV("one")))
            fail_msg("%s: %zu", value, decoded.count);
    }
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
        cmocka_unit_test(a_told_format_is_that_of_what_is_inside),
        cmocka_unit_test(envelopes_in_envelopes_have_a_limit),
        cmocka_unit_test(headers_of_a_request_are_those_of_its_body),
        cmocka_unit_test(envelopes_in_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
