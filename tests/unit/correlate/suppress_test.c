/*
 * Alerts that rules suppress: which lines are rules, whom matchers fit, when one alert inhibits
 * another one, windows, flapping; that what is suppressed opens nothing and is kept with its
 * reason, that order never matters, and that a rule that goes leaves nothing behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "correlate/run.h"

#define BEGIN_NS (INT64_C(1772323200) * NS_PER_S) /* 2026-03-01T00:00Z */
#define ROWS_MAX 40

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
add(int64_t second, const char *title, const char *service, enum event_phase phase)
{
    assert_true(count < ROWS_MAX);
    struct observation *row = &rows[count];
    *row = (struct observation){.incarnation = 1, .at = {.offset = (int64_t)count}};
    row->event = (struct event){
        .scope = SV("default"),
        .identified = true,
        .kind = EVENT_ALERT,
        .record_kind = RECORD_ALERT,
        .phase = phase,
        .source = SV("am"),
        .event_time_ns = BEGIN_NS + second * NS_PER_S,
        .precision = PRECISION_SECOND,
        .time_source = TIME_SOURCE_NATIVE,
        .severity = SEVERITY_ERROR,
        .title = sv_from(title),
        .service = sv_from(service),
    };
    row->event.uid[0] = (uint8_t)++count;
    return &row->event;
}

static void
correlate(const char *rules)
{
    struct correlation_input input = {.scope = SV("default"), .observations = rows, .count = count};
    config.suppress = sv_from(rules);
    if (correlate_run(&arena, &input, &config, &made, &err) != 0)
        fail_msg("%s", err.message);
}

static size_t
raised(void)
{
    size_t sum = 0;
    for (size_t i = 0; i < made.incident_count; i++)
        sum += made.incidents[i].raised;
    return sum;
}

/* Of the first episode of that title and service. */
static const struct node *
node_of(const char *title, const char *service)
{
    for (size_t i = 0; i < made.node_count; i++)
        if (sv_eq(made.nodes[i].title, sv_from(title)) &&
            sv_eq(made.nodes[i].service, sv_from(service)))
            return &made.nodes[i];
    fail_msg("no episode of %s", title);
    return NULL;
}

static bool
suppressed(const char *title, const char *service)
{
    return sv_contains(node_of(title, service)->reason, SV("opens nothing: suppressed by "));
}

static void
what_is_not_a_rule_is_refused(void **state)
{
    static const char *const lines[] = {
        "mute\tn\t*",
        "inhibit\tn\tname=A\tname=B",
        "inhibit\tn\tname=A\tname=B\tservice\tmore",
        "inhibit\t\tname=A\tname=B\tservice",
        "inhibit\tn\tname\tname=B\tservice",
        "inhibit\tn\t=A\tname=B\tservice",
        "inhibit\tn\tname=~A|B\tname=B\tservice",
        "inhibit\tn\tname=A\t\tservice",
        "inhibit\tn\tname=A\tname=B\tservice,,host",
        "window\tn\t2026-03-01T02:00Z\t2026-03-01T01:00Z\t*",
        "window\tn\tyesterday\t2026-03-01T01:00Z\t*",
        "flapping\tn\t0\t1h\t*",
        "flapping\tn\t1001\t1h\t*",
        "flapping\tn\t3\tsoon\t*",
        "flapping\tn\t3\t0s\t*",
        "window n 2026-03-01T01:00Z 2026-03-01T02:00Z *",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct suppress_rules rules;
        struct sv text = arena_printf(&arena, "# ours\n\n%s\n", lines[i]);
        err = (struct err){0};
        if (suppress_rules_read(&arena, text, &rules, &err) == 0)
            fail_msg("taken: %s", lines[i]);
        assert_int_equal(err.code, ERR_CONFIG);
        assert_non_null(strstr(err.message, "line 3"));
        config.suppress = text;
        assert_int_equal(correlation_config_check(&config, &err), -1);
    }
}

static void
rules_have_a_limit(void **state)
{
    (void)state;
    for (int over = 0; over < 2; over++) {
        struct suppress_rules rules;
        struct strbuf text;
        strbuf_init(&text, 0);
        for (int i = 0; i < SUPPRESS_RULES_MAX + over; i++)
            strbuf_addf(&text, "flapping\tn%d\t3\t1h\t*\r\n", i);
        assert_int_equal(suppress_rules_read(&arena, strbuf_view(&text), &rules, &err), -over);
        strbuf_release(&text);
    }
}

