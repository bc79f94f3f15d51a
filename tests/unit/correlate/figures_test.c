/*
 * Severity and impact that people tell in chat: what is a candidate for the draft, and what only
 * has numbers in it. Sentences of our own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "hindcast/correlation.h"

static struct arena arena;
static struct err err;
static struct observation rows[2];
static struct correlation made;
static struct sv desk; /* where messages come from; absent: chat */

static struct event
event_of(enum event_kind kind, enum record_kind record, int64_t minute, const char *text)
{
    struct event event = {
        .scope = SV("default"),
        .identified = true,
        .kind = kind,
        .record_kind = record,
        .phase = kind == EVENT_ALERT ? PHASE_TRIGGER : PHASE_POST,
        .source = kind == EVENT_ALERT ? SV("am") : SV("slack:inc"),
        .event_time_ns = INT64_C(1772100000) * NS_PER_S + minute * NS_PER_MINUTE,
        .precision = PRECISION_SECOND,
        .time_source = TIME_SOURCE_NATIVE,
        .severity = kind == EVENT_ALERT ? SEVERITY_FATAL : SEVERITY_UNSET,
        .title = sv_from(text),
        .service = kind == EVENT_ALERT ? SV("checkout") : SV_NONE,
    };
    event.uid[0] = (uint8_t)(minute + 1);
    return event;
}

/* Correlates an alert and this message behind it; the entry of the message. */
static const struct entry *
say(const char *actor, const char *text)
{
    struct correlation_config config;
    struct correlation_input input = {.scope = SV("default"), .observations = rows, .count = 2};
    correlation_config_default(&config);
    rows[0] = (struct observation){
        .incarnation = 1, .event = event_of(EVENT_ALERT, RECORD_ALERT, 0, "checkout fails")};
    rows[1] = (struct observation){
        .incarnation = 1, .at = {.offset = 1}, .event = event_of(EVENT_CHAT, RECORD_CHAT, 1, text)};
    rows[1].event.actor = sv_from(actor);
    rows[1].event.channel = SV("inc");
    if (desk.len > 0)
        rows[1].event.source = desk;
    assert_int_equal(correlate_run(&arena, &input, &config, &made, &err), 0);
    assert_int_equal(made.incidents[0].entry_count, 2);
    return &made.incidents[0].entries[1];
}

static bool
tells(const char *actor, const char *text, const char *reason)
{
    const struct entry *entry = say(actor, text);
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, sv_from(reason)))
            return true;
    return false;
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

/* German with figures as Germans write them. */
static void
test_german(void **state)
{
    (void)state;
    assert_true(tells("ana", "Etwa 3.000 Kunden waren betroffen", "tells_impact"));
    assert_true(tells("ana", "rund 12 % der Bestellungen sind ausgefallen", "tells_impact"));
    assert_true(tells("ana", "es sind keine Kunden betroffen", "tells_impact"));
    assert_true(
        tells("ana", "hochgestuft auf P1, das ist eine P1 St\xC3\xB6rung", "tells_severity"));
    assert_false(tells("ana", "sind 3.000 Kunden betroffen?", "tells_impact"));
    assert_false(tells("ana", "ich habe die 3 Pods neu gestartet", "tells_impact"));
}

