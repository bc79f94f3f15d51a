/*
 * correlate_run() on a small incident of our own: a deploy, alerts of two services, talk with an
 * edit and a deletion, log lines, a rollback, recovery. Rows, milestones, folding, declarations,
 * and the same bytes in any order and with deliveries repeated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdlib.h>

#include "base/strbuf.h"
#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define ROWS_MAX 64

static struct arena arena;
static struct observation rows[ROWS_MAX];
static size_t row_count;

static struct event *
add(int minute, int second, enum record_kind record, const char *source, const char *text)
{
    assert_true(row_count < ROWS_MAX);
    struct observation *row = &rows[row_count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    struct event *event = &row->event;
    static const enum event_kind kinds[] = {
        EVENT_NO_KIND,
#define RECORD_KIND(name, word, kind, meaning) EVENT_##kind,
#include "hindcast/event.def"
    };
    event->kind = kinds[record];
    event->record_kind = record;
    event->source = sv_from(source);
    event->title = event->body = sv_from(text);
    event->event_time_ns = BEGIN_NS + (minute * 60 + second) * NS_PER_S;
    event->precision = PRECISION_SECOND;
    event->scope = SV("default");
    event->uid[0] = (uint8_t)(row_count + 1);
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    row_count++;
    return event;
}

static void
say(int minute, int second, const char *actor, const char *text)
{
    struct event *event = add(minute, second, RECORD_CHAT, "slack:ops", text);
    event->actor = sv_from(actor);
    event->channel = SV("inc-shop");
    event->phase = PHASE_POST;
}

static void
alert(int minute, int second, enum event_phase phase, const char *service, const char *title)
{
    struct event *event = add(minute, second, RECORD_ALERT, "alertmanager", title);
    event->service = sv_from(service);
    event->phase = phase;
    event->fingerprint = sv_from(title);
    event->severity = SEVERITY_ERROR;
}

static void
logged(int minute, int second, const char *text)
{
    struct event *event = add(minute, second, RECORD_LOG, "app", text);
    event->service = SV("checkout");
    event->severity = SEVERITY_ERROR;
}

static void
scenario(void)
{
    row_count = 0;
    struct event *deploy = add(0, 0, RECORD_DEPLOY, "deploys", "Deploy checkout v2.14.0");
    deploy->service = SV("checkout");
    deploy->phase = PHASE_SUCCEEDED;
    deploy->ref = SV("v2.14.0");
    logged(3, 10, "request 4711 failed: connection to 10.1.2.3:5432 refused");
    logged(3, 40, "request 4712 failed: connection to 10.1.2.4:5432 refused");
    logged(4, 10, "request 9 failed: connection to 10.1.2.3:5432 refused");
    alert(4, 0, PHASE_TRIGGER, "checkout", "HighErrorRate");
    alert(8, 0, PHASE_TRIGGER, "checkout", "HighErrorRate"); /* sent again */
    alert(6, 0, PHASE_TRIGGER, "cart", "CartLatency");
    alert(7, 0, PHASE_ACK, "cart", "CartLatency");
    say(5, 30, "mia", "checkout is down, users are reporting empty carts");
    say(6, 10, "tom", "looking into it");
    say(9, 0, "tom", "oops wrong window");
    rows[row_count - 1].event.phase = PHASE_DELETE;
    say(12, 0, "tom", "turns out the new version cannot reach the database pool");
    say(14, 0, "mia", "rolling back to 2.13.2");
    say(20, 0, "tom", "error rate is back to normal");
    alert(21, 0, PHASE_RESOLVE, "checkout", "HighErrorRate");
    alert(22, 0, PHASE_RESOLVE, "cart", "CartLatency");
    say(30, 0, "mia", "incident resolved, thanks all");
}

static struct correlation
correlate_by(struct sv rules, const struct declaration *declarations, size_t count)
{
    struct correlation_input input = {.scope = SV("default"),
                                      .observations = rows,
                                      .count = row_count,
                                      .declarations = declarations,
                                      .declaration_count = count};
    struct correlation_config config;
    struct correlation result;
    struct err err;
    correlation_config_default(&config);
    config.rules = rules;
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    return result;
}

static struct correlation
correlate(const struct declaration *declarations, size_t count)
{
    return correlate_by(SV_NONE, declarations, count);
}

