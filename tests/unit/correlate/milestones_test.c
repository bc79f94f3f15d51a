/*
 * Milestones as a consistent set: what failed, what was only asked for, what lies before anything
 * was noticed, routine lines of logs, impact that comes back. And that no rule reads farther than
 * correlate/story/reads.def says. Incidents of our own, modelled after how people tell of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "correlate/story/confidence.h"
#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define ROWS_MAX 200

static struct arena arena;
static struct observation rows[ROWS_MAX];
static size_t row_count;

static struct event *
add(int64_t second, enum record_kind record, const char *source, const char *text)
{
    static const enum event_kind kinds[] = {
        EVENT_NO_KIND,
#define RECORD_KIND(name, word, kind, meaning) EVENT_##kind,
#include "hindcast/event.def"
    };
    assert_true(row_count < ROWS_MAX);
    struct observation *row = &rows[row_count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    row->event = (struct event){.kind = kinds[record],
                                .record_kind = record,
                                .source = sv_from(source),
                                .title = sv_from(text),
                                .body = sv_from(text),
                                .event_time_ns = BEGIN_NS + second * NS_PER_S,
                                .precision = PRECISION_SECOND,
                                .scope = SV("default")};
    row->event.uid[0] = (uint8_t)(row_count + 1);
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    row_count++;
    return &row->event;
}

static void
say(int minute, const char *actor, const char *text)
{
    struct event *event = add(60 * minute, RECORD_CHAT, "slack:inc", text);
    event->actor = sv_from(actor);
    event->channel = SV("inc");
    event->phase = PHASE_POST;
}

static void
alert(int minute, enum event_phase phase, const char *title)
{
    struct event *event = add(60 * minute, RECORD_ALERT, "am", title);
    event->service = SV("edge");
    event->fingerprint = event->title;
    event->severity = SEVERITY_ERROR;
    event->phase = phase;
}

static void
logged(int64_t second, int severity, const char *text)
{
    struct event *event = add(second, RECORD_LOG, "edge-log", text);
    event->service = SV("edge");
    event->severity = severity;
}

static const struct incident *
told(void)
{
    static struct correlation result;
    struct correlation_input input = {
        .scope = SV("default"), .observations = rows, .count = row_count};
    struct correlation_config config;
    struct err err;
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    /* The one of the alert at minute 0. */
    for (size_t i = 0; i < result.incident_count; i++)
        for (size_t k = 0; k < result.incidents[i].entry_count; k++)
            if (result.incidents[i].entries[k].time_ns == BEGIN_NS && result.incidents[i].raised)
                return &result.incidents[i];
    return NULL;
}

/* Minute of the n-th row of this milestone, or -1000. */
static int
minute_of(const struct incident *incident, enum milestone milestone, size_t n)
{
    for (size_t i = 0; i < incident->milestone_count; i++)
        if (incident->milestones[i].milestone == milestone && n-- == 0)
            return (int)((incident->milestones[i].time_ns - BEGIN_NS) / NS_PER_MINUTE);
    return -1000;
}

static const struct entry *
entry_at(const struct incident *incident, int minute)
{
    for (size_t i = 0; i < incident->entry_count; i++)
        if (incident->entries[i].time_ns == BEGIN_NS + minute * NS_PER_MINUTE)
            return &incident->entries[i];
    fail();
    return NULL;
}

static bool
noted(const struct entry *entry, const char *reason)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, sv_from(reason)))
            return true;
    return false;
}

/* ---------------------------------------------------------------- what is done */

static void
story_of_a_failed_revert(void)
{
    row_count = 0;
    alert(0, PHASE_TRIGGER, "edge answers with errors");
    say(5, "ana", "looking at the page");
    say(40, "ben", "found it, #91 has the wrong port");
    say(42, "ida", "ok @ben please revert");
    say(48, "ben", "revert merged #92, pipeline running");
    say(59, "ben", "pipeline failed, the runner has no disk");
    say(70, "ana", "ran `kubectl -n edge rollout undo deployment/edge`");
    say(75, "ana", "back to normal, errors at 0.1 %");
    alert(80, PHASE_RESOLVE, "edge answers with errors");
}