/* What people take on or give others, and what only reads like it. */
static void
test_actions(void **state)
{
    (void)state;
    static const char *const given[] = {
        "@ana to add an alert by Friday",
        "ok, better. @ana to add an alert",
        "AI: Bo - fix the retry (due 12 March)",
        "TODO(bo): write it down by Monday @bo",
        "I'll write the runbook tomorrow",
        "@bo will add the metric by 2026-04-01",
        "Ich schreibe morgen das Runbook",
        "@jan bitte bis Freitag einen Alarm anlegen",
        "- @ana: alert on the error rate by next week",
    };
    static const char *const others[] = {
        "@ana can you add an alert by Friday?",
        "@ana thanks, looks good",
        "@ana to the rescue",
        "I'll restart it now",
        "deployed by @ana on Friday",
        "it was fixed by monitoring",
        "@here back by Friday",
        "guten Morgen, ich schaue mir das an",
        "> @ana to add an alert by Friday",
        "@ana the deploy is done by 14:00",
        "traffic grows on Friday",
        "I'll be back tomorrow",
        "I can see the same error on Monday",
        "I'll ping you tomorrow",
        "@bo it was deployed on Friday",
        "@ana thanks for the help on Friday",
    };
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
        if (!tells("mia", given[i], "tells_action"))
            fail_msg("not found: %s", given[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (tells("mia", others[i], "tells_action"))
            fail_msg("found: %s", others[i]);
    assert_false(tells("statusbot", "@ana to add an alert by Friday", "tells_action"));
    assert_int_not_equal(say("mia", "AI: Bo - rolled back configs need a test by Friday")->kind,
                         ENTRY_ACTION_TAKEN);
}

/* What customers say, by a desk or by a colleague. */
static void
test_customers(void **state)
{
    (void)state;
    assert_true(tells("ana", "a customer called, cannot pay", "tells_of_customers"));
    assert_true(tells("ana", "users are reporting blank pages", "tells_of_customers"));
    assert_true(tells("ana", "12 support tickets so far", "tells_of_customers"));
    assert_true(tells("ana", "Kunden melden Fehler beim Bezahlen", "tells_of_customers"));
    assert_true(tells("ana", "heute rufen viele Kunden an", "tells_of_customers"));
    assert_false(tells("ana", "no customer reports so far", "tells_of_customers"));
    assert_false(tells("ana", "I see errors on checkout", "tells_of_customers"));
    assert_false(
        tells("ana", "the status page tells customers that we know", "tells_of_customers"));
    static const char *const others[] = {
        "have any customers complained?",
        "did support get tickets?",
        "the customer service calls the ledger over grpc",
        "user service reports 503 from the ledger",
        "customers can see the banner now",
        "opened a support ticket with the vendor",
        "client reports connection reset by peer",
        "customer success is asking for an update",
        "the ticket for customers import is in the backlog",
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (tells("ana", others[i], "tells_of_customers"))
            fail_msg("found: %s", others[i]);
    assert_true(tells("ana", "two merchants say their payouts are late", "tells_of_customers"));
    assert_true(tells("ana", "a tenant reports that exports are empty", "tells_of_customers"));
    assert_false(tells("ana", "checkout fails again", "from_customers"));
    desk = SV("zendesk:support");
    assert_true(tells("kim", "checkout fails", "from_customers"));
    assert_false(tells("kim", "customers call: checkout fails", "tells_of_customers"));
    desk = SV_NONE;
}

static void
test_impact(void **state)
{
    static const char *const told[] = {
        "about 1,200 customers could not log in",
        "impact: 11,240 failed checkouts, roughly EUR 214k delayed",
        "~38% of EU orders failed",
        "eu-west-1 only",
        "only customers in us-east-1 see this",
        "checkout was down for about 40 minutes",
        "the outage lasted 25 minutes",
        "(4k users saw an error)",
        "we lost around $12k in that hour",
        "that cost us € 3.5m",
        "17 tickets so far",
        "no customer impact in the US",
        "no data was lost",
        "500 users are affected",
        "all EU customers see it",
    };
    static const char *const not_told[] = {
        "deploying #482 to the orders upstream",
        "checkout runs v2.40.3 again",
        "8081 is the port of orders-api",
        "requests end with 502 errors",
        "at 14:04 users noticed",
        "3) orders need a canary",
        "how many customers are affected? 200 users?",
        "> 300 customers are affected\nlooking",
        "looking at the graphs",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
        if (!tells("ines", told[i], "tells_impact"))
            fail_msg("'%s' tells no impact", told[i]);
    for (size_t i = 0; i < sizeof(not_told) / sizeof(not_told[0]); i++)
        if (tells("ines", not_told[i], "tells_impact"))
            fail_msg("'%s' tells impact", not_told[i]);
    assert_false(tells("Alert Bot", told[0], "tells_impact"));
}

/* A figure beside what was harmed, and figures of limits, plans, tests, what is left to do. */
static void
test_harm(void **state)
{
    static const char *const told[] = {
        "about 3,400 users could not log in between 14:02 and 14:25",
        "we lost 212 orders in that window",
        "1,200 emails were sent twice",
        "40 tenants saw stale data for 20 minutes",
        "impact: $12k of revenue delayed, nothing lost",
        "30% of checkouts time out",
        "payments failing for 8% of merchants",
        "15 enterprise tenants cannot log in",
    };
    static const char *const others[] = {
        "orders-worker still has 9000 orders to go, about 15 minutes",
        "300 messages left in the queue",
        "processed 4000 of 9000 orders so far, 5000 remaining",
        "12 pods serve 300 requests per second again",
        "we usually have 2000 users at this hour",
        "12 jobs are waiting for a runner",
        "set the pool to 60 connections for all customers",
        "let's page 2 people from the payments team",
        "we should email all customers tomorrow",
        "please do not restart, that would drop 500 sessions",
        "if we fail over we lose about 30 sessions",
        "see ticket 4711 and job 8812",
        "the orders table has 12 million orders",
        "test with 5 users on staging failed",
        "the canary takes 5 % of requests",
        "rate limit raised to 500 requests a minute",
        "add an alert when more than 5% of payments fail",
        "the extra nodes cost about $200 a day",
        "data loss is not expected",
        "customers in the EU cell use another database",
        "runs 4 builds in parallel",
        "all customers are fine again",
        "the deploy lasted 5 minutes",
        "affected version is 2.4.1",
        "the queue is down to 200 messages",
        "my test of 100 requests did not fail",
        "pool of 10 connections is too small for 500 requests",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
        if (!tells("ines", told[i], "tells_impact"))
            fail_msg("'%s' tells no impact", told[i]);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (tells("ines", others[i], "tells_impact"))
            fail_msg("'%s' tells impact", others[i]);
    assert_true(tells("ines", "the limit is 5 users. 300 users cannot log in", "tells_impact"));
    assert_true(tells("ines", "3.400 Kunden konnten nicht bezahlen", "tells_impact"));
    assert_false(tells("ines", "noch 9000 Bestellungen abzuarbeiten", "tells_impact"));
    assert_false(tells("ines", "wir haben 400 Kunden in der Region", "tells_impact"));
}

static void
test_severity(void **state)
{
    static const char *const told[] = {
        "Declaring SEV1: checkout is down",
        "this is a sev-2 now",
        "severity 1",
        "downgrading to SEV3",
        "declaring this a P1",
        "raising it to P2",
    };
    static const char *const not_told[] = {
        "several pods are down", "seven of nine", "the p99 went up",
        "is this a SEV1?",       "not a SEV1",    "p99 incident rate is flat",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
        if (!tells("ines", told[i], "tells_severity"))
            fail_msg("'%s' tells no severity", told[i]);
    for (size_t i = 0; i < sizeof(not_told) / sizeof(not_told[0]); i++)
        if (tells("ines", not_told[i], "tells_severity"))
            fail_msg("'%s' tells a severity", not_told[i]);
}

static void
test_a_severity_declares(void **state)
{
    (void)state;
    assert_int_equal(say("ines", "Declaring SEV1, I am the commander")->act, ACT_DECLARATION);
    assert_int_equal(say("ines", "declaring a sev-2 for checkout")->act, ACT_DECLARATION);
    assert_int_not_equal(say("ines", "should we declare a SEV1?")->act, ACT_DECLARATION);
    assert_int_not_equal(say("ines", "declaring several things broken")->act, ACT_DECLARATION);
    assert_int_not_equal(say("ines", "> Declaring SEV1\nwho said that")->act, ACT_DECLARATION);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_impact, setup, teardown),
        cmocka_unit_test_setup_teardown(test_harm, setup, teardown),
        cmocka_unit_test_setup_teardown(test_customers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_actions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_german, setup, teardown),
        cmocka_unit_test_setup_teardown(test_severity, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_severity_declares, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
