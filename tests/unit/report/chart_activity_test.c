/*
 * Counts in the chart: errors a minute and gaps. Steps are few whatever the window, every mark has
 * a title, what is 0 draws nothing, and text of records changes no tag.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "report/chart/chart.h"

#define AT(minute) (INT64_C(1772359200) * NS_PER_S + (minute)*NS_PER_MINUTE) /* 10:00 */

static const struct incident incident = {.first_ns = AT(0), .last_ns = AT(60)};

static void
draw(const struct activity *activity, struct strbuf *out)
{
    strbuf_init(out, 0);
    chart_svg(&incident, &(struct chart_options){.alone = true, .activity = activity}, out);
}

static size_t
count_of(const struct strbuf *out, const char *text)
{
    size_t count = 0;
    for (const char *at = out->ptr; (at = strstr(at, text)) != NULL; at++)
        count++;
    return count;
}

/* Every rect of a lane has a title: its own, or that of the group it is in. */
static void
check_titles(const struct strbuf *out)
{
    static const char *const marks[] = {"class=\"silent\"", "class=\"lost\""};
    for (size_t i = 0; i < 2; i++)
        for (const char *at = out->ptr; (at = strstr(at, marks[i])) != NULL; at++) {
            const char *end = strchr(at, '>');
            assert_memory_equal(end, "><title>", 8);
        }
    for (const char *at = out->ptr; (at = strstr(at, "class=\"warned\"")) != NULL; at++) {
        const char *group = at;
        while (group > out->ptr && strncmp(group, "<g>", 3) != 0)
            group--;
        assert_memory_equal(group, "<g><title>", 10);
        assert_null(memmem(group, (size_t)(at - group), "</g>", 4));
    }
}

static void
windows_have_few_steps(void **state)
{
    (void)state;
    int64_t before = 0;
    for (int64_t length = NS_PER_MINUTE; length < 130 * 366 * NS_PER_DAY;
         length += 1 + length / 7) {
        int64_t step = chart_step_ns(0, length);
        assert_int_equal(step % NS_PER_MINUTE, 0);
        assert_true(length / step < 240);
        assert_true(step >= before);
        assert_true(step == NS_PER_MINUTE || length / step >= 60);
        before = step;
    }
}

static void
errors_are_steps(void **state)
{
    (void)state;
    static const struct minute_counts logs[] = {
        {.from_ns = AT(-1), .events = 9, .logs = {[9] = 9}},
        {.from_ns = AT(5),
         .events = 9,
         .logs = {[0] = 2, [9] = 1, [13] = 10, [17] = 30, [21] = 10}},
        {.from_ns = AT(6), .events = 9, .logs = {[14] = 1}},
        {.from_ns = AT(500), .events = 9, .logs = {[17] = 7}}, /* not in the window */
    };
    struct activity activity = {.from_ns = AT(-10),
                                .to_ns = AT(70),
                                .step_ns = NS_PER_MINUTE,
                                .logs = logs,
                                .log_count = 4,
                                .duplicates = 3};
    struct strbuf out, again;
    draw(&activity, &out);
    assert_int_equal(count_of(&out, ">Errors a minute</text>"), 1);
    assert_int_equal(count_of(&out, ">of 70 log lines<title>"), 1);
    assert_int_equal(count_of(&out,
                              "log lines of all services, 2 of them without a severity; 3 lines "
                              "of all services came again and count twice"),
                     1);
    assert_int_equal(count_of(&out, "class=\"warned\""), 2);
    assert_int_equal(count_of(&out, "class=\"failed\""), 1);
    assert_int_equal(count_of(&out,
                              "<title>10:05:00 UTC to 10:06:00 UTC: 50 log lines of warning or "
                              "worse, 40 log lines of error or worse</title>"),
                     1);
    assert_int_equal(
        count_of(&out, ": 1 log line of warning or worse, 0 log lines of error or worse<"), 1);
    check_titles(&out);
    draw(&activity, &again);
    assert_string_equal(out.ptr, again.ptr);
    strbuf_release(&again);
    strbuf_release(&out);

    /* of a longer step what a minute has */
    activity.step_ns = 5 * NS_PER_MINUTE;
    draw(&activity, &out);
    assert_int_equal(count_of(&out,
                              "50 log lines of warning or worse (10 a minute), 40 log lines of "
                              "error or worse (8 a minute)"),
                     1);
    assert_int_equal(count_of(&out, ">10</text>"), 1);
    assert_int_equal(count_of(&out, "1 log line of warning or worse (0.2 a minute)"), 1);
    strbuf_release(&out);

    activity.log_count = 1;
    draw(&activity, &out);
    assert_int_equal(count_of(&out, ">none is a warning</text>"), 1);
    assert_int_equal(count_of(&out, "class=\"warned\""), 0);
    strbuf_release(&out);

    activity.log_count = 0;
    draw(&activity, &out);
    assert_int_equal(count_of(&out, "Errors a minute"), 0);
    strbuf_release(&out);
    draw(NULL, &out);
    assert_int_equal(count_of(&out, "Errors a minute") + count_of(&out, "Gaps in"), 0);
    strbuf_release(&out);
}

