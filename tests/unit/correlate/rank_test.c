/*
 * How much an incident deserves a look: points of its facts, which alerts are new, lines of a team.
 * And the whole run: the rank is a function of the set of records. Records of our own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "correlate/rank/rank.h"
#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define DAY_MINUTES (24 * 60)
#define ROWS_MAX 64

static struct arena arena;
static struct observation rows[ROWS_MAX];
static size_t row_count;
static struct correlation_config config;
static struct err err;

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    row_count = 0;
    correlation_config_default(&config);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct event *
add(int64_t minute, enum record_kind record, enum event_kind kind, const char *source,
    const char *text)
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
                                .event_time_ns = BEGIN_NS + minute * 60 * NS_PER_S,
                                .precision = PRECISION_SECOND,
                                .scope = SV("default")};
    row->event.uid[0] = (uint8_t)(row_count + 1);
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    row_count++;
    return &row->event;
}

static void
alert(int64_t minute, const char *service, int severity, enum event_phase phase)
{
    struct event *event = add(minute, RECORD_ALERT, EVENT_ALERT, "am", "Errors");
    event->service = sv_from(service);
    event->fingerprint = sv_from(service);
    event->severity = severity;
    event->phase = phase;
}

static void
say(int64_t minute, const char *actor, const char *text)
{
    struct event *event = add(minute, RECORD_CHAT, EVENT_CHAT, "slack:inc", text);
    event->actor = sv_from(actor);
    event->channel = SV("inc");
    event->phase = PHASE_POST;
}

/* The incident that begins last. */
static const struct incident *
last_told(void)
{
    const struct correlation_input input = {
        .scope = SV("default"), .observations = rows, .count = row_count};
    struct correlation result;
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    assert_true(result.incident_count > 0);
    return &result.incidents[result.incident_count - 1];
}

static bool
says(const struct incident *incident, const char *words)
{
    for (size_t i = 0; i < incident->rank.reason_count; i++)
        if (sv_starts(incident->rank.reasons[i], sv_from(words)))
            return true;
    return false;
}

static void
each_fact_is_worth_its_points(void **state)
{
    (void)state;
    alert(0, "edge", SEVERITY_FATAL, PHASE_TRIGGER);
    alert(2, "cart", SEVERITY_ERROR, PHASE_TRIGGER);
    say(3, "Ada", "edge is down, looking");
    say(5, "Bo", "cart fails as well, rolled back the deploy");
    say(6, "Cleo", "I see errors on edge, too");
    alert(30, "edge", SEVERITY_FATAL, PHASE_RESOLVE);
    const struct incident *incident = last_told();
    assert_true(says(incident, "critical (+3)"));
    assert_true(says(incident, "3 people spoke (+3)"));
    assert_true(says(incident, "a change taken back (+3)"));
    assert_true(incident->rank.facts[RANK_MINUTES] >= 10);
    assert_int_equal(incident->rank.facts[RANK_NEW], 0); /* nothing is known of the day before */
    assert_true(incident->rank.worth);
    int32_t sum = 0;
    for (size_t i = 0; i < incident->rank.reason_count; i++) {
        struct sv reason = incident->rank.reasons[i];
        sum += reason.ptr[reason.len - 2] - '0';
    }
    assert_int_equal(incident->rank.score, sum);
}

/* Also by ending it, or by merging it into another one; not where a program did. */
static void
who_ends_an_alert_has_handled_it(void **state)
{
    (void)state;
    static const enum event_phase phases[] = {PHASE_ACK, PHASE_RESOLVE, PHASE_SUPPRESS};
    for (size_t i = 0; i < 2 * sizeof(phases) / sizeof(phases[0]); i++) {
        row_count = 0;
        alert(0, "edge", SEVERITY_WARN, PHASE_TRIGGER);
        alert(3, "edge", SEVERITY_WARN, phases[i / 2]);
        rows[1].event.actor = SV("Ada");
        rows[1].event.actor_type = i % 2 == 0 ? ACTOR_HUMAN : ACTOR_SYSTEM;
        assert_int_equal(last_told()->rank.facts[RANK_ACKNOWLEDGED], i % 2 == 0);
    }
}

static void
a_lone_warning_is_not_worth_a_look(void **state)
{
    (void)state;
    alert(0, "edge", SEVERITY_WARN, PHASE_TRIGGER);
    const struct incident *incident = last_told();
    assert_int_equal(incident->rank.score, 1);
    assert_false(incident->rank.worth);
}