static void
what_failed_mitigates_nothing(void **state)
{
    (void)state;
    story_of_a_failed_revert();
    const struct incident *incident = told();
    assert_int_equal(minute_of(incident, MILESTONE_MITIGATED, 0), 70);
    assert_int_equal(minute_of(incident, MILESTONE_RECOVERED, 0), 75);
    assert_true(noted(entry_at(incident, 48), "came_to_nothing"));
    assert_int_equal(entry_at(incident, 42)->act, ACT_DECISION);
    assert_int_equal(entry_at(incident, 70)->act, ACT_ROLLBACK);
}

/* "It did not help" takes back what came before, and what comes after is credited. */
static void
what_did_not_help_is_not_credited(void **state)
{
    (void)state;
    row_count = 0;
    alert(0, PHASE_TRIGGER, "edge answers with errors");
    say(10, "ana", "restarted all edge pods");
    say(20, "ana", "the restart did not help");
    say(25, "ben", "failed over to the other zone");
    say(31, "ben", "errors are gone, it works again");
    alert(35, PHASE_RESOLVE, "edge answers with errors");
    const struct incident *incident = told();
    assert_int_equal(minute_of(incident, MILESTONE_MITIGATED, 0), 25);
    assert_true(noted(entry_at(incident, 10), "came_to_nothing"));
}

/* An act that nothing follows is asked about; a failed deployment takes it back as well. */
static void
an_act_needs_what_follows_it(void **state)
{
    (void)state;
    row_count = 0;
    alert(0, PHASE_TRIGGER, "edge answers with errors");
    say(10, "ana", "rolled back to 1.4");
    const struct incident *incident = told();
    assert_int_equal(minute_of(incident, MILESTONE_MITIGATED, 0), -1000);
    assert_true(noted(entry_at(incident, 10), "no_recovery_after"));
    struct event *deploy = add(60 * 15, RECORD_DEPLOY, "ci", "Deploy edge 1.4");
    deploy->service = SV("edge");
    deploy->phase = PHASE_FAILED;
    say(30, "ana", "it works again");
    incident = told();
    assert_int_equal(minute_of(incident, MILESTONE_MITIGATED, 0), -1000);
    assert_true(noted(entry_at(incident, 10), "came_to_nothing"));
    assert_int_equal(entry_at(incident, 15)->kind, ENTRY_CHANGE_FAILED);
}

static void
nothing_lies_before_detection(void **state)
{
    (void)state;
    row_count = 0;
    say(-50, "ben", "deploying edge #91, new port");
    alert(0, PHASE_TRIGGER, "edge answers with errors");
    say(6, "ana", "looking into it");
    say(30, "ana", "rolled back");
    say(33, "ana", "it works again");
    say(20, "ida", "incident resolved");
    const struct incident *incident = told();
    assert_int_equal(minute_of(incident, MILESTONE_DETECTED, 0), 0);
    assert_int_equal(minute_of(incident, MILESTONE_ACKNOWLEDGED, 0), 6);
    assert_int_equal(minute_of(incident, MILESTONE_MITIGATED, 0), 30);
    assert_int_equal(minute_of(incident, MILESTONE_RESOLVED, 0), -1000);
    assert_true(noted(entry_at(incident, 20), "before_recovery"));
}

/* ----------------------------------------------------------------------- logs */

static void
a_routine_line_begins_nothing(void **state)
{
    (void)state;
    row_count = 0;
    logged(-1800, SEVERITY_WARN, "a response is buffered to a file");
    logged(-1100, SEVERITY_WARN, "a response is buffered to a file");
    logged(-300, SEVERITY_WARN, "a response is buffered to a file");
    alert(0, PHASE_TRIGGER, "edge answers with errors");
    const struct incident *incident = told();
    assert_int_equal(minute_of(incident, MILESTONE_IMPACT_STARTED, 0), 0);
    for (int i = 0; i < 5; i++)
        logged(-120 + 10 * i, SEVERITY_ERROR, "connection to orders refused");
    incident = told();
    assert_int_equal(minute_of(incident, MILESTONE_IMPACT_STARTED, 0), -2);
    assert_int_equal(minute_of(incident, MILESTONE_DETECTED, 0), 0);
    /* As loud as ever is no surge. */
    for (int i = 0; i < 60; i++)
        logged(-3400 + 50 * i, SEVERITY_ERROR, "orders is slow");
    assert_int_equal(minute_of(told(), MILESTONE_IMPACT_STARTED, 0), 0);
}

