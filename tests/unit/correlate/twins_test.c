/*
 * One alert that two tools tell: which are one, in any order, which are two, and what is counted
 * and kept. Alerts of our own, as a monitor and a paging tool write them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S)
#define ROWS_MAX 16
#define RULE "CheckoutErrorRateHigh"
#define GROUP "{}:{alertname=\"CheckoutErrorRateHigh\"}"
/* The SHA-256 of GROUP. */
#define GROUP_KEY "b11252976d1769cfdc90035479aa5e8bbfc48095adfbeab80cb3d6f09d056078"

static struct arena arena;
static struct err err;
static struct observation rows[ROWS_MAX];
static size_t count;
static struct correlation made;

static struct event *
add(int64_t second, const char *source, const char *id, const char *title)
{
    struct observation *row = &rows[count];
    assert_true(count < ROWS_MAX);
    *row = (struct observation){.incarnation = 1, .at = {.offset = (int64_t)count}};
    row->event = (struct event){
        .scope = SV("default"),
        .identified = true,
        .identity = sv_from(title),
        .kind = EVENT_ALERT,
        .record_kind = RECORD_ALERT,
        .phase = PHASE_TRIGGER,
        .format = sv_from(source),
        .source = sv_from(source),
        .event_time_ns = BEGIN_NS + second * NS_PER_S,
        .precision = PRECISION_SECOND,
        .time_source = TIME_SOURCE_NATIVE,
        .severity = SEVERITY_ERROR,
        .title = sv_from(title),
        .service = SV("checkout-api"),
        .fingerprint = sv_from(id),
    };
    row->event.uid[0] = (uint8_t)++count;
    return &row->event;
}

static void
begin(void)
{
    count = 0;
    arena_reset(&arena);
}

static void
correlate(void)
{
    struct correlation_config config;
    struct correlation_input input = {.scope = SV("default"), .observations = rows, .count = count};
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, &made, &err), 0);
}

/* Of the only incident. */
static int64_t
alerts(void)
{
    correlate();
    assert_int_equal(made.incident_count, 1);
    return made.incidents[0].alert_count;
}

static bool
has_reason(const struct entry *entry, const char *name)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, sv_from(name)))
            return true;
    return false;
}

static struct event *
monitor(void)
{
    struct event *event =
        add(0, "alertmanager", "5c1f0a9be27d4e83", "checkout-api answers 31 % with errors");
    event->ref = SV(RULE);
    event->group_key = SV(GROUP);
    event->url = SV("https://prometheus.example.com/graph?g0.expr=errors");
    return event;
}

static struct event *
pager(int64_t second, const char *title)
{
    struct event *event = add(second, "pagerduty", "Q2AB4XYZ", title);
    event->service = SV("Checkout");
    event->severity = SEVERITY_FATAL;
    return event;
}

/* By the rule's name, a key, the key of the group, an address, a title; and in both orders. */
static void
one_alert_of_two_tools_is_counted_once(void **state)
{
    (void)state;
    for (int by = 0; by < 5; by++)
        for (int first = -30; first <= 40; first += 70) {
            begin();
            struct event *one = monitor();
            struct event *other = pager(first, by == 0   ? "[FIRING:1] " RULE " (checkout-api)"
                                               : by == 4 ? "Checkout-API answers 31 % with errors!"
                                                         : "Something is wrong");
            if (by == 1)
                other->dedup_key = one->fingerprint;
            if (by == 2)
                other->dedup_key = SV(GROUP_KEY);
            if (by == 3)
                other->url = one->url;
            if (alerts() != 1)
                fail_msg("counted twice: %d, %d s", by, first);
            const struct incident *incident = &made.incidents[0];
            assert_int_equal(incident->entry_count, 1);
            assert_int_equal(incident->entries[0].occurrences, 2);
            assert_int_equal(incident->entries[0].evidence_count, 2);
            assert_int_equal(incident->entries[0].severity, SEVERITY_FATAL);
            assert_true(has_reason(&incident->entries[0], "told_by_two_tools"));
        }
}

