/*
 * Incidents that records name in words: what a paging tool's text and a channel's name join over
 * days, and what only looks like a number of an incident. Records of our own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "correlate/group/named.h"
#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S)
#define ROWS_MAX 20

static struct arena arena;
static struct observation rows[ROWS_MAX];
static size_t row_count;

static int
start(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    row_count = 0;
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct event *
add(int hour, enum event_kind kind, const char *text)
{
    assert_true(row_count < ROWS_MAX);
    struct observation *row = &rows[row_count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    row->event = (struct event){.kind = kind,
                                .record_kind = kind == EVENT_CHAT ? RECORD_CHAT : RECORD_ALERT,
                                .source = kind == EVENT_CHAT ? SV("slack:ops") : SV("pager"),
                                .title = kind == EVENT_CHAT ? SV_NONE : sv_from(text),
                                .body = sv_from(text),
                                .event_time_ns = BEGIN_NS + hour * NS_PER_HOUR,
                                .precision = PRECISION_SECOND,
                                .scope = SV("default")};
    row->event.uid[0] = (uint8_t)(row_count + 1);
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    row_count++;
    return &row->event;
}

static void
say(int hour, const char *channel, const char *text)
{
    add(hour, EVENT_CHAT, text)->channel = sv_from(channel);
}

static const char *
in_text(const char *text)
{
    row_count = 0;
    add(0, EVENT_ALERT, text);
    struct sv name = named_incident(&arena, &rows[0].event, rows[0].event.body);
    return name.len == 0 ? "" : arena_strdup(&arena, name);
}

static const char *
in_channel(const char *channel)
{
    row_count = 0;
    say(0, channel, "INCIDENT #5");
    struct sv name = named_incident(&arena, &rows[0].event, rows[0].event.body);
    return name.len == 0 ? "" : arena_strdup(&arena, name);
}

static void
numbers_of_incidents_and_what_only_looks_like_one(void **state)
{
    (void)state;
    assert_string_equal(in_text("Acknowledged. INCIDENT #1924 | disk full"), "#1924");
    assert_string_equal(in_text("Incident#7"), "#7");
    assert_string_equal(in_text("incident #12."), "#12");
    assert_string_equal(in_text("incident # 12"), "");
    assert_string_equal(in_text("incident 12"), "");
    assert_string_equal(in_text("coincident #12"), "");
    assert_string_equal(in_text("incident #12ab"), "");
    assert_string_equal(in_text("incident #20260303"), "");
    assert_string_equal(in_text("incident #2026-03-03"), "");
    assert_string_equal(in_text("INCIDENT"), "");
    assert_string_equal(in_text("incident #"), "");
    assert_string_equal(in_text("incident #x, incident #8"), "#8");
    assert_string_equal(in_channel("server_start_inc_1924"), "#1924");
    assert_string_equal(in_channel("inc-1924-checkout"), "#1924");
    assert_string_equal(in_channel("#incident1924"), "#1924");
    assert_string_equal(in_channel("inc-2026-03-03-checkout"), "");
    assert_string_equal(in_channel("inc-20260303"), "");
    assert_string_equal(in_channel("zinc-12"), "");
    assert_string_equal(in_channel("ops"), "");
    assert_string_equal(in_channel("inc-"), "");
}

/* The incident of the record at this hour. */
static struct sv
incident_at(const struct correlation *result, int hour)
{
    for (size_t i = 0; i < result->incident_count; i++)
        for (size_t k = 0; k < result->incidents[i].entry_count; k++)
            if (result->incidents[i].entries[k].time_ns == BEGIN_NS + hour * NS_PER_HOUR)
                return result->incidents[i].incident_key;
    return SV("none");
}

static void
what_names_one_incident_is_one_over_days(void **state)
{
    (void)state;
    static struct correlation result;
    struct correlation_config config;
    struct err err;
    add(0, EVENT_ALERT, "Triggered. INCIDENT #1924 | disk full")->phase = PHASE_TRIGGER;
    add(1, EVENT_ALERT, "Triggered. INCIDENT #1925 | ferries late")->phase = PHASE_TRIGGER;
    add(30, EVENT_ALERT, "Acknowledged. INCIDENT #1924 | disk full")->phase = PHASE_ACK;
    say(33, "disk-inc-1924", "the disk of the third server is full");
    say(36, "ops", "ferries run");
    add(50, EVENT_ALERT, "Resolved. INCIDENT #1924 | disk full")->phase = PHASE_RESOLVE;
    struct correlation_input input = {
        .scope = SV("default"), .observations = rows, .count = row_count};
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    struct sv one = incident_at(&result, 0);
    assert_true(sv_eq(incident_at(&result, 30), one));
    assert_true(sv_eq(incident_at(&result, 33), one));
    assert_true(sv_eq(incident_at(&result, 50), one));
    assert_false(sv_eq(incident_at(&result, 1), one));
    assert_true(sv_eq(incident_at(&result, 36), SV("none")));
}

static void
the_id_of_a_source_comes_before_words(void **state)
{
    (void)state;
    static struct correlation result;
    struct correlation_config config;
    struct err err;
    struct event *first = add(0, EVENT_ALERT, "INCIDENT #1 disk full");
    first->incident_ref = SV("PAAA");
    struct event *second = add(40, EVENT_ALERT, "INCIDENT #1 ferries late");
    second->incident_ref = SV("PBBB");
    struct correlation_input input = {
        .scope = SV("default"), .observations = rows, .count = row_count};
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    assert_int_equal(result.incident_count, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(numbers_of_incidents_and_what_only_looks_like_one),
        TEST(what_names_one_incident_is_one_over_days),
        TEST(the_id_of_a_source_comes_before_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