static void
silence_is_a_gap_where_records_came(void **state)
{
    (void)state;
    struct minute_counts sources[80];
    size_t count = 0;
    for (int minute = -10; minute < 70; minute++)
        if (minute < 20 || (minute >= 24 && minute < 40) || minute >= 50)
            sources[count++] = (struct minute_counts){.from_ns = AT(minute), .events = 1};
    struct activity activity = {.from_ns = AT(-10),
                                .to_ns = AT(70),
                                .step_ns = NS_PER_MINUTE,
                                .sources = sources,
                                .source_count = count};
    struct strbuf out;
    draw(&activity, &out);
    assert_int_equal(count_of(&out, ">Gaps in the records</text>"), 1);
    assert_int_equal(count_of(&out, "class=\"silent\""), 1); /* four minutes are none */
    assert_int_equal(count_of(&out, "no record of any source for 10 min, from 10:40:00 UTC to "
                                    "10:50:00 UTC</title>"),
                     1);
    check_titles(&out);
    strbuf_release(&out);

    /* records that end early */
    activity.source_count = count - 20;
    draw(&activity, &out);
    assert_int_equal(count_of(&out, "class=\"silent\""), 1);
    assert_int_equal(count_of(&out, "from 10:40:00 UTC to 11:03:00 UTC</title>"), 1);
    strbuf_release(&out);

    /* of a handful of records silence says nothing */
    activity.source_count = 5;
    draw(&activity, &out);
    assert_int_equal(count_of(&out, "Gaps in the records"), 0);
    strbuf_release(&out);
}

static void
lost_offsets_are_a_gap(void **state)
{
    (void)state;
    const struct record_gap gaps[] = {
        {SV("<b>ops"), SV("retention"), 1, 2, 5, 8, AT(10), AT(12)},
        {SV("t"), SV("recreated"), 1, 0, 9, 9, AT(20), TIME_NONE},
        {SV_NONE, SV("retention"), 1, 0, 0, 1, AT(31), AT(30)}, /* for the public */
    };
    const struct activity activity = {.from_ns = AT(-10),
                                      .to_ns = AT(70),
                                      .step_ns = NS_PER_MINUTE,
                                      .gaps = gaps,
                                      .gap_count = 3};
    struct strbuf out;
    draw(&activity, &out);
    assert_int_equal(count_of(&out, "class=\"lost\""), 3);
    assert_int_equal(
        count_of(&out,
                 "<title>3 offsets of topic &lt;b&gt;ops, partition 2, from 5 on, could not be "
                 "read (retention); around them lie 10:10:00 UTC and 10:12:00 UTC</title>"),
        1);
    assert_int_equal(count_of(&out,
                              "<title>offsets, nobody knows how many, of topic t, partition 0, "
                              "from 9 on, could not be read (recreated)"),
                     1);
    assert_int_equal(count_of(&out, "<title>1 offset could not be read (retention); around them "
                                    "lie 10:30:00 UTC and 10:31:00 UTC"),
                     1);
    check_titles(&out);
    strbuf_release(&out);
}

/* A step is a mark, however many lines it has. */
static void
hundreds_of_steps_stay_small(void **state)
{
    (void)state;
    static struct minute_counts logs[240];
    for (int i = 0; i < 240; i++)
        logs[i] = (struct minute_counts){.from_ns = AT(-3) + i * NS_PER_MINUTE,
                                         .events = 1000000,
                                         .logs = {[13] = 500000, [17] = 400000 + i}};
    const struct activity activity = {.from_ns = AT(-3),
                                      .to_ns = AT(240),
                                      .step_ns = NS_PER_MINUTE,
                                      .logs = logs,
                                      .log_count = 240,
                                      .sources = logs,
                                      .source_count = 240};
    struct strbuf out;
    draw(&activity, &out);
    assert_true(out.len < (size_t)64 * 1024);
    assert_int_equal(count_of(&out, "Gaps in the records"), 0);
    strbuf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_have_few_steps),
        cmocka_unit_test(errors_are_steps),
        cmocka_unit_test(silence_is_a_gap_where_records_came),
        cmocka_unit_test(lost_offsets_are_a_gap),
        cmocka_unit_test(hundreds_of_steps_stay_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
