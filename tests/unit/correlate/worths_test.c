/*
 * Worths and windows of milestones as options: each acts, its default is what reads.def says where
 * that has it, and a number out of bounds is refused by its name. Small incidents of our own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "base/config/config.h"
#include "correlate/story/reads.h"
#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define ROWS_MAX 20
#define NONE (-1000)

static struct arena arena;
static struct observation rows[ROWS_MAX];
static size_t row_count;

static struct event *
add(int minute, enum event_kind kind, enum record_kind record, const char *source, const char *text)
{
    assert_true(row_count < ROWS_MAX);
    struct observation *row = &rows[row_count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    row->event = (struct event){.kind = kind,
                                .record_kind = record,
                                .source = sv_from(source),
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

static void
say(int minute, const char *actor, const char *text)
{
    struct event *event = add(minute, EVENT_CHAT, RECORD_CHAT, "slack:inc", text);
    event->actor = sv_from(actor);
    event->channel = SV("inc");
    event->phase = PHASE_POST;
}

static void
change(int minute, enum record_kind record, const char *text)
{
    struct event *event = add(minute, EVENT_CHANGE, record, "git:edge", text);
    event->service = SV("edge");
    event->phase = PHASE_SUCCEEDED;
}

static void
alert(int minute, enum event_phase phase)
{
    struct event *event = add(minute, EVENT_ALERT, RECORD_ALERT, "am", "EdgeErrors");
    event->service = SV("edge");
    event->fingerprint = SV("fp");
    event->severity = SEVERITY_ERROR;
    event->phase = phase;
}

/* ------------------------------------------------------------------ incidents */

static void
acts_before_a_resolve(void)
{
    alert(0, PHASE_TRIGGER);
    change(10, RECORD_COMMIT, "Revert \"Count requests of the edge\"");
    change(18, RECORD_DEPLOY, "Deploy edge once more");
    alert(22, PHASE_RESOLVE);
}

static void
a_named_change(void)
{
    alert(0, PHASE_TRIGGER);
    say(4, "ben", "the edge needs #91 now");
    change(6, RECORD_COMMIT, "Wider pool of the edge (#91)");
    alert(9, PHASE_RESOLVE);
}

static void
two_recoveries(void)
{
    alert(0, PHASE_TRIGGER);
    say(4, "ada", "the edge works again");
    say(10, "ben", "restarted the edge once more");
    say(15, "ben", "the edge should be back soon");
}

static void
a_line_before_the_alert(void)
{
    struct event *event =
        add(-4, EVENT_LOG, RECORD_LOG, "edge-log", "pool of the edge is exhausted");
    event->service = SV("edge");
    event->severity = SEVERITY_ERROR;
    alert(0, PHASE_TRIGGER);
}

static void
a_culprit(void)
{
    change(-30, RECORD_DEPLOY, "Deploy edge v2.1 (#91)");
    alert(0, PHASE_TRIGGER);
    say(3, "ben", "that came with #91 of the edge");
}

static void
work_before_the_alert(void)
{
    say(-20, "ben", "looking into the edge, it feels slow");
    alert(0, PHASE_TRIGGER);
}

static void
trouble_between_recoveries(void)
{
    alert(0, PHASE_TRIGGER);
    say(6, "ada", "the edge works again");
    say(17, "cy", "users report that the edge is down");
    say(28, "ada", "the edge is back to normal");
}

static void
an_act_that_did_not_help(void)
{
    alert(0, PHASE_TRIGGER);
    say(3, "ben", "restarted the edge");
    say(14, "ada", "that did not help");
    say(20, "ada", "the edge works again");
}

static void
an_act_just_before(void)
{
    alert(0, PHASE_TRIGGER);
    say(5, "ben", "restarted the edge");
    say(8, "ada", "it is still failing");
    say(20, "ada", "the edge works again");
}

/* -------------------------------------------------------------------- the test */