/* -------------------------------------------------------------------- windows */

static void
impact_that_comes_back_has_two_windows(void **state)
{
    (void)state;
    row_count = 0;
    alert(0, PHASE_TRIGGER, "edge answers with errors");
    say(10, "ana", "restarted all edge pods");
    say(12, "ana", "it works again");
    say(30, "ida", "it is down again, users are reporting errors");
    say(40, "ben", "rolled back to 1.4");
    say(44, "ben", "back to normal");
    alert(50, PHASE_RESOLVE, "edge answers with errors");
    const struct incident *incident = told();
    assert_int_equal(minute_of(incident, MILESTONE_MITIGATED, 0), 10);
    assert_int_equal(minute_of(incident, MILESTONE_RECOVERED, 0), 12);
    assert_int_equal(minute_of(incident, MILESTONE_REOPENED, 0), 30);
    assert_int_equal(minute_of(incident, MILESTONE_MITIGATED, 1), 40);
    assert_int_equal(minute_of(incident, MILESTONE_RECOVERED, 1), 44);
}

/* Two alerts: it works again when the last of them ends. */
static void
the_last_alert_ends_it(void **state)
{
    (void)state;
    row_count = 0;
    alert(0, PHASE_TRIGGER, "edge answers with errors");
    alert(2, PHASE_TRIGGER, "orders is slow");
    alert(20, PHASE_RESOLVE, "edge answers with errors");
    alert(50, PHASE_RESOLVE, "orders is slow");
    assert_int_equal(minute_of(told(), MILESTONE_RECOVERED, 0), 50);
}

/* ---------------------------------------------------------------- what is read */

static int32_t
reason_of(const struct entry *entry, const char *word)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, sv_from(word)))
            return entry->reasons[i].hundredths == 0 ? 1 : entry->reasons[i].hundredths;
    return 0;
}

static const struct entry *
same_entry(const struct incident *incident, struct sv entry_id)
{
    for (size_t i = 0; i < incident->entry_count; i++)
        if (sv_eq(incident->entries[i].entry_id, entry_id))
            return &incident->entries[i];
    return NULL;
}

/* Puts a copy of some row at this time, if that is not among the others of its episode. */
static void
copy_row(size_t from, int64_t ns)
{
    assert_true(row_count < ROWS_MAX);
    rows[row_count] = rows[from];
    rows[row_count].at.offset = (int64_t)row_count;
    rows[row_count].event.uid[1] = 77;
    rows[row_count].event.uid[0] = (uint8_t)(row_count + 1);
    rows[row_count].event.event_time_ns = ns;
    sha256_of(&row_count, sizeof(row_count), &rows[row_count].sha256);
    row_count++;
}

static void
rich_story(void)
{
    story_of_a_failed_revert();
    for (int i = 0; i < 4; i++)
        logged(-60 + 10 * i, SEVERITY_ERROR, "connection to orders refused");
    say(3, "bot", "edge answers with errors");
    say(60, "ben", "pipeline failed, the runner has no disk");
    add(60 * 47, RECORD_COMMIT, "git", "Revert \"Deploy #91\"");
    add(-60 * 20, RECORD_SAL, "sal", "restart edge on node 4");
    add(-60 * 10, RECORD_SAL, "sal", "restart edge on node 5");
}

