/*
 * What talk is about: which channels belong to an incident that lies in the same scope at the same
 * time, and which talk of something else. Messages and people of our own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S)
#define ROWS_MAX 16

static struct arena arena;
static struct err err;
static struct observation rows[ROWS_MAX];
static size_t count;
static struct correlation made;

static struct event *
add(int64_t minute, enum event_kind kind, enum record_kind record, const char *text)
{
    struct observation *row = &rows[count];
    assert_true(count < ROWS_MAX);
    *row = (struct observation){.incarnation = 1, .at = {.offset = (int64_t)count}};
    row->event = (struct event){
        .scope = SV("default"),
        .identified = true,
        .kind = kind,
        .record_kind = record,
        .phase = kind == EVENT_ALERT ? PHASE_TRIGGER : PHASE_POST,
        .source = SV("pager"),
        .event_time_ns = BEGIN_NS + minute * NS_PER_MINUTE,
        .precision = PRECISION_SECOND,
        .time_source = TIME_SOURCE_NATIVE,
        .severity = kind == EVENT_ALERT ? SEVERITY_FATAL : SEVERITY_UNSET,
        .title = sv_from(text),
    };
    row->event.uid[0] = (uint8_t)++count;
    return &row->event;
}

static void
alert(int64_t minute, const char *text, const char *service)
{
    struct event *event = add(minute, EVENT_ALERT, RECORD_ALERT, text);
    event->service = sv_from(service);
    event->fingerprint = sv_from(service);
}

static void
say(int64_t minute, const char *channel, const char *actor, const char *text)
{
    struct event *event = add(minute, EVENT_CHAT, RECORD_CHAT, text);
    event->source = sv_from(channel);
    event->channel = sv_from(channel);
    event->actor = sv_from(actor);
}

static void
correlate(void)
{
    struct correlation_config config;
    struct correlation_input input = {.scope = SV("default"), .observations = rows, .count = count};
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, &made, &err), 0);
}

/* The node of this channel; there is one. */
static const struct node *
channel_node(const char *channel)
{
    const struct node *found = NULL;
    for (size_t i = 0; i < made.node_count; i++)
        if (sv_eq(made.nodes[i].source, sv_from(channel))) {
            assert_null(found);
            found = &made.nodes[i];
        }
    assert_non_null(found);
    return found;
}

/* What this person says in the channel, ten minutes after the checkout alert of ines, belongs to
 * it. */
static bool
belongs(const char *channel, const char *actor, const char *text)
{
    count = 0;
    alert(0, "5xx rate at the edge is above 5%", "edge-proxy");
    struct event *ack = add(1, EVENT_ALERT, RECORD_INCIDENT_EVENT, "5xx rate at the edge");
    ack->phase = PHASE_ACK;
    ack->service = ack->fingerprint = SV("edge-proxy");
    ack->actor = SV("Ines Okafor");
    say(10, channel, actor, text);
    correlate();
    return channel_node(channel)->incident_key.len > 0;
}

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
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

static void
test_what_belongs(void **state)
{
    (void)state;
    assert_true(belongs("inc-4711", "dan", "on it"));
    assert_true(belongs("war_room", "dan", "on it"));
    assert_true(belongs("general", "dan", "the 5xx page is mine"));
    assert_true(belongs("general", "dan", "is the proxy slow for you, too"));
    assert_true(belongs("random", "dan", "why is the edge proxy at 5xx"));
    assert_true(belongs("general", "iokafor", "everything is broken"));
    assert_true(belongs("platform-ops", "dan", "logins are failing, users report it"));
}

static void
test_what_does_not(void **state)
{
    (void)state;
    assert_false(belongs("random", "dan", "cake in the kitchen"));
    assert_false(belongs("random", "iokafor", "who wants to play football on thursday"));
    assert_false(belongs("random", "dan", "the coffee machine is down again"));
    assert_false(belongs("general", "dan", "please fill in the survey by friday"));
    assert_false(belongs("platform-ops", "dan", "lunch?"));
    assert_false(belongs("general", "iokafor", "my parcel arrived"));
    assert_true(sv_eq(channel_node("general")->reason, SV("talks of something else")));
}

static void
test_why_it_belongs(void **state)
{
    (void)state;
    assert_true(belongs("ops", "iokafor", "looking at the 5xx page"));
    assert_true(sv_contains(channel_node("ops")->reason, SV("talk of 5xx + channel ops")));
    assert_true(sv_contains(channel_node("ops")->reason, SV("with Ines Okafor")));
    assert_true(sv_contains(channel_node("ops")->reason, SV(" ms from ")));
}

/* Both alerts burn; the channel goes to the one that it talks of, though the other one is nearer.
 */
static void
test_of_two_the_one_it_talks_of(void **state)
{
    (void)state;
    alert(0, "queue of mails is long", "mailer");
    alert(60, "mail queue", "mailer"); /* resolved below: two episodes would be two nodes */
    rows[count - 1].event.phase = PHASE_RESOLVE;
    alert(25, "payments are declined", "payments");
    alert(61, "payments", "payments");
    rows[count - 1].event.phase = PHASE_RESOLVE;
    say(30, "inc-mailer", "dan", "on it");
    correlate();
    const struct node *talk = channel_node("inc-mailer");
    assert_true(sv_contains(talk->reason, SV("mailer")));
}

/* A channel goes on where it was about the alert; one that is called the same elsewhere is another.
 */
static void
test_another_source_does_not_go_on(void **state)
{
    (void)state;
    alert(0, "payments are declined", "payments");
    alert(40, "payments", "payments");
    rows[count - 1].event.phase = PHASE_RESOLVE;
    say(2, "general", "dan", "payments decline all cards");
    say(15, "general", "dan", "one moment");
    rows[count - 1].event.source = SV("elsewhere");
    say(20, "general", "dan", "one moment");
    rows[count - 1].event.source = SV("general");
    correlate();
    assert_string_equal(channel_node("elsewhere")->reason.ptr, "talks of something else");
    size_t go_on = 0;
    for (size_t i = 0; i < made.node_count; i++)
        go_on += sv_contains(made.nodes[i].reason, SV("goes on"));
    assert_int_equal(go_on, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_belongs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_does_not, setup, teardown),
        cmocka_unit_test_setup_teardown(test_why_it_belongs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_of_two_the_one_it_talks_of, setup, teardown),
        cmocka_unit_test_setup_teardown(test_another_source_does_not_go_on, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