static const struct entry *
entry_at(const struct incident *incident, int minute, int second)
{
    for (size_t i = 0; i < incident->entry_count; i++)
        if (incident->entries[i].time_ns == BEGIN_NS + (minute * 60 + second) * NS_PER_S)
            return &incident->entries[i];
    return NULL;
}

static bool
has_reason(const struct entry *entry, const char *name)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, sv_from(name)))
            return true;
    return false;
}

static void
assert_kind(const struct incident *incident, int minute, int second, enum entry_kind kind)
{
    const struct entry *entry = entry_at(incident, minute, second);
    assert_non_null(entry);
    assert_string_equal(entry_kind_word(entry->kind), entry_kind_word(kind));
}

static void
one_incident_with_its_rows(void **state)
{
    (void)state;
    scenario();
    struct correlation result = correlate(NULL, 0);
    assert_int_equal(result.incident_count, 1);
    const struct incident *incident = &result.incidents[0];
    assert_true(incident->raised);
    assert_int_equal(incident->alert_count, 2);
    assert_int_equal(incident->record_count, (int64_t)row_count);
    assert_int_equal(incident->entry_count, row_count - 3);
    assert_true(sv_eq(incident->title, SV("HighErrorRate (checkout)")));
    assert_int_equal(incident->service_count, 2);
    assert_kind(incident, 0, 0, ENTRY_CHANGE_FINISHED);
    assert_kind(incident, 3, 10, ENTRY_LOG_PATTERN);
    assert_kind(incident, 4, 0, ENTRY_ALERT_FIRING);
    assert_kind(incident, 7, 0, ENTRY_ALERT_ACKNOWLEDGED);
    assert_kind(incident, 14, 0, ENTRY_ACTION_TAKEN);
    assert_kind(incident, 21, 0, ENTRY_ALERT_RESOLVED);
    assert_kind(incident, 30, 0, ENTRY_STATUS_CHANGE);
    assert_int_equal(entry_at(incident, 3, 10)->occurrences, 3);
    assert_int_equal(entry_at(incident, 3, 10)->evidence_count, 3);
    assert_int_equal(entry_at(incident, 4, 0)->occurrences, 2);
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        int32_t sum = 0;
        for (size_t r = 0; r < entry->reason_count; r++)
            sum += entry->reasons[r].hundredths;
        assert_int_equal(sum, entry->score);
        assert_int_equal(entry->entry_id.len, 16);
        assert_true(entry->membership.len > 0 && entry->evidence_count > 0);
        for (size_t k = 0; k < i; k++)
            assert_false(sv_eq(entry->entry_id, incident->entries[k].entry_id));
    }
}

/* Rules say other things of the same entries: documents and decisions that name one keep it. */
static void
rules_name_no_entry(void **state)
{
    (void)state;
    scenario();
    struct correlation told = correlate(NULL, 0);
    struct correlation bare =
        correlate_by(SV("only\thypothesis\t1\t-\tnothing says this\t\n"), NULL, 0);
    size_t other_kinds = 0;
    assert_int_equal(told.incident_count, 1);
    assert_int_equal(bare.incident_count, 1);
    const struct incident *a = &told.incidents[0], *b = &bare.incidents[0];
    assert_int_equal(a->entry_count, b->entry_count);
    for (size_t i = 0; i < a->entry_count; i++) {
        assert_true(sv_eq(a->entries[i].entry_id, b->entries[i].entry_id));
        other_kinds += a->entries[i].kind != b->entries[i].kind;
    }
    assert_true(other_kinds > 0);
}

static void
deleted_words_are_not_told(void **state)
{
    (void)state;
    scenario();
    struct correlation result = correlate(NULL, 0);
    const struct entry *entry = entry_at(&result.incidents[0], 9, 0);
    assert_true(sv_eq(entry->text, SV("message deleted")));
    assert_int_equal(entry->kind, ENTRY_RETRACTION);
    assert_int_equal(entry->significance, SIGNIFICANCE_FULL);
    assert_int_equal(entry->act, ACT_NONE);
}

