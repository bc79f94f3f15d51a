/*
 * Names of services that differ in case and punctuation only: one service, the name that most
 * records write, in every order of the records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "correlate/story/services.h"
#include "hindcast/correlation.h"

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

static void
assert_shown(const struct service_names *names, const char *written, const char *shown)
{
    struct sv got = service_shown(names, sv_from(written));
    if (!sv_eq(got, sv_from(shown)))
        fail_msg("'%s' is shown as '" SV_FMT "'", written, SV_ARG(got));
}

static void
test_most_records_decide(void **state)
{
    static const char *const written[] = {"Edge Proxy", "edge-proxy", "edge_proxy",  "edge-proxy",
                                          "checkout",   "Checkout",   "edge-proxy-2"};
    const size_t count = sizeof(written) / sizeof(written[0]);
    (void)state;
    for (size_t from = 0; from < count; from++) {
        struct service_names names;
        service_names_init(&names, &arena, count);
        for (size_t i = 0; i < count; i++)
            service_names_add(&names, sv_from(written[(from + i) % count]));
        assert_shown(&names, "Edge Proxy", "edge-proxy");
        assert_shown(&names, "edge_proxy", "edge-proxy");
        assert_shown(&names, "edge-proxy-2", "edge-proxy-2");
        assert_shown(&names, "checkout", "Checkout"); /* of equals the smallest */
        assert_shown(&names, "mailer", "mailer");
        assert_shown(&names, "", "");
    }
}

static void
test_names_without_letters_stay_apart(void **state)
{
    struct service_names names;
    (void)state;
    service_names_init(&names, &arena, 4);
    service_names_add(&names, SV("--"));
    service_names_add(&names, SV("::"));
    service_names_add(&names, SV_NONE);
    assert_shown(&names, "--", "--");
    assert_shown(&names, "::", "::");
}

static void
test_an_incident_has_one_service(void **state)
{
    static const char *const services[] = {"edge-proxy", "Edge Proxy", "edge-proxy"};
    struct observation rows[3];
    struct correlation_config config;
    struct correlation made;
    struct err err;
    struct correlation_input input = {.scope = SV("default"), .observations = rows, .count = 3};
    (void)state;
    correlation_config_default(&config);
    for (size_t i = 0; i < 3; i++) {
        rows[i] = (struct observation){.incarnation = 1, .at = {.offset = (int64_t)i}};
        rows[i].event =
            (struct event){.scope = SV("default"),
                           .identified = true,
                           .uid = {(uint8_t)(i + 1)},
                           .kind = EVENT_ALERT,
                           .record_kind = RECORD_ALERT,
                           .phase = PHASE_TRIGGER,
                           .source = SV("am"),
                           .fingerprint = sv_from(services[i]),
                           .event_time_ns = (INT64_C(1772100000) + (int64_t)i) * NS_PER_S,
                           .precision = PRECISION_SECOND,
                           .time_source = TIME_SOURCE_NATIVE,
                           .severity = SEVERITY_FATAL,
                           .title = SV("too many errors"),
                           .service = sv_from(services[i])};
    }
    assert_int_equal(correlate_run(&arena, &input, &config, &made, &err), 0);
    assert_int_equal(made.incident_count, 1);
    assert_int_equal(made.incidents[0].service_count, 1);
    assert_true(sv_eq(made.incidents[0].services[0], SV("edge-proxy")));
    for (size_t i = 0; i < made.incidents[0].entry_count; i++)
        assert_true(sv_eq(made.incidents[0].entries[i].service, SV("edge-proxy")));
    for (size_t i = 0; i < made.node_count; i++)
        assert_true(sv_eq(made.nodes[i].service, SV("edge-proxy")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_most_records_decide, setup, teardown),
        cmocka_unit_test_setup_teardown(test_names_without_letters_stay_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_incident_has_one_service, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
