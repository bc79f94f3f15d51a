/*
 * Copies of alerts that bots post to channels: which fold into the row of their alert, in both
 * orders, and which stay messages of a tool. Alerts and messages of our own, as paging tools write
 * them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "tests/lib/fewrows.h"

static struct fewrows few;

static void
say(int64_t minute, const char *channel, const char *actor, const char *text)
{
    struct event *event = fewrows_add(&few, minute, RECORD_CHAT, text);
    event->source = sv_from(channel);
    event->channel = sv_from(channel);
    event->actor = sv_from(actor);
}

static void
begin(void)
{
    few.count = 0;
    arena_reset(&few.arena);
}

/* An alert as a paging tool has it: an id, an address, a phase. */
static struct event *
page(int64_t minute, const char *title, const char *id, enum event_phase phase)
{
    struct event *event = fewrows_add(&few, minute, RECORD_ALERT, title);
    event->service = SV("checkout");
    event->fingerprint = sv_from(id);
    event->dedup_key = sv_from(id);
    event->url = SV("https://pages.example.com/incidents/Q2AB4");
    event->phase = phase;
    return event;
}

static void
post(int64_t minute, const char *text)
{
    struct event *event = fewrows_add(&few, minute, RECORD_CHAT, text);
    event->source = event->channel = SV("inc-checkout");
    event->actor = SV("PagerDuty");
    event->actor_type = ACTOR_BOT;
}

/* The entry with this text; NULL: there is none. */
static const struct entry *
entry_with(const char *text)
{
    for (size_t i = 0; i < few.made.incidents[0].entry_count; i++)
        if (sv_eq(few.made.incidents[0].entries[i].text, sv_from(text)))
            return &few.made.incidents[0].entries[i];
    return NULL;
}

#define TITLE "High error rate on checkout"

/* The alert's row counts and cites the copy, wherever in time it lies. */
static void
copies_fold_into_their_alert(void **state)
{
    (void)state;
    static const struct {
        int64_t minute;
        const char *text;
    } copies[] = {
        {10, "Triggered: " TITLE},
        {13, "[FIRING:1] " TITLE " (critical)"},
        {9, "New alert: " TITLE},
        {20, "Triggered Q2AB4D: see https://pages.example.com/incidents/Q2AB4"},
        {28, "Problem DK-7781 opened"},
    };
    for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
        begin();
        page(10, TITLE, "DK-7781", PHASE_TRIGGER);
        post(copies[i].minute, copies[i].text);
        fewrows_correlate(&few);
        assert_int_equal(few.made.incident_count, 1);
        const struct entry *alert = entry_with(TITLE);
        assert_non_null(alert);
        if (entry_with(copies[i].text) != NULL)
            fail_msg("a row of its own: %s", copies[i].text);
        assert_int_equal(alert->occurrences, 2);
        assert_int_equal(alert->evidence_count, 2);
        assert_int_equal(few.made.incidents[0].record_count, 2);
    }
}

/* What tells of the end folds into the end. */
static void
updates_fold_into_theirs(void **state)
{
    (void)state;
    begin();
    page(10, TITLE, "DK-7781", PHASE_TRIGGER);
    page(30, TITLE, "DK-7781", PHASE_RESOLVE);
    post(11, "Triggered: " TITLE);
    post(31, "Resolved: " TITLE);
    fewrows_correlate(&few);
    assert_int_equal(few.made.incidents[0].entry_count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(few.made.incidents[0].entries[i].occurrences, 2);
}

static void
others_stay(void **state)
{
    (void)state;
    static const struct {
        int64_t minute;
        const char *text;
    } others[] = {
        {12, "Triggered: High error rate on payments"},
        {12, "Resolved: " TITLE},  /* no alert tells of an end */
        {27, "Triggered: " TITLE}, /* too late for a title alone */
        {12, "Ana Roth commented on " TITLE ": rolling back"},
        {12, "2 alerts: " TITLE ", Disk almost full on checkout"},
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        begin();
        page(10, TITLE, "DK-7781", PHASE_TRIGGER);
        page(10, "Disk almost full on checkout", "DK-7799", PHASE_TRIGGER)->url = SV_NONE;
        post(others[i].minute, others[i].text);
        fewrows_correlate(&few);
        const struct entry *message = entry_with(others[i].text);
        if (message == NULL)
            fail_msg("folded: %s", others[i].text);
        /* A tool responds to nothing. */
        for (size_t m = 0; m < message->milestone_count; m++)
            assert_int_not_equal(message->milestones[m], MILESTONE_ACKNOWLEDGED);
    }
}

/* A person who quotes the alert speaks. */
static void
people_are_no_copies(void **state)
{
    (void)state;
    begin();
    page(10, TITLE, "DK-7781", PHASE_TRIGGER);
    say(11, "inc-checkout", "ana", TITLE);
    fewrows_correlate(&few);
    assert_int_equal(few.made.incidents[0].entry_count, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_fold_into_their_alert),
        cmocka_unit_test(updates_fold_into_theirs),
        cmocka_unit_test(others_stay),
        cmocka_unit_test(people_are_no_copies),
    };
    fewrows_init(&few);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fewrows_release(&few);
    return failed;
}
