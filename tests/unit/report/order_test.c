/*
 * Which of two rows came first: what a draft says of causes and delays where clocks and precisions
 * leave it open. Rows are those of deploy_incident.h: a deployment 6 minutes before the first
 * alert, a report by a person 3 minutes after it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "hindcast/report.h"
#include "tests/lib/deploy_incident.h"

#define MINUTE_US (INT64_C(60) * 1000000)
#define OPEN "(order not established)"

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

/* The draft, with what is known of the clock of this source; NULL: of none. */
static void
draft(const char *clock, int64_t lo_us, int64_t hi_us)
{
    struct err err = {0};
    size_t left_out;
    const struct clock_interval interval = {
        .clock = sv_from(clock),
        .lo_us = lo_us,
        .hi_us = hi_us,
        .samples = 100,
        .applies = (lo_us != -CLOCK_OPEN_US && lo_us > 0) || (hi_us != CLOCK_OPEN_US && hi_us < 0),
    };
    const struct report_context context = {.number = SV("INC-2026-0042"),
                                           .digest_hex = SV("00ff00ff"),
                                           .clocks = &interval,
                                           .clock_count = clock != NULL};
    assert_int_equal(report_markdown(&made.incident, &context, &out, &left_out, &err), 0);
}

/* A line of the draft that has all of these. */
static bool
has_line(const char *one, const char *two, const char *three)
{
    bool found = false;
    char *text = strndup(out.ptr, out.len);
    for (char *rest = text, *line; !found && (line = strsep(&rest, "\n")) != NULL;)
        found =
            strstr(line, one) != NULL && strstr(line, two) != NULL && strstr(line, three) != NULL;
    free(text);
    return found;
}

static void
clocks_that_agree_leave_no_doubt(void **state)
{
    (void)state;
    draft(NULL, 0, 0);
    assert_null(strstr(out.ptr, OPEN));
    assert_true(has_line("checkout 4.2.0 to production", "came 6 min before the start", "."));
    draft("github:shop/checkout", -MINUTE_US, MINUTE_US);
    assert_null(strstr(out.ptr, OPEN));
}

static void
a_change_before_the_start_may_lie_behind_it(void **state)
{
    (void)state;
    draft("github:shop/checkout", -10 * MINUTE_US, 10 * MINUTE_US);
    assert_true(has_line("checkout 4.2.0 to production", "came 6 min before the start " OPEN ".",
                         "Is it related"));
    assert_true(has_line("| 6 min before " OPEN " |", "checkout 4.2.0 to production", "|"));
    /* The row behind it in the timeline is the alert. */
    assert_true(has_line("\xC2\xB1 10:00", "CheckoutErrorRate firing", ""));
}

/* What is off for certain makes one order known, and the other one not. */
static void
an_offset_counts_by_its_sign(void **state)
{
    (void)state;
    draft("github:shop/checkout", 7 * MINUTE_US, 8 * MINUTE_US);
    assert_null(strstr(out.ptr, OPEN));
    draft("github:shop/checkout", -8 * MINUTE_US, -7 * MINUTE_US);
    assert_true(has_line("| 6 min before " OPEN " |", "checkout 4.2.0", "|"));
    draft("github:shop/checkout", -CLOCK_OPEN_US, -7 * MINUTE_US);
    assert_true(has_line("| 6 min before " OPEN " |", "checkout 4.2.0", "|"));
    draft("github:shop/checkout", 7 * MINUTE_US, CLOCK_OPEN_US); /* how far behind nobody knows */
    assert_null(strstr(out.ptr, "before " OPEN));
}

/* One end alone that does not prove it off proves nothing. */
static void
an_open_interval_around_zero_says_nothing(void **state)
{
    (void)state;
    draft("github:shop/checkout", -CLOCK_OPEN_US, 10 * MINUTE_US);
    assert_null(strstr(out.ptr, OPEN));
    draft("someone else", -10 * MINUTE_US, 10 * MINUTE_US);
    assert_null(strstr(out.ptr, OPEN));
}

/* A time that the record did not tell is not a reading of that clock. */
static void
times_of_kafka_are_no_readings_of_it(void **state)
{
    (void)state;
    made.entries[0].time_source = TIME_SOURCE_KAFKA;
    draft("github:shop/checkout", -10 * MINUTE_US, 10 * MINUTE_US);
    assert_null(strstr(out.ptr, OPEN));
}

static void
coarse_times_leave_it_open(void **state)
{
    (void)state;
    made.entries[3].uncertainty_ns = 5 * NS_PER_MINUTE;
    draft(NULL, 0, 0);
    assert_true(
        has_line("First was an alert", "a report by a colleague 3 min later " OPEN ".", ""));
    assert_true(has_line("The first alert came 3 min",
                         "before the first report by a person " OPEN ".", ""));
}

static void
delays_between_moments_say_so(void **state)
{
    (void)state;
    draft("slack:incidents", -5 * MINUTE_US, 5 * MINUTE_US);
    assert_true(has_line("Time to acknowledge", "4 min " OPEN, ""));
    assert_true(has_line("A responder acknowledged 4 min", "after detection " OPEN ".", ""));
    assert_true(has_line("Time to recover", "1 h 02 min", ""));
    assert_false(has_line("Time to recover", OPEN, ""));
}

/* The moment that people said is told as they said it. */
static void
what_people_said_is_no_reading(void **state)
{
    (void)state;
    made.milestones[0].time_ns -= NS_PER_MINUTE;
    draft("github:shop/checkout", -10 * MINUTE_US, 10 * MINUTE_US);
    assert_false(has_line("before " OPEN, "checkout 4.2.0", ""));
}

/* Each established behind the one before it: so are the first and the last. */
static void
rows_of_one_clock_in_a_row_are_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < made.count; i++) {
        made.entries[i].uncertainty_ns = NS_PER_HOUR;
        made.entries[i].source = SV("one");
        made.entries[i].order_established = true;
    }
    draft(NULL, 0, 0);
    assert_true(has_line("First was an alert", "3 min later", ""));
    assert_null(strstr(out.ptr, OPEN));
    made.entries[3].order_established = false;
    draft(NULL, 0, 0);
    assert_true(has_line("First was an alert", "3 min later " OPEN, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(clocks_that_agree_leave_no_doubt, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_before_the_start_may_lie_behind_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_offset_counts_by_its_sign, setup, teardown),
        cmocka_unit_test_setup_teardown(an_open_interval_around_zero_says_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(times_of_kafka_are_no_readings_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(coarse_times_leave_it_open, setup, teardown),
        cmocka_unit_test_setup_teardown(delays_between_moments_say_so, setup, teardown),
        cmocka_unit_test_setup_teardown(what_people_said_is_no_reading, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_of_one_clock_in_a_row_are_in_order, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