static void
milestones_have_their_rows(void **state)
{
    (void)state;
    scenario();
    struct correlation result = correlate(NULL, 0);
    const struct incident *incident = &result.incidents[0];
    static const struct {
        enum milestone milestone;
        int minute, second;
    } expected[] = {{MILESTONE_IMPACT_STARTED, 3, 10}, {MILESTONE_DETECTED, 4, 0},
                    {MILESTONE_ACKNOWLEDGED, 6, 10},   {MILESTONE_CAUSE_IDENTIFIED, 12, 0},
                    {MILESTONE_MITIGATED, 14, 0},      {MILESTONE_RECOVERED, 20, 0},
                    {MILESTONE_RESOLVED, 30, 0}};
    assert_int_equal(incident->milestone_count, sizeof(expected) / sizeof(expected[0]));
    for (size_t i = 0; i < incident->milestone_count; i++) {
        assert_string_equal(milestone_word(incident->milestones[i].milestone),
                            milestone_word(expected[i].milestone));
        assert_int_equal(incident->milestones[i].time_ns,
                         BEGIN_NS + (expected[i].minute * 60 + expected[i].second) * NS_PER_S);
    }
    assert_int_equal(entry_at(incident, 14, 0)->significance, SIGNIFICANCE_KEY);
    assert_int_equal(entry_at(incident, 4, 0)->significance, SIGNIFICANCE_KEY);
    assert_true(has_reason(entry_at(incident, 6, 10), "first_response"));
}

static void
the_highest_version_counts(void **state)
{
    (void)state;
    scenario();
    say(40, 0, "mia", "rolling back to 2.13.9"); /* an edit, which tells when it was made */
    rows[row_count - 1].event.version = 7;
    rows[row_count - 1].event.phase = PHASE_EDIT;
    for (size_t i = 0; i + 1 < row_count; i++)
        if (sv_eq(rows[i].event.body, SV("rolling back to 2.13.2")))
            memcpy(rows[row_count - 1].event.uid, rows[i].event.uid, UID_BYTES);
    struct correlation result = correlate(NULL, 0);
    assert_true(sv_eq(entry_at(&result.incidents[0], 14, 0)->text, SV("rolling back to 2.13.9")));
    assert_int_equal(result.incidents[0].record_count, (int64_t)row_count - 1);
}

/* Without a fingerprint all that an alert is about tells it from others. */
static void
one_alert_of_two_hosts_is_two(void **state)
{
    (void)state;
    row_count = 0;
    for (int i = 0; i < 3; i++) {
        alert(i, 0, PHASE_TRIGGER, "db", "disk full");
        rows[i].event.fingerprint = SV_NONE;
        rows[i].event.host = i == 1 ? SV("db-2") : SV("db-1");
    }
    struct correlation result = correlate(NULL, 0);
    assert_int_equal(result.node_count, 2);
    assert_int_equal(result.incident_count, 1);
    assert_int_equal(result.incidents[0].entry_count, 2);
    assert_true(sv_eq(result.incidents[0].entries[0].host, SV("db-1")));
    assert_int_equal(result.incidents[0].entries[0].occurrences, 2);
    assert_true(sv_eq(result.incidents[0].entries[1].host, SV("db-2")));
}

static void
tools_that_repeat_an_alert_fade(void **state)
{
    (void)state;
    scenario();
    say(4, 20, "alertbot", "checkout has trouble");
    rows[row_count - 1].event.actor_type = ACTOR_BOT;
    alert(4, 1, PHASE_TRIGGER, "checkout", "HighErrorRate checkout");
    struct correlation result = correlate(NULL, 0);
    const struct entry *entry = entry_at(&result.incidents[0], 4, 20);
    assert_true(has_reason(entry, "tool_repeats_record"));
    assert_int_equal(entry->significance, SIGNIFICANCE_FULL);
}

static void
close_rows_of_two_clocks_have_no_order(void **state)
{
    (void)state;
    scenario();
    say(6, 1, "mia", "cart is slow too");
    struct correlation result = correlate(NULL, 0);
    assert_false(entry_at(&result.incidents[0], 6, 1)->order_established);
    assert_true(entry_at(&result.incidents[0], 6, 10)->order_established);
}

