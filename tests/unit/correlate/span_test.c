/*
 * From when to when an incident went, and the last state of one that is not resolved in its
 * records. Incidents of our own, put together row by row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>

#include "base/clock.h"
#include "hindcast/incident.h"

#define ROWS 8
#define LIKELY 73
#define UNCLEAR 29

static struct entry rows[ROWS];
static struct milestone_row moments[ROWS];
static char ids[ROWS][8];
static struct incident incident;
static struct span_rows found;

static int
begin(void **state)
{
    (void)state;
    incident = (struct incident){
        .first_ns = 5 * NS_PER_S, .last_ns = 5 * NS_PER_S, .entries = rows, .milestones = moments};
    return 0;
}

static struct entry *
row(int second, enum entry_kind kind, enum significance significance)
{
    size_t at = incident.entry_count++;
    snprintf(ids[at], sizeof(ids[at]), "e%zu", at);
    rows[at] = (struct entry){.entry_id = sv_from(ids[at]),
                              .time_ns = second * NS_PER_S,
                              .kind = kind,
                              .significance = significance};
    return &rows[at];
}

/* Of the row added last. */
static void
moment(enum milestone milestone, int confidence)
{
    const struct entry *entry = &rows[incident.entry_count - 1];
    moments[incident.milestone_count++] = (struct milestone_row){.milestone = milestone,
                                                                 .time_ns = entry->time_ns,
                                                                 .entry_id = entry->entry_id,
                                                                 .confidence = confidence};
}

static void
find(int64_t declared_end_ns)
{
    incident_span_find(&incident, declared_end_ns, &found);
}

static void
without_a_row_the_first_sign_begins_it(void **state)
{
    (void)state;
    find(TIME_NONE);
    assert_int_equal(found.span.start_ns, 5 * NS_PER_S);
    assert_int_equal(found.span.start_by, START_BY_SIGN);
    assert_true(found.span.end_ns == TIME_NONE);
    assert_int_equal(found.span.outcome, OUTCOME_SEEN);
    assert_true(found.span.outcome_ns == TIME_NONE);
}

static void
the_start_is_the_impact_where_it_is_told(void **state)
{
    (void)state;
    row(1, ENTRY_CHANGE_FINISHED, SIGNIFICANCE_KEY);
    moment(MILESTONE_IMPACT_STARTED, LIKELY);
    row(5, ENTRY_ALERT_FIRING, SIGNIFICANCE_KEY);
    moment(MILESTONE_DETECTED, LIKELY);
    find(TIME_NONE);
    assert_int_equal(found.span.start_ns, NS_PER_S);
    assert_int_equal(found.span.start_by, START_BY_IMPACT);
    assert_ptr_equal(found.start, &rows[0]);

    moments[0].confidence = UNCLEAR;
    find(TIME_NONE);
    assert_int_equal(found.span.start_ns, 5 * NS_PER_S);
    assert_int_equal(found.span.start_by, START_BY_DETECTED);

    moments[1].confidence = UNCLEAR;
    find(TIME_NONE);
    assert_int_equal(found.span.start_ns, NS_PER_S);
    assert_int_equal(found.span.start_by, START_BY_KEY_ROW);
    assert_true(found.key_window);

    rows[0].significance = rows[1].significance = SIGNIFICANCE_STANDARD;
    find(TIME_NONE);
    assert_int_equal(found.span.start_by, START_BY_ROW);
}

static void
it_ends_with_its_last_recovery_and_says_when_it_was_resolved(void **state)
{
    (void)state;
    row(5, ENTRY_ALERT_FIRING, SIGNIFICANCE_KEY);
    moment(MILESTONE_DETECTED, LIKELY);
    row(9, ENTRY_CHAT_MESSAGE, SIGNIFICANCE_KEY);
    moment(MILESTONE_RECOVERED, LIKELY);
    find(TIME_NONE);
    assert_int_equal(found.span.end_ns, 9 * NS_PER_S);
    assert_int_equal(found.span.outcome, OUTCOME_RECOVERED);
    row(20, ENTRY_CHAT_MESSAGE, SIGNIFICANCE_KEY);
    moment(MILESTONE_RESOLVED, LIKELY);
    find(30 * NS_PER_S);
    assert_int_equal(found.span.end_ns, 9 * NS_PER_S);
    assert_int_equal(found.span.outcome, OUTCOME_RESOLVED);
    assert_int_equal(found.span.outcome_ns, 20 * NS_PER_S);
    assert_ptr_equal(found.end, &rows[1]);
}

static void
what_is_told_last_is_the_state_of_an_open_end(void **state)
{
    (void)state;
    row(5, ENTRY_ALERT_FIRING, SIGNIFICANCE_KEY);
    moment(MILESTONE_DETECTED, LIKELY);
    find(TIME_NONE);
    assert_true(found.span.end_ns == TIME_NONE);
    assert_int_equal(found.span.outcome, OUTCOME_FIRING);
    assert_int_equal(found.span.outcome_ns, 5 * NS_PER_S);
    assert_ptr_equal(found.told, &rows[0]);

    row(7, ENTRY_ALERT_ACKNOWLEDGED, SIGNIFICANCE_KEY);
    moment(MILESTONE_ACKNOWLEDGED, LIKELY);
    find(TIME_NONE);
    assert_int_equal(found.span.outcome, OUTCOME_ACKNOWLEDGED);
    assert_ptr_equal(found.told, &rows[1]);

    row(8, ENTRY_ALERT_FIRING, SIGNIFICANCE_KEY);
    find(TIME_NONE);
    assert_int_equal(found.span.outcome, OUTCOME_FIRING);
    assert_int_equal(found.span.outcome_ns, 8 * NS_PER_S);
    row(9, ENTRY_ALERT_RESOLVED, SIGNIFICANCE_KEY);
    find(TIME_NONE);
    assert_int_equal(found.span.outcome, OUTCOME_ACKNOWLEDGED);
}

static void
a_declared_end_is_an_end(void **state)
{
    (void)state;
    row(5, ENTRY_ALERT_FIRING, SIGNIFICANCE_KEY);
    find(60 * NS_PER_S);
    assert_int_equal(found.span.end_ns, 60 * NS_PER_S);
    assert_int_equal(found.span.outcome, OUTCOME_OVER);
}

static void
a_moment_without_its_row_does_not_count(void **state)
{
    (void)state;
    row(5, ENTRY_ALERT_FIRING, SIGNIFICANCE_KEY);
    moment(MILESTONE_RECOVERED, LIKELY);
    moments[0].entry_id = SV("gone");
    find(TIME_NONE);
    assert_true(found.span.end_ns == TIME_NONE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(without_a_row_the_first_sign_begins_it, begin),
        cmocka_unit_test_setup(the_start_is_the_impact_where_it_is_told, begin),
        cmocka_unit_test_setup(it_ends_with_its_last_recovery_and_says_when_it_was_resolved, begin),
        cmocka_unit_test_setup(what_is_told_last_is_the_state_of_an_open_end, begin),
        cmocka_unit_test_setup(a_declared_end_is_an_end, begin),
        cmocka_unit_test_setup(a_moment_without_its_row_does_not_count, begin),
    };
    return cmocka_run_group_tests_name("span", tests, NULL, NULL);
}