/* The minute of the first such milestone; NONE where there is none. */
static int
minute_of(const struct correlation_config *config, enum milestone milestone)
{
    static struct correlation result;
    struct correlation_input input = {
        .scope = SV("default"), .observations = rows, .count = row_count};
    struct err err;
    assert_int_equal(correlate_run(&arena, &input, config, &result, &err), 0);
    for (size_t i = 0; i < result.incident_count; i++)
        for (size_t m = 0; result.incidents[i].raised && m < result.incidents[i].milestone_count;
             m++)
            if (result.incidents[i].milestones[m].milestone == milestone)
                return (int)((result.incidents[i].milestones[m].time_ns - BEGIN_NS) /
                             NS_PER_MINUTE);
    return NONE;
}

static void
each_option_acts(void **state)
{
    static const struct {
        enum option option;
        const char *value;
        void (*incident)(void);
        enum milestone milestone;
        int by_default, changed;
    } cases[] = {
        {OPT_correlate_milestone_revert, "0", acts_before_a_resolve, MILESTONE_MITIGATED, 10, 18},
        {OPT_correlate_milestone_deploy, "900", acts_before_a_resolve, MILESTONE_MITIGATED, 10, 18},
        {OPT_correlate_milestone_fade, "100", acts_before_a_resolve, MILESTONE_MITIGATED, 10, 18},
        {OPT_correlate_milestone_named, "0", a_named_change, MILESTONE_MITIGATED, 6, NONE},
        {OPT_correlate_milestone_act, "0", two_recoveries, MILESTONE_RECOVERED, 15, 4},
        {OPT_correlate_milestone_expected, "0", two_recoveries, MILESTONE_RECOVERED, 15, 4},
        {OPT_correlate_milestone_sign, "9", two_recoveries, MILESTONE_RECOVERED, 15, 4},
        {OPT_correlate_milestone_line, "9", a_line_before_the_alert, MILESTONE_IMPACT_STARTED, 0,
         -4},
        {OPT_correlate_milestone_fallback, "9", a_line_before_the_alert, MILESTONE_DETECTED, 0, -4},
        {OPT_correlate_milestone_culprit, "10m", a_culprit, MILESTONE_IMPACT_STARTED, -30, 0},
        {OPT_correlate_milestone_answer, "10m", work_before_the_alert, MILESTONE_DETECTED, -20, 0},
        {OPT_correlate_milestone_relapse, "10m", trouble_between_recoveries, MILESTONE_REOPENED,
         NONE, 17},
        {OPT_correlate_milestone_setback, "10m", an_act_that_did_not_help, MILESTONE_MITIGATED,
         NONE, 3},
        {OPT_correlate_milestone_settle, "1m", an_act_just_before, MILESTONE_MITIGATED, 5, NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct config *options = config_new();
        struct correlation_config config;
        struct err err;
        const char *name = config_option_name(cases[i].option);
        row_count = 0;
        cases[i].incident();
        correlation_config_numbers(options, &config);
        if (minute_of(&config, cases[i].milestone) != cases[i].by_default)
            fail_msg("%s by default: %d", name, minute_of(&config, cases[i].milestone));
        assert_int_equal(config_set(options, cases[i].option, cases[i].value, ORIGIN_COMMAND, &err),
                         0);
        correlation_config_numbers(options, &config);
        if (minute_of(&config, cases[i].milestone) != cases[i].changed)
            fail_msg("%s = %s: %d", name, cases[i].value, minute_of(&config, cases[i].milestone));
        assert_int_equal(config_set(options, cases[i].option, "-1", ORIGIN_COMMAND, &err), -1);
        assert_int_equal(err.code, ERR_CONFIG);
        assert_non_null(strstr(err.message, "milestone_"));
        config_free(options);
    }
}

static void
windows_are_what_rules_read_by_default(void **state)
{
    struct correlation_config config;
    (void)state;
    correlation_config_default(&config);
    assert_int_equal(config.milestone.culprit_ms * NS_PER_MS, reads_back(RULE_CULPRIT));
    assert_int_equal(config.milestone.answer_ms * NS_PER_MS, reads_ahead(RULE_RESPONSE));
    assert_int_equal(config.milestone.relapse_ms * NS_PER_MS, reads_back(RULE_RELAPSE));
    assert_int_equal(config.milestone.setback_ms * NS_PER_MS, reads_ahead(RULE_CAME_TO_NOTHING));
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
        cmocka_unit_test_setup_teardown(each_option_acts, setup, teardown),
        cmocka_unit_test(windows_are_what_rules_read_by_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