/* A source without phases: every alert is a trigger, every event of a paging tool an update. */
static void
words_decide_where_phases_do_not(void **state)
{
    (void)state;
    row_count = 0;
    alert(0, 0, PHASE_TRIGGER, "shop", "[FIRING:1] ShopDown");
    alert(9, 0, PHASE_TRIGGER, "shop", "[RESOLVED] ShopDown");
    add(2, 0, RECORD_INCIDENT_EVENT, "pager", "Acknowledged by Mia")->phase = PHASE_UPDATE;
    add(10, 0, RECORD_INCIDENT_EVENT, "pager", "Resolved by Mia")->phase = PHASE_UPDATE;
    struct correlation result = correlate(NULL, 0);
    assert_int_equal(result.incident_count, 1);
    assert_kind(&result.incidents[0], 0, 0, ENTRY_ALERT_FIRING);
    assert_kind(&result.incidents[0], 2, 0, ENTRY_ALERT_ACKNOWLEDGED);
    assert_kind(&result.incidents[0], 9, 0, ENTRY_ALERT_RESOLVED);
    assert_kind(&result.incidents[0], 10, 0, ENTRY_STATUS_CHANGE);
}

/* ---------------------------------------------------------------- declarations */

static struct declaration
declared(int from_minute, int to_minute)
{
    return (struct declaration){.id = SV("d1"),
                                .title = SV("Shop down"),
                                .from_ns = BEGIN_NS + from_minute * NS_PER_MINUTE,
                                .to_ns = BEGIN_NS + to_minute * NS_PER_MINUTE};
}

static void
a_declaration_holds_what_lies_within(void **state)
{
    (void)state;
    row_count = 0;
    say(10, 0, "mia", "search is down");
    say(200, 0, "mia", "lunch?");
    add(-20, 0, RECORD_DEPLOY, "deploys", "Deploy search v2.0");
    add(50, 0, RECORD_DEPLOY, "deploys", "Deploy other v2.0");
    struct correlation candidates = correlate(NULL, 0); /* of its talk, not of lunch */
    assert_int_equal(candidates.incident_count, 1);
    assert_int_equal(candidates.incidents[0].opened, OPENED_TALK);
    struct declaration declaration = declared(0, 30);
    struct correlation result = correlate(&declaration, 1);
    assert_int_equal(result.incident_count, 1);
    const struct incident *incident = &result.incidents[0];
    assert_true(incident->declared && incident->raised);
    assert_true(sv_eq(incident->title, SV("Shop down")));
    assert_int_equal(incident->entry_count, 2);
    assert_non_null(entry_at(incident, -20, 0));
    assert_true(sv_starts(entry_at(incident, 10, 0)->membership, SV("declared bounds")));
    declaration.channel = SV("another");
    assert_int_equal(correlate(&declaration, 1).incidents[0].entry_count, 1);
}

static void
alerts_inside_join_the_declaration(void **state)
{
    (void)state;
    scenario();
    alert(300, 0, PHASE_TRIGGER, "mail", "QueueFull");
    struct declaration declaration = declared(-100, 400);
    struct correlation result = correlate(&declaration, 1);
    assert_int_equal(result.incident_count, 1);
    assert_int_equal(result.incidents[0].alert_count, 3);
    declaration.service = SV("mail");
    result = correlate(&declaration, 1);
    assert_int_equal(result.incident_count, 2);
    assert_int_equal(result.incidents[0].alert_count, 1);
}

/* --------------------------------------------------------------------- order */

static void
print_incidents(const struct correlation *result, struct strbuf *out)
{
    for (size_t i = 0; i < result->incident_count; i++) {
        const struct incident *incident = &result->incidents[i];
        strbuf_addf(out, SV_FMT " " SV_FMT " %zu\n", SV_ARG(incident->incident_key),
                    SV_ARG(incident->title), incident->node_count);
        for (size_t e = 0; e < incident->entry_count; e++) {
            const struct entry *entry = &incident->entries[e];
            strbuf_addf(out, SV_FMT " %s %d %d %lld " SV_FMT " " SV_FMT, SV_ARG(entry->entry_id),
                        entry_kind_word(entry->kind), entry->score, (int)entry->significance,
                        (long long)entry->occurrences, SV_ARG(entry->text),
                        SV_ARG(entry->membership));
            for (size_t k = 0; k < entry->evidence_count; k++)
                strbuf_addf(out, " %lld", (long long)entry->evidence[k].at.offset);
            for (size_t r = 0; r < entry->reason_count; r++)
                strbuf_addf(out, " " SV_FMT, SV_ARG(entry->reasons[r].name));
            strbuf_add_char(out, '\n');
        }
    }
}

