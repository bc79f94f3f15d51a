/*
 * A timeline by corrected clocks: times of a clock that is off lose its offset, rows change places,
 * and what order is established follows from the intervals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "correlate/clock/align.h"

#define MS INT64_C(1000000)
#define SECOND (1000 * MS)

static struct arena arena;

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

static struct entry
row(const char *id, const char *host, int64_t ns)
{
    return (struct entry){.entry_id = sv_from(id),
                          .host = sv_from(host),
                          .source = SV("app"),
                          .time_source = TIME_SOURCE_NATIVE,
                          .time_ns = ns,
                          .uncertainty_ns = MS,
                          .order_established = true};
}

/* `db` is 90 s ahead, give or take 5 ms; `late` is ahead by 10 s or more; `fine` may be right. */
static const struct clock_interval clocks[] = {
    {.clock = SV("db"),
     .lo_us = 89995000,
     .hi_us = 90005000,
     .applies = true,
     .correction_us = 90000000},
    {.clock = SV("fine"), .lo_us = -2000, .hi_us = 3000},
    {.clock = SV("late"),
     .lo_us = 10000000,
     .hi_us = CLOCK_OPEN_US,
     .applies = true,
     .correction_us = 10000000},
};
static const struct clock_offsets offsets = {.clocks = clocks, .count = 3};

static struct clock_alignment
align(struct entry *entries, size_t count)
{
    struct clock_alignment alignment;
    const struct milestone_row milestones[] = {
        {.time_ns = entries[0].time_ns, .entry_id = entries[0].entry_id}};
    const struct incident incident = {
        .entries = entries, .entry_count = count, .milestones = milestones, .milestone_count = 1};
    clock_align(&arena, &offsets, &incident, &alignment);
    return alignment;
}

static void
rows_of_a_clock_that_is_ahead_move_back(void **state)
{
    (void)state;
    struct entry entries[] = {row("alert", "web", 70 * SECOND), row("cause", "db", 130 * SECOND)};
    struct clock_alignment got = align(entries, 2);
    assert_true(sv_eq(got.incident.entries[0].entry_id, SV("cause")));
    assert_true(got.incident.entries[0].time_ns == 40 * SECOND);
    assert_true(got.incident.entries[1].order_established);
    assert_true(got.incident.milestones[0].time_ns == 70 * SECOND);
    assert_int_equal(got.moved, 1);
    assert_int_equal(got.clock_count, 1);
    assert_true(sv_eq(got.clocks[0]->clock, SV("db")));
    assert_true(entries[1].time_ns == 130 * SECOND); /* what was given is as it was */
}

/* 5 ms of the interval and 1 ms of each time: nearer than that nobody knows. */
static void
order_is_as_the_intervals_decide(void **state)
{
    (void)state;
    for (int near = 0; near < 2; near++) {
        struct entry entries[] = {row("a", "db", 100 * SECOND),
                                  row("b", "web", 10 * SECOND + 7 * MS - near)};
        struct clock_alignment got = align(entries, 2);
        assert_true(sv_eq(got.incident.entries[1].entry_id, SV("b")));
        assert_int_equal(got.incident.entries[1].order_established, !near);
    }
}

static void
an_open_end_decides_nothing(void **state)
{
    (void)state;
    /* It may be ahead by more: whatever lies before it may lie behind it. */
    struct entry before[] = {row("a", "web", SECOND), row("b", "late", 100 * SECOND)};
    struct clock_alignment got = align(before, 2);
    assert_true(got.incident.entries[1].time_ns == 90 * SECOND);
    assert_false(got.incident.entries[1].order_established);
    /* By less it cannot be. */
    struct entry after[] = {row("a", "late", 11 * SECOND), row("b", "web", 100 * SECOND)};
    assert_true(align(after, 2).incident.entries[1].order_established);
}

static void
what_may_be_right_stays(void **state)
{
    (void)state;
    struct entry entries[] = {row("a", "fine", SECOND), row("b", "web", SECOND + 2 * MS),
                              row("c", "db", 500 * SECOND)};
    entries[2].time_source = TIME_SOURCE_KAFKA; /* the broker told it */
    struct clock_alignment got = align(entries, 3);
    assert_int_equal(got.moved, 0);
    assert_true(got.incident.entries[2].time_ns == 500 * SECOND);
    /* Though its interval says that it may be behind by 2 ms. */
    assert_false(got.incident.entries[1].order_established);
}

static void
rows_of_one_clock_keep_their_order(void **state)
{
    (void)state;
    struct entry entries[] = {row("a", "db", SECOND), row("b", "db", SECOND),
                              row("c", "db", SECOND)};
    entries[2].order_established = false;
    struct clock_alignment got = align(entries, 3);
    assert_true(got.incident.entries[1].order_established); /* by a number of its source */
    assert_false(got.incident.entries[2].order_established);
    assert_true(sv_eq(got.incident.entries[0].entry_id, SV("a")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_of_a_clock_that_is_ahead_move_back, setup, teardown),
        cmocka_unit_test_setup_teardown(order_is_as_the_intervals_decide, setup, teardown),
        cmocka_unit_test_setup_teardown(an_open_end_decides_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(what_may_be_right_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_of_one_clock_keep_their_order, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
