/*
 * Scores of changes: what is tried by taking it back again and again, an earlier version that is
 * set, what is made once more, places for tests, and what mends something else. Changes of our own,
 * modelled after how teams call theirs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define ROWS_MAX 20

static struct arena arena;
static struct observation rows[ROWS_MAX];
static size_t row_count;

static struct event *
add(int minute, enum event_kind kind, enum record_kind record, const char *text)
{
    assert_true(row_count < ROWS_MAX);
    struct observation *row = &rows[row_count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    row->event = (struct event){.kind = kind,
                                .record_kind = record,
                                .source = SV("git:quay/ferry"),
                                .actor = SV("Ada Quill"),
                                .title = sv_from(text),
                                .body = sv_from(text),
                                .event_time_ns = BEGIN_NS + minute * NS_PER_MINUTE,
                                .precision = PRECISION_SECOND,
                                .scope = SV("default")};
    row->event.uid[0] = (uint8_t)(row_count + 1);
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    row_count++;
    return &row->event;
}

static struct event *
commit(int minute, const char *text)
{
    return add(minute, EVENT_CHANGE, RECORD_COMMIT, text);
}

static void
say(int minute, const char *text)
{
    struct event *event = add(minute, EVENT_CHAT, RECORD_CHAT, text);
    event->source = SV("slack:ops");
    event->channel = SV("ops");
    event->phase = PHASE_POST;
}

/* Of the incident of three hours that was declared, the entry of that minute. */
static const struct entry *
told_at(int minute)
{
    static struct correlation result;
    const struct declaration declared = {.id = SV("d"),
                                         .title = SV("Ferry slow"),
                                         .from_ns = BEGIN_NS,
                                         .to_ns = BEGIN_NS + 180 * NS_PER_MINUTE};
    struct correlation_input input = {.scope = SV("default"),
                                      .observations = rows,
                                      .count = row_count,
                                      .declarations = &declared,
                                      .declaration_count = 1};
    struct correlation_config config;
    struct err err;
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    for (size_t i = 0; i < result.incidents[0].entry_count; i++) {
        const struct entry *entry = &result.incidents[0].entries[i];
        if (entry->time_ns == BEGIN_NS + minute * NS_PER_MINUTE)
            return entry;
    }
    fail_msg("no row at %d", minute);
    return NULL;
}

/* What a reason is worth at the row of that minute; INT32_MIN: the row has it not. */
static int32_t
worth_at(int minute, const char *reason)
{
    const struct entry *entry = told_at(minute);
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, sv_from(reason)))
            return entry->reasons[i].hundredths;
    return INT32_MIN;
}

static bool
mitigates(int minute)
{
    const struct entry *entry = told_at(minute);
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_starts(entry->reasons[i].name, SV("mitigated_by_")))
            return true;
    return false;
}

static void
what_is_turned_again_and_again_is_a_trial(void **state)
{
    (void)state;
    commit(5, "gates: open them by timer");
    commit(20, "Revert \"gates: open them by timer\"");
    commit(30, "try the merge button");
    commit(31, "Revert \"try the merge button\"");
    commit(32, "Revert \"Revert \"try the merge button\"\"");
    assert_int_equal(worth_at(31, "reverts"), 300); /* taken back and put back: twice is nothing */
    assert_int_equal(worth_at(30, "reverted_later"), 300);
    commit(33, "Revert \"Revert \"Revert \"try the merge button\"\"\"");
    for (int minute = 30; minute <= 33; minute++) {
        assert_int_equal(worth_at(minute, "routine_change"), -200);
        assert_int_not_equal(told_at(minute)->significance, SIGNIFICANCE_KEY);
    }
    assert_int_equal(worth_at(33, "reverts"), 0);
    assert_int_equal(worth_at(30, "reverted_later"), INT32_MIN);
    assert_true(mitigates(20) && !mitigates(33));
}