/* Whom it pages, who takes it and what is noted stay rows, and are no alerts. */
static void
pages_and_notes_stay_and_are_no_alerts(void **state)
{
    (void)state;
    begin();
    monitor();
    pager(40, "[FIRING:1] " RULE)->attributes = SV("{\"" EVENT_PAGED "\":[\"Ada Quill\"]}");
    struct event *taken = pager(90, "[FIRING:1] " RULE);
    taken->phase = PHASE_ACK;
    taken->record_kind = RECORD_INCIDENT_EVENT;
    taken->actor = SV("Ada Quill");
    taken->actor_type = ACTOR_HUMAN;
    struct event *note = pager(3 * 3600, "All error rates stayed low");
    note->phase = PHASE_NOTE;
    note->record_kind = RECORD_INCIDENT_EVENT;
    note->incident_ref = taken->incident_ref = rows[1].event.incident_ref =
        SV("pagerduty:Q2AB4XYZ");
    assert_int_equal(alerts(), 1);
    const struct incident *incident = &made.incidents[0];
    assert_int_equal(incident->entry_count, 4);
    assert_int_equal(incident->entries[0].kind, ENTRY_ALERT_FIRING);
    assert_int_equal(incident->entries[1].kind, ENTRY_PAGE_SENT);
    assert_int_equal(incident->entries[1].page_count, 1);
    assert_true(has_reason(&incident->entries[1], "same_alert"));
    assert_int_equal(incident->entries[2].kind, ENTRY_ALERT_ACKNOWLEDGED);
    struct alert_episode episodes[4];
    assert_int_equal(alert_episodes(incident, episodes), 1);
    assert_int_equal(episodes[0].first_ns, BEGIN_NS);
    assert_int_equal(episodes[0].last_ns, BEGIN_NS);
    assert_int_equal(episodes[0].records, 1);
}

/* The end of an alert is when it ended, and no note behind it. */
static void
notes_prolong_no_alert(void **state)
{
    (void)state;
    begin();
    pager(0, "Checkout is down");
    struct event *end = pager(600, "Checkout is down");
    end->phase = PHASE_RESOLVE;
    struct event *note = pager(900, "It was the pool");
    note->phase = PHASE_NOTE;
    note->record_kind = RECORD_INCIDENT_EVENT;
    assert_int_equal(alerts(), 1);
    struct alert_episode episodes[2];
    assert_int_equal(alert_episodes(&made.incidents[0], episodes), 1);
    assert_int_equal(episodes[0].last_ns, BEGIN_NS + 600 * NS_PER_S);
    assert_int_equal(episodes[0].records, 2);
    assert_true(episodes[0].resolved);
}

static void
others_are_two(void **state)
{
    (void)state;
    for (int how = 0; how < 6; how++) {
        begin();
        struct event *one = monitor(), *other = pager(how == 0 ? 1200 : 40, "[FIRING:1] " RULE);
        one->incident_ref = other->incident_ref = SV("P1"); /* one incident in any case */
        if (how == 1)
            other->service = SV("payments");
        if (how == 2) {
            one->host = SV("db-1");
            other->host = SV("db-2");
        }
        if (how == 3)
            other->source = one->source; /* one tool with two series */
        if (how == 4) {
            struct event *third = add(10, "alertmanager", "77aa20c4d3be5f18", "Others fail, too");
            third->ref = SV(RULE);
            third->service = SV_NONE;
            third->incident_ref = SV("P1"); /* which of the two it tells is not known */
        }
        if (how == 5)
            other->title = SV("Checkout: disk full");
        int64_t expected = how == 4 ? 3 : 2;
        if (alerts() != expected)
            fail_msg("not %lld: %d", (long long)expected, how);
    }
}

/* Webhook and log of one incident: each thing happened once. */
static void
two_doors_of_one_tool_tell_once(void **state)
{
    (void)state;
    for (int door = 0; door < 2; door++) {
        if (door == 0)
            begin();
        struct event *fired = pager(0, "Checkout is down"), *note = pager(60, "It was the pool");
        fired->format = note->format = door == 0 ? SV("pagerduty") : SV("pagerduty_log_entries");
        fired->identity = note->identity = door == 0 ? SV("a") : SV("b");
        if (door == 1)
            fired->attributes = SV("{\"" EVENT_PAGED "\":[\"Ada Quill\"]}");
        note->phase = PHASE_NOTE;
        note->record_kind = RECORD_INCIDENT_EVENT;
        note->actor = SV("Ada Quill");
    }
    assert_int_equal(alerts(), 1);
    const struct incident *incident = &made.incidents[0];
    assert_int_equal(incident->entry_count, 2);
    assert_int_equal(incident->entries[0].page_count, 1);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(incident->entries[i].occurrences, 2);
        assert_true(has_reason(&incident->entries[i], "told_twice"));
    }
    /* The same tool says the same twice by one door: two things happened. */
    begin();
    pager(0, "Checkout is down");
    for (int i = 0; i < 2; i++) {
        struct event *note = pager(60 + i, "It was the pool");
        note->phase = PHASE_NOTE;
        note->record_kind = RECORD_INCIDENT_EVENT;
    }
    correlate();
    assert_int_equal(made.incidents[0].entry_count, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_alert_of_two_tools_is_counted_once),
        cmocka_unit_test(pages_and_notes_stay_and_are_no_alerts),
        cmocka_unit_test(notes_prolong_no_alert),
        cmocka_unit_test(others_are_two),
        cmocka_unit_test(two_doors_of_one_tool_tell_once),
    };
    arena_init(&arena, 0);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}
