/*
 * Sentences of a draft that depend on what is known: a start that is a moment and one that is only
 * the first entry, a window that a person declared, records of one change, what is quoted already.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/report.h"
#include "tests/lib/deploy_incident.h"

static struct deploy made;
static struct strbuf out;

static int
setup(void **state)
{
    (void)state;
    deploy_make(&made);
    strbuf_init(&out, 0);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    strbuf_release(&out);
    return 0;
}

static const char *
draft_of(const struct incident *incident)
{
    struct err err = {0};
    size_t left_out;
    const struct report_context context = {
        .number = SV("INC-2026-0042"), .digest_hex = SV("00ff00ff"), .tz_version = SV("2025b")};
    assert_int_equal(report_markdown(incident, &context, &out, &left_out, &err), 0);
    return out.ptr;
}

/* Leaves the moments of one kind. */
static void
keep_moment(enum milestone milestone)
{
    size_t kept = 0;
    for (size_t i = 0; i < made.incident.milestone_count; i++)
        if (made.milestones[i].milestone == milestone)
            made.milestones[kept++] = made.milestones[i];
    assert_true(kept > 0);
    made.incident.milestone_count = kept;
}

static void
a_known_start_is_called_the_start(void **state)
{
    (void)state;
    const char *draft = draft_of(&made.incident);
    assert_non_null(strstr(draft, "| Duration, from start to end |"));
    assert_non_null(strstr(draft, "| Time | From the start |"));
    assert_non_null(strstr(draft, " after the start: "));
    assert_null(strstr(draft, "first row"));
}

static void
the_first_row_is_not_called_the_start(void **state)
{
    (void)state;
    keep_moment(MILESTONE_RECOVERED);
    const char *draft = draft_of(&made.incident);
    assert_non_null(strstr(draft, "| Duration, from first row of the timeline to end |"));
    assert_non_null(strstr(draft, "| Time | From the first row |"));
    assert_non_null(strstr(draft, " after the first row of the timeline: "));
    assert_non_null(strstr(draft, "” is the first row of the timeline. Is it related"));
    assert_null(strstr(draft, "the candidate for the start"));
    assert_null(strstr(draft, "after the start: "));
}

static void
the_last_row_is_not_called_the_end(void **state)
{
    (void)state;
    keep_moment(MILESTONE_IMPACT_STARTED);
    assert_non_null(strstr(draft_of(&made.incident), "| From start to last row of the timeline |"));
    made.incident.milestone_count = 0;
    assert_non_null(strstr(draft_of(&made.incident), "| From first to last row of the timeline |"));
    assert_non_null(strstr(draft_of(&made.incident), "| End | not resolved in the records | "));
    assert_non_null(strstr(draft_of(&made.incident), "- It is not resolved in the records."));
}

/* A change that came with the rest says little of when it began. */
static void
a_window_lies_between_key_rows(void **state)
{
    (void)state;
    made.incident.milestone_count = 0;
    made.entries[0].significance = SIGNIFICANCE_FULL;
    assert_non_null(strstr(draft_of(&made.incident), "rom 2026-03-01 10:00 UTC on"));
    for (size_t i = 0; i < made.count; i++)
        made.entries[i].significance = SIGNIFICANCE_FULL;
    assert_non_null(strstr(draft_of(&made.incident), "rom 2026-03-01 09:54 UTC on"));
    assert_non_null(strstr(draft_of(&made.incident), "| From first to last record |"));
}

static void
a_declared_window_is_told(void **state)
{
    (void)state;
    assert_null(strstr(draft_of(&made.incident), "A person declared it"));
    made.nodes[0].declared = true;
    made.nodes[0].first_ns = DEPLOY_AT(-60);
    made.nodes[0].last_ns = DEPLOY_AT(60);
    assert_non_null(strstr(draft_of(&made.incident),
                           "\n> A person declared it from 2026-03-01 09:00 UTC to 2026-03-01 11:00 "
                           "UTC (2 h 00 min).\n"));
}

/* The index of the first entry of a kind. */
static size_t
entry_of(enum entry_kind kind)
{
    size_t i = 0;
    while (i < made.count && made.entries[i].kind != kind)
        i++;
    assert_true(i < made.count);
    return i;
}

static void
records_of_one_change_are_told_apart(void **state)
{
    (void)state;
    struct entry *change = &made.entries[entry_of(ENTRY_CHANGE_FINISHED)];
    change->text = SV("Move the port (#7)");
    change->significance = SIGNIFICANCE_KEY;
    assert_null(strstr(draft_of(&made.incident), "(#7) ("));
    change->kind = ENTRY_CHANGE_STARTED;
    assert_non_null(strstr(draft_of(&made.incident), "Move the port (\\#7) (began) | "));
    change->kind = ENTRY_CHANGE_FAILED;
    assert_non_null(strstr(draft_of(&made.incident), "Move the port (\\#7) (failed or cancelled)"));
}

static void
a_change_of_no_service_may_have_touched_an_affected_one(void **state)
{
    (void)state;
    struct entry *change = &made.entries[entry_of(ENTRY_CHANGE_FINISHED)];
    change->text = SV("Move the port");
    change->service = SV_NONE;
    assert_non_null(strstr(draft_of(&made.incident), " | Move the port |  | not known | | "));
    change->service = SV("elsewhere");
    assert_non_null(strstr(draft_of(&made.incident), " | Move the port | elsewhere | no | | "));
}

static void
an_alert_is_quoted_once(void **state)
{
    (void)state;
    const char *draft = draft_of(&made.incident);
    const char *noticed =
        strstr(draft, "- An alert noticed it at 2026-03-01 10:00 UTC: the first one.");
    assert_non_null(noticed);
    assert_true(strstr(draft, " showed “CheckoutErrorRate") < noticed);
}

static void
one_row_is_not_none_of_one(void **state)
{
    (void)state;
    made.incident.milestone_count = 0;
    made.incident.entry_count = 1;
    const char *draft = draft_of(&made.incident);
    assert_non_null(
        strstr(draft, "No row tells of an act that ended it: there is 1, from 1 source."));
    assert_null(strstr(draft, "None of 1 "));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_known_start_is_called_the_start, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_row_is_not_called_the_start, setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_row_is_not_called_the_end, setup, teardown),
        cmocka_unit_test_setup_teardown(a_window_lies_between_key_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(a_declared_window_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(records_of_one_change_are_told_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_of_no_service_may_have_touched_an_affected_one,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(an_alert_is_quoted_once, setup, teardown),
        cmocka_unit_test_setup_teardown(one_row_is_not_none_of_one, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