static void
an_earlier_version_takes_the_later_one_back(void **state)
{
    (void)state;
    commit(5, "deploy release 2.41.0-rc.8 to all quays");
    commit(30, "deploy release 2.41.0-rc.6 to south quays");
    commit(60, "deploy release 2.41.0-rc.9 to all quays");
    assert_int_equal(worth_at(30, "set_back"), 0);
    assert_int_equal(worth_at(30, "reverts"), 300);
    assert_int_equal(worth_at(5, "reverted_later"), 300);
    assert_int_equal(worth_at(60, "reverts"), INT32_MIN);
    assert_true(mitigates(30));
}

/* Staging is ahead of production: that takes nothing back. */
static void
a_version_of_another_place_takes_none_back(void **state)
{
    (void)state;
    commit(5, "set the ferry release of staging to 2.41.2");
    commit(30, "set the ferry release of production to 2.41.1");
    assert_int_equal(worth_at(30, "reverts"), INT32_MIN);
    rows[0].event.title = rows[0].event.body = SV("set the ferry release to 2.41.2");
    rows[1].event.title = rows[1].event.body = SV("set the ferry release to 2.41.1");
    assert_int_equal(worth_at(30, "reverts"), 300);
    rows[0].event.environment = SV("canary");
    rows[1].event.environment = SV("main");
    assert_int_equal(worth_at(30, "reverts"), INT32_MIN);
}

static void
what_was_taken_back_is_made_again(void **state)
{
    (void)state;
    commit(5, "gates: open them by timer");
    commit(20, "Revert \"gates: open them by timer\"");
    commit(40, "Reapply \"gates: open them by timer\"");
    assert_int_equal(worth_at(5, "reverted_later"), 300);
    assert_int_equal(worth_at(40, "reapplied"), 200);
    assert_int_equal(worth_at(40, "series"), INT32_MIN);
    rows[2].event.title = rows[2].event.body = SV("gates: open them by timer\"\"");
    assert_int_equal(worth_at(40, "reapplied"), 200);
    assert_int_equal(worth_at(40, "reverted_later"), INT32_MIN);
    assert_int_equal(worth_at(5, "reapplied"), INT32_MIN);
}

static void
places_for_tests_are_elsewhere(void **state)
{
    static const struct {
        const char *text;
        bool elsewhere;
    } cases[] = {
        {"Revert the timer on staging", true},
        {"revert changes to dev", true},
        {"Bump the module of fares-preprod", true},
        {"Bump the module of fares in pre-prod", true},
        {"Merge pull request #12 from quay/bump-fares-non-prod", true},
        {"Revert the timer in staging and production", false},
        {"Merge pull request #12 from quay/staging", false},
        {"Revert the timer of the gates", false},
        {"Give developers a view of the gates", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        row_count = 0;
        commit(30, cases[i].text);
        if ((worth_at(30, "elsewhere") == -200) != cases[i].elsewhere)
            fail_msg("%s", cases[i].text);
    }
    row_count = 0;
    say(30, "we had to revert the timer on staging");
    assert_int_equal(worth_at(30, "elsewhere"), INT32_MIN);
}

/* Far from any sign of trouble, and about nothing that people talk of. */
static void
what_mends_something_else_counts_as_any_change(void **state)
{
    (void)state;
    say(2, "the ferry is down");
    commit(5, "Hotfix for the gates");
    commit(170, "Hotfix for the gates");
    rows[2].event.actor = SV("Bo Marsh");
    assert_int_equal(worth_at(5, "mends"), 200);
    assert_int_equal(worth_at(170, "mends"), INT32_MIN);
    say(3, "its gates are stuck");
    assert_int_equal(worth_at(170, "mends"), 200);
}

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    row_count = 0;
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
        TEST(what_is_turned_again_and_again_is_a_trial),
        TEST(an_earlier_version_takes_the_later_one_back),
        TEST(a_version_of_another_place_takes_none_back),
        TEST(what_was_taken_back_is_made_again),
        TEST(places_for_tests_are_elsewhere),
        TEST(what_mends_something_else_counts_as_any_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