static void
matchers_look_at_labels(void **state)
{
    static const struct {
        const char *matchers;
        bool fits;
    } cases[] = {
        {"*", true},
        {"name=DiskFull", true},
        {"name=disk*", false},
        {"name=Disk*", true},
        {"name=*Full", true},
        {"name=*i*F*", true},
        {"name=*x*", false},
        {"name=Disk*Disk*Full", false},
        {"name!=DiskFull", false},
        {"name!=Disk*, service=db", false},
        {"name=Disk*, service=db", true},
        {"name=Disk*, service=web", false},
        {"severity=error", true},
        {"cluster=eu-1", true}, /* of labels */
        {"receiver=ops", true}, /* beside them */
        {"replicas=3", true},
        {"paging=true", true},
        {"cluster=", false},
        {"nobody=", true},
        {"nobody!=", false},
        {"name=", false},
    };
    (void)state;
    struct event *event = add(0, "DiskFull", "db", PHASE_TRIGGER);
    event->attributes = SV("{\"labels\":{\"cluster\":\"eu-1\",\"replicas\":3,\"paging\":true},"
                           "\"receiver\":\"ops\"}");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct suppress_rules rules;
        struct suppress_labels labels;
        struct sv text = arena_printf(&arena, "flapping\tn\t1\t1h\t%s", cases[i].matchers);
        if (suppress_rules_read(&arena, text, &rules, &err) != 0)
            fail_msg("%s", err.message);
        suppress_labels_open(&arena, event, &labels);
        if (suppress_matches(&rules.rules[0].target, &labels) != cases[i].fits)
            fail_msg("%s", cases[i].matchers);
        suppress_labels_close(&labels);
    }
}

static const char by_service[] = "inhibit\tdb-down\tname=Down\tname!=Down\tservice\n";

static void
an_alert_inhibits_what_it_explains(void **state)
{
    (void)state;
    add(0, "Down", "db", PHASE_TRIGGER);
    add(120, "Slow", "db", PHASE_TRIGGER);
    add(130, "Slow", "web", PHASE_TRIGGER);
    correlate("");
    assert_false(suppressed("Slow", "db"));
    correlate(by_service);
    assert_true(suppressed("Slow", "db"));
    assert_false(suppressed("Slow", "web"));
    assert_false(suppressed("Down", "db"));
    /* It is kept, counted, and told with the incident of what explains it. */
    assert_int_equal(made.node_count, 3);
    assert_true(sv_eq(node_of("Slow", "db")->incident_key, node_of("Down", "db")->incident_key));
    assert_true(sv_contains(node_of("Slow", "db")->reason, SV("db-down (inhibit)")));
}

static void
it_does_so_while_it_goes_on(void **state)
{
    static const struct {
        int64_t second;
        bool suppressed;
    } cases[] = {{-61, false}, {-60, true}, {0, true}, {1200, true}, {1201, false}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        count = 0;
        add(0, "Down", "db", PHASE_TRIGGER);
        add(1200, "Down", "db", PHASE_RESOLVE);
        add(cases[i].second, "Slow", "db", PHASE_TRIGGER);
        correlate(by_service);
        if (suppressed("Slow", "db") != cases[i].suppressed)
            fail_msg("at %d s", (int)cases[i].second);
    }
    /* Without a resolve for as long as two of its records make one episode. */
    for (int late = 0; late < 2; late++) {
        count = 0;
        add(0, "Down", "db", PHASE_TRIGGER);
        add(300 + late, "Slow", "db", PHASE_TRIGGER);
        correlate(by_service);
        assert_int_equal(suppressed("Slow", "db"), !late);
    }
}

/* What still fires when its explanation is over needs somebody. */
static void
what_outlasts_its_explanation_opens(void **state)
{
    (void)state;
    add(0, "Down", "db", PHASE_TRIGGER);
    add(200, "Down", "db", PHASE_RESOLVE);
    add(100, "Slow", "db", PHASE_TRIGGER);
    add(150, "Slow", "db", PHASE_RESOLVE);
    correlate(by_service);
    assert_true(suppressed("Slow", "db"));
    rows[3].event.phase = PHASE_TRIGGER;
    rows[3].event.event_time_ns = BEGIN_NS + 390 * NS_PER_S;
    correlate(by_service);
    assert_false(suppressed("Slow", "db"));
}

static void
what_is_both_inhibits_nothing_that_is_both(void **state)
{
    static const char rule[] = "inhibit\tr\tname=D*\tservice=db\t-\n";
    (void)state;
    add(0, "Down", "db", PHASE_TRIGGER);
    add(30, "Dead", "db", PHASE_TRIGGER);
    correlate(rule);
    assert_false(suppressed("Down", "db"));
    assert_false(suppressed("Dead", "db"));
    add(40, "Slow", "db", PHASE_TRIGGER);
    correlate(rule);
    assert_true(suppressed("Slow", "db")); /* what is a target alone is inhibited by both */
}