/* Every row of the story again just outside of what a rule reads: it says the same of the row. */
static void
rules_read_nothing_beyond_their_windows(void **state)
{
    (void)state;
    size_t checked = 0;
    rich_story();
    size_t count = row_count;
    for (enum rule rule = 0; rule < RULES; rule++) {
        const struct rule_reads *reads = rule_reads(rule);
        if (reads->back_ns == WHOLE || reads->ahead_ns == WHOLE)
            continue;
        for (size_t at = 0; at < count; at++) {
            struct arena outer = arena;
            arena_init(&arena, 0);
            rich_story();
            int64_t before_ns = rows[at].event.event_time_ns - reads->back_ns - NS_PER_S;
            int64_t after_ns = rows[at].event.event_time_ns + reads->ahead_ns + NS_PER_S;
            const struct incident *plain = told();
            const struct entry *entry = NULL;
            for (size_t i = 0; i < plain->entry_count; i++)
                if (plain->entries[i].evidence[0].at.offset == (int64_t)at)
                    entry = &plain->entries[i];
            struct sv id = entry == NULL ? SV_NONE : entry->entry_id;
            int32_t expected = entry == NULL ? 0 : reason_of(entry, reads->word);
            for (size_t i = 0; i < count && entry != NULL; i++) {
                row_count = count;
                copy_row(i, i % 2 == 0 ? before_ns : after_ns);
                const struct incident *other = told();
                const struct entry *again = other == NULL ? NULL : same_entry(other, id);
                if (again == NULL) /* folded into the copy: another row */
                    continue;
                if (reason_of(again, reads->word) != expected)
                    fail_msg("%s of row %zu reads row %zu: %d, not %d", reads->word, at, i,
                             reason_of(again, reads->word), expected);
                checked++;
            }
            arena_release(&arena);
            arena = outer;
        }
    }
    assert_true(checked > 1000);
}

/* ------------------------------------------------------------------ confidence */

static void
confidence_is_by_evidence_and_length(void **state)
{
    (void)state;
    struct confidence confidence;
    struct err err;
    const char *text = "# a comment\n@long\t6\n*\tshort\t3\t4\t700\n*\tlong\t1\t4\t300\n"
                       "alert\tshort\t1\t1\t845\n";
    assert_int_equal(confidence_parse(sv_from(text), &confidence, &err), 0);
    assert_int_equal(confidence_of(&confidence, BASIS_ALERT, false), 85);
    assert_int_equal(confidence_of(&confidence, BASIS_ALERT, true), 30);
    assert_int_equal(confidence_of(&confidence, BASIS_WORDS, false), 70);
    assert_int_equal(confidence.long_ns, 6 * NS_PER_HOUR);
    static const char *const bad[] = {"@long\t0\n",
                                      "@long\tsix\n",
                                      "alert\tshort\t1\t1\t1001\n",
                                      "alert\tmedium\t1\t1\t5\n",
                                      "rumour\tshort\t1\t1\t5\n",
                                      "*\tshort\t3\t4\t700\n"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(confidence_parse(sv_from(bad[i]), &confidence, &err), -1);
    assert_int_equal(confidence_read(&confidence, &err), 0);
}

/* The same evidence says less in a story that goes on all day. */
static void
long_stories_are_less_sure(void **state)
{
    (void)state;
    story_of_a_failed_revert();
    int sure = told()->milestones[0].confidence;
    assert_true(noted(entry_at(told(), 70), "mitigated_by_words"));
    row_count--; /* it is not resolved yet */
    for (int i = 1; i < 20; i++)
        say(80 + 25 * i, "ana", "looking into the backlog of orders");
    alert(580, PHASE_RESOLVE, "edge answers with errors");
    assert_true(told()->milestones[0].confidence < sure);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_failed_mitigates_nothing), TEST(what_did_not_help_is_not_credited),
        TEST(an_act_needs_what_follows_it),  TEST(nothing_lies_before_detection),
        TEST(a_routine_line_begins_nothing), TEST(impact_that_comes_back_has_two_windows),
        TEST(the_last_alert_ends_it),        TEST(confidence_is_by_evidence_and_length),
        TEST(long_stories_are_less_sure),    TEST(rules_read_nothing_beyond_their_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