static void
an_alert_is_new_of_which_there_is_none_in_14_days(void **state)
{
    (void)state;
    alert(0, "mail", SEVERITY_WARN, PHASE_TRIGGER);
    alert(2 * DAY_MINUTES, "edge", SEVERITY_WARN, PHASE_TRIGGER);
    assert_int_equal(last_told()->rank.facts[RANK_NEW], 1);
    alert(16 * DAY_MINUTES, "edge", SEVERITY_WARN, PHASE_TRIGGER);
    assert_int_equal(last_told()->rank.facts[RANK_NEW], 0); /* 14 days later, to the minute */
    alert(31 * DAY_MINUTES, "edge", SEVERITY_WARN, PHASE_TRIGGER);
    assert_int_equal(last_told()->rank.facts[RANK_NEW], 0); /* no alert at all in 14 days before */
    alert(30 * DAY_MINUTES - 5, "mail", SEVERITY_WARN, PHASE_TRIGGER);
    assert_int_equal(last_told()->rank.facts[RANK_NEW], 1);
}

static void
any_order_of_records_gives_the_same_rank(void **state)
{
    (void)state;
    alert(0, "mail", SEVERITY_WARN, PHASE_TRIGGER);
    alert(2 * DAY_MINUTES, "edge", SEVERITY_FATAL, PHASE_TRIGGER);
    alert(2 * DAY_MINUTES + 3, "edge", SEVERITY_FATAL, PHASE_ACK);
    say(2 * DAY_MINUTES + 4, "Ada", "edge is down, looking");
    alert(2 * DAY_MINUTES + 40, "edge", SEVERITY_FATAL, PHASE_RESOLVE);
    const struct incident *incident = last_told();
    struct incident_rank before = incident->rank;
    for (size_t i = 0; i < row_count / 2; i++) {
        struct observation moved = rows[i];
        rows[i] = rows[row_count - 1 - i];
        rows[row_count - 1 - i] = moved;
    }
    for (size_t i = 0; i < row_count; i++)
        rows[i].at.offset = (int64_t)i;
    rows[row_count] = rows[0]; /* and one of them twice */
    rows[row_count++].at.offset += 100;
    incident = last_told();
    assert_int_equal(incident->rank.score, before.score);
    assert_int_equal(incident->rank.reason_count, before.reason_count);
    for (size_t i = 0; i < before.reason_count; i++)
        assert_true(sv_eq(incident->rank.reasons[i], before.reasons[i]));
}

static void
lines_of_a_team_count_before_the_built_in_ones(void **state)
{
    (void)state;
    config.rank = SV("severity\t13\t7\n# ours\n\nworth\t7\nseverity\t13\t1\nworth\t1\n");
    alert(0, "edge", SEVERITY_WARN, PHASE_TRIGGER);
    const struct incident *incident = last_told();
    assert_int_equal(incident->rank.score, 7);
    assert_true(incident->rank.worth);
}

static void
a_line_that_cannot_be_read_is_named(void **state)
{
    (void)state;
    static const char *const lines[] = {"colour\t1\t1",    "severity\t0\t1",  "severity\t1",
                                        "severity\t1\t9x", "people\t1\t1001", "worth\tmuch"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct rank_rules rules;
        char text[64] = "# first\n";
        strncat(text, lines[i], sizeof(text) - strlen(text) - 1);
        assert_int_equal(rank_rules_read(sv_from(text), &rules, &err), -1);
        assert_int_equal(err.code, ERR_CONFIG);
        assert_non_null(strstr(err.message, "rank, line 2: "));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_fact_is_worth_its_points, setup, teardown),
        cmocka_unit_test_setup_teardown(who_ends_an_alert_has_handled_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lone_warning_is_not_worth_a_look, setup, teardown),
        cmocka_unit_test_setup_teardown(an_alert_is_new_of_which_there_is_none_in_14_days, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(any_order_of_records_gives_the_same_rank, setup, teardown),
        cmocka_unit_test_setup_teardown(lines_of_a_team_count_before_the_built_in_ones, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_line_that_cannot_be_read_is_named, setup, teardown),
    };
    return cmocka_run_group_tests_name("rank", tests, NULL, NULL);
}