static void
windows_suppress_what_lies_inside(void **state)
{
    static const char rule[] =
        "window\tpatching\t2026-03-01T01:00Z\t2026-03-01T02:00Z\tservice=d*\n";
    static const struct {
        int64_t second;
        const char *service;
        bool suppressed;
    } cases[] = {{3599, "db", false},
                 {3600, "db", true},
                 {7199, "db", true},
                 {7200, "db", false},
                 {5000, "web", false}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        count = 0;
        add(cases[i].second, "Slow", cases[i].service, PHASE_TRIGGER);
        correlate(rule);
        assert_int_equal(suppressed("Slow", cases[i].service), cases[i].suppressed);
        assert_int_equal(raised(), !cases[i].suppressed);
    }
    /* It belongs to an incident that it names, and to no other. */
    count = 0;
    add(3700, "Slow", "db", PHASE_TRIGGER);
    add(3710, "Down", "db", PHASE_TRIGGER)->service = SV("web");
    correlate(rule);
    assert_true(node_of("Slow", "db")->incident_key.ptr == NULL);
}

static void
flapping_is_suppressed_once_it_is_known(void **state)
{
    (void)state;
    config.familiar_count = 0;
    for (int i = 0; i < 5; i++) {
        add(i * 600, "Slow", "db", PHASE_TRIGGER);
        add(i * 600 + 60, "Slow", "db", PHASE_RESOLVE);
    }
    add(5 * 3600, "Slow", "db", PHASE_TRIGGER); /* much later */
    correlate("flapping\tchatty\t3\t1h\t*\n");
    size_t calm = 0;
    assert_int_equal(made.node_count, 6);
    for (size_t i = 0; i < 6; i++) {
        bool is = sv_contains(made.nodes[i].reason, SV("suppressed by chatty (flapping)"));
        assert_int_equal(is, i == 3 || i == 4);
        calm += is;
    }
    assert_int_equal(calm, 2);
    correlate("flapping\tchatty\t3\t29m\t*\n");
    for (size_t i = 0; i < 6; i++)
        assert_false(sv_contains(made.nodes[i].reason, SV("suppressed")));
}

/* The reasons of all episodes, as text. */
static struct sv
told(void)
{
    struct sv text = SV("");
    for (size_t i = 0; i < made.node_count; i++)
        text = arena_printf(&arena, SV_FMT SV_FMT " " SV_FMT " in " SV_FMT "\n", SV_ARG(text),
                            SV_ARG(made.nodes[i].node_key), SV_ARG(made.nodes[i].reason),
                            SV_ARG(made.nodes[i].incident_key));
    return text;
}

static const char all_rules[] =
    "inhibit\tdb-down\tname=Down\tname!=Down\tservice\n"
    "window\tpatching\t2026-03-01T00:10Z\t2026-03-01T00:20Z\tservice=web\n"
    "flapping\tchatty\t2\t1h\t*\n";

static void
fill(void)
{
    static const char *const titles[] = {"Down", "Slow", "Full"};
    static const char *const services[] = {"db", "web"};
    srand(7);
    for (int i = 0; i < ROWS_MAX; i++)
        add(rand() % 3600, titles[rand() % 3], services[rand() % 2],
            rand() % 3 == 0 ? PHASE_RESOLVE : PHASE_TRIGGER);
}

static void
order_never_matters(void **state)
{
    (void)state;
    fill();
    correlate(all_rules);
    struct sv before = told();
    assert_true(sv_contains(before, SV("(inhibit)")) && sv_contains(before, SV("(window)")) &&
                sv_contains(before, SV("(flapping)")));
    for (int round = 0; round < 20; round++) {
        for (size_t i = count - 1; i > 0; i--) {
            size_t other = (size_t)rand() % (i + 1);
            struct observation held = rows[i];
            rows[i] = rows[other];
            rows[other] = held;
        }
        correlate(all_rules);
        struct sv after = told();
        assert_true(sv_eq(before, after));
    }
}

static void
a_rule_that_goes_leaves_nothing(void **state)
{
    (void)state;
    fill();
    correlate("");
    struct sv before = told();
    correlate(all_rules);
    struct sv with = told();
    assert_false(sv_eq(before, with));
    correlate("");
    struct sv after = told();
    assert_true(sv_eq(before, after));
    correlate("# none\n");
    after = told();
    assert_true(sv_eq(before, after));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_not_a_rule_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(rules_have_a_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(matchers_look_at_labels, setup, teardown),
        cmocka_unit_test_setup_teardown(an_alert_inhibits_what_it_explains, setup, teardown),
        cmocka_unit_test_setup_teardown(it_does_so_while_it_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(what_outlasts_its_explanation_opens, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_both_inhibits_nothing_that_is_both, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(windows_suppress_what_lies_inside, setup, teardown),
        cmocka_unit_test_setup_teardown(flapping_is_suppressed_once_it_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(order_never_matters, setup, teardown),
        cmocka_unit_test_setup_teardown(a_rule_that_goes_leaves_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