static void
order_and_repetition_never_matter(void **state)
{
    (void)state;
    struct strbuf expected, found;
    strbuf_init(&expected, 0);
    strbuf_init(&found, 0);
    scenario();
    struct correlation result = correlate(NULL, 0);
    print_incidents(&result, &expected);
    uint64_t random = 2463534242;
    size_t once = row_count;
    for (int order = 0; order < 50; order++) {
        row_count = once;
        scenario();
        for (size_t i = 0; i < 10; i++) { /* delivered again, further on in the log */
            rows[row_count] = rows[i * 3 % once];
            rows[row_count].at.offset += 1000;
            row_count++;
        }
        for (size_t i = row_count; i > 1; i--) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            struct observation kept = rows[i - 1];
            rows[i - 1] = rows[random % i];
            rows[random % i] = kept;
        }
        strbuf_clear(&found);
        result = correlate(NULL, 0);
        print_incidents(&result, &found);
        assert_string_equal(found.ptr, expected.ptr);
    }
    strbuf_release(&expected);
    strbuf_release(&found);
}

/* Points of the deployment, which is the only change of its source; each other minute has an alert.
 */
static int
deployment_score(const int *minutes, size_t count)
{
    scenario();
    for (size_t i = 0; i < count; i++)
        alert(minutes[i], 0, PHASE_TRIGGER, "billing", "DiskFull");
    struct correlation result = correlate(NULL, 0);
    assert_true(result.incident_count >= 1);
    return entry_at(&result.incidents[0], 0, 0)->score;
}

/* 150 hundredths less one change an hour: 0 in one hour, 75 in two, 100 in three. */
static void
only_an_hour_that_had_no_record_is_news(void **state)
{
    (void)state;
    static const int within[] = {100, 119, 101}, later[] = {100, 120}, twice[] = {40, 59};
    int alone = deployment_score(NULL, 0), two_hours = deployment_score(within, 1);
    assert_int_equal(BEGIN_NS % NS_PER_HOUR, 0);
    assert_int_equal(two_hours, alone + 75);
    assert_int_equal(deployment_score(within, 3), two_hours);
    assert_int_equal(deployment_score(later, 2), alone + 100);
    assert_int_equal(deployment_score(twice, 2), alone);
}

static void
words_read_back(void **state)
{
    (void)state;
    assert_int_equal(entry_kind_read(SV("log_pattern")), ENTRY_LOG_PATTERN);
    assert_int_equal(act_read(SV("rollback")), ACT_ROLLBACK);
    assert_int_equal(milestone_read(SV("resolved")), MILESTONE_RESOLVED);
    assert_int_equal(significance_read(SV("key")), SIGNIFICANCE_KEY);
    assert_int_equal(entry_kind_read(SV("no such")), ENTRY_NONE);
    assert_string_equal(act_word(ACT_NONE), "");
}

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_incident_with_its_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_name_no_entry, setup, teardown),
        cmocka_unit_test_setup_teardown(deleted_words_are_not_told, setup, teardown),
        cmocka_unit_test_setup_teardown(milestones_have_their_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(the_highest_version_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(one_alert_of_two_hosts_is_two, setup, teardown),
        cmocka_unit_test_setup_teardown(tools_that_repeat_an_alert_fade, setup, teardown),
        cmocka_unit_test_setup_teardown(close_rows_of_two_clocks_have_no_order, setup, teardown),
        cmocka_unit_test_setup_teardown(words_decide_where_phases_do_not, setup, teardown),
        cmocka_unit_test_setup_teardown(a_declaration_holds_what_lies_within, setup, teardown),
        cmocka_unit_test_setup_teardown(alerts_inside_join_the_declaration, setup, teardown),
        cmocka_unit_test_setup_teardown(order_and_repetition_never_matter, setup, teardown),
        cmocka_unit_test_setup_teardown(only_an_hour_that_had_no_record_is_news, setup, teardown),
        cmocka_unit_test(words_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
