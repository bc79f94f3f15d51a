/*
 * Alerts that open no incident: what the built-in lines know, what must not be taken for it, and
 * what becomes of such alerts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "correlate/run.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S)
#define ROWS_MAX 8

static struct arena arena;
static struct err err;
static struct correlation_config config;
static struct observation rows[ROWS_MAX];
static size_t count;
static struct correlation made;

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    correlation_config_default(&config);
    count = 0;
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
add(int64_t minute, const char *title, int severity)
{
    struct observation *row = &rows[count];
    *row = (struct observation){.incarnation = 1, .at = {.offset = (int64_t)count}};
    row->event = (struct event){
        .scope = SV("default"),
        .identified = true,
        .kind = EVENT_ALERT,
        .record_kind = RECORD_ALERT,
        .phase = PHASE_TRIGGER,
        .source = SV("am"),
        .event_time_ns = BEGIN_NS + minute * NS_PER_MINUTE,
        .precision = PRECISION_SECOND,
        .time_source = TIME_SOURCE_NATIVE,
        .severity = severity,
        .title = sv_from(title),
        .service = SV("checkout"),
    };
    row->event.uid[0] = (uint8_t)++count;
    return &row->event;
}

static void
correlate(void)
{
    struct correlation_input input = {.scope = SV("default"), .observations = rows, .count = count};
    assert_int_equal(correlate_run(&arena, &input, &config, &made, &err), 0);
}

static bool
opens(const char *title, const char *ref, const char *body, int severity)
{
    count = 0;
    struct event *event = add(0, title, severity);
    event->ref = sv_from(ref);
    event->body = sv_from(body);
    correlate();
    assert_int_equal(made.node_count, 1); /* stored in any case */
    return made.incident_count == 1;
}

static void
test_what_tells_of_no_trouble_opens_nothing(void **state)
{
    (void)state;
    assert_false(opens("Watchdog", "", "", SEVERITY_UNSET));
    assert_false(opens("[FIRING:1] watchdog", "", "", SEVERITY_FATAL));
    assert_false(opens("No summary", "DeadMansSwitch", "", SEVERITY_ERROR));
    assert_false(opens("Dead man's switch", "", "", SEVERITY_UNSET));
    assert_false(opens("InfoInhibitor", "", "", SEVERITY_UNSET));
    assert_false(opens("heartbeat", "", "", SEVERITY_WARN));
    assert_false(opens("Please ignore: this is a TEST", "", "", SEVERITY_FATAL));
    assert_false(opens("On call", "", "Hello, this is a test\n page.", SEVERITY_FATAL));
    assert_false(opens("Monitor: Test-Notification", "", "", SEVERITY_UNSET));
    assert_true(sv_eq(made.nodes[0].reason, SV("opens nothing: test")));
}

static void
test_what_tells_of_trouble_opens(void **state)
{
    (void)state;
    assert_true(opens("Heartbeat lost", "HeartbeatMissing", "", SEVERITY_ERROR));
    assert_true(opens("Watchdog is not received", "", "", SEVERITY_UNSET));
    assert_true(opens("Contest notifications fail", "", "", SEVERITY_ERROR));
    assert_true(opens("Disk is full", "", "this is a test environment", SEVERITY_ERROR));
    assert_true(opens("This was a test", "", "", SEVERITY_ERROR));
    assert_true(opens("]", "", "", SEVERITY_UNSET));
    assert_true(opens("[", "", "", SEVERITY_UNSET));
}

static void
test_a_known_severity_below_warning_opens_nothing(void **state)
{
    (void)state;
    assert_true(opens("Disk", "", "", SEVERITY_UNSET));
    assert_true(opens("Disk", "", "", SEVERITY_WARN));
    assert_false(opens("Disk", "", "", SEVERITY_WARN - 1));
    assert_false(opens("Disk", "", "", SEVERITY_TRACE));
    assert_true(sv_eq(made.nodes[0].reason, SV("opens nothing: severity below warning")));
    count = 0;
    add(0, "Disk", SEVERITY_INFO)->incident_ref = SV("P1"); /* people were told */
    correlate();
    assert_int_equal(made.incident_count, 1);
}

static void
test_an_alert_that_grows_worse_opens(void **state)
{
    (void)state;
    add(0, "Disk", SEVERITY_INFO);
    add(2, "Disk", SEVERITY_ERROR);
    correlate();
    assert_int_equal(made.node_count, 1);
    assert_int_equal(made.incident_count, 1);
    /* Its end is told as "ok": what fires decides. */
    count = 0;
    add(0, "Disk", SEVERITY_UNSET);
    add(2, "Disk", SEVERITY_INFO)->phase = PHASE_RESOLVE;
    correlate();
    assert_int_equal(made.incident_count, 1);
    count = 0;
    add(0, "Disk", SEVERITY_INFO);
    add(2, "Disk", SEVERITY_UNSET)->phase = PHASE_RESOLVE;
    correlate();
    assert_int_equal(made.incident_count, 0);
}

static void
test_it_attaches_to_what_others_open(void **state)
{
    (void)state;
    add(0, "Disk", SEVERITY_INFO);
    add(2, "Checkout fails", SEVERITY_ERROR);
    add(3, "Watchdog", SEVERITY_UNSET);
    correlate();
    assert_int_equal(made.incident_count, 1);
    assert_int_equal(made.incidents[0].alert_count, 1);
    assert_true(sv_eq(made.incidents[0].title, SV("Checkout fails (checkout)")));
    assert_int_equal(made.incidents[0].first_ns, BEGIN_NS + 2 * NS_PER_MINUTE);
    assert_true(sv_starts(made.nodes[0].reason, SV("service checkout (")));
    assert_true(sv_contains(made.nodes[0].reason, SV("; opens nothing: severity below warning")));
    assert_int_equal(made.nodes[2].incident_key.len, 0); /* but not what tells of no trouble */
}

static void
test_it_joins_nothing(void **state)
{
    (void)state;
    add(0, "Cart fails", SEVERITY_ERROR)->service = SV("cart");
    add(25, "Disk", SEVERITY_INFO);
    add(50, "Checkout fails", SEVERITY_ERROR); /* near the one between, far from the first */
    correlate();
    assert_int_equal(made.incident_count, 2);
    rows[1].event.severity = SEVERITY_WARN;
    correlate();
    assert_int_equal(made.incident_count, 1);
}

static void
test_teams_name_their_own(void **state)
{
    (void)state;
    config.quiet_alerts = SV("# ours\r\n\r\ndrill\tname\tFire drill\r\n");
    assert_false(opens("FireDrill", "", "", SEVERITY_FATAL));
    assert_true(sv_eq(made.nodes[0].reason, SV("opens nothing: drill")));
    assert_true(opens("Watchdog", "", "", SEVERITY_UNSET)); /* the text is what counts */
    config.quiet_alerts = SV("drill\n");
    struct correlation_input input = {.scope = SV("default"), .observations = rows, .count = count};
    assert_int_equal(correlate_run(&arena, &input, &config, &made, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_tells_of_no_trouble_opens_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_what_tells_of_trouble_opens, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_known_severity_below_warning_opens_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_an_alert_that_grows_worse_opens, setup, teardown),
        cmocka_unit_test_setup_teardown(test_it_attaches_to_what_others_open, setup, teardown),
        cmocka_unit_test_setup_teardown(test_it_joins_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_teams_name_their_own, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
