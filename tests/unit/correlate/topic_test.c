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

#include "tests/lib/fewrows.h"

static struct fewrows few;

static int
setup(void **state)
{
    (void)state;
    fewrows_init(&few);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    fewrows_release(&few);
    return 0;
}

static void
alert(int64_t minute, const char *text, const char *service)
{
    struct event *event = fewrows_add(&few, minute, RECORD_ALERT, text);
    event->service = sv_from(service);
    event->fingerprint = sv_from(service);
}

static void
say(int64_t minute, const char *channel, const char *actor, const char *text)
{
    struct event *event = fewrows_add(&few, minute, RECORD_CHAT, text);
    event->source = sv_from(channel);
    event->channel = sv_from(channel);
    event->actor = sv_from(actor);
}

/* The node of this channel; there is one. */
static const struct node *
channel_node(const char *channel)
{
    const struct node *found = NULL;
    for (size_t i = 0; i < few.made.node_count; i++)
        if (sv_eq(few.made.nodes[i].source, sv_from(channel))) {
            assert_null(found);
            found = &few.made.nodes[i];
        }
    assert_non_null(found);
    return found;
}

/* What this person says in the channel, ten minutes after the checkout alert of ines, belongs to
 * it. */
static bool
belongs(const char *channel, const char *actor, const char *text)
{
    few.count = 0;
    alert(0, "5xx rate at the edge is above 5%", "edge-proxy");
    struct event *ack = fewrows_add(&few, 1, RECORD_INCIDENT_EVENT, "5xx rate at the edge");
    ack->phase = PHASE_ACK;
    ack->service = ack->fingerprint = SV("edge-proxy");
    ack->actor = SV("Ines Okafor");
    say(10, channel, actor, text);
    fewrows_correlate(&few);
    return channel_node(channel)->incident_key.len > 0;
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
    few.rows[few.count - 1].event.phase = PHASE_RESOLVE;
    alert(25, "payments are declined", "payments");
    alert(61, "payments", "payments");
    few.rows[few.count - 1].event.phase = PHASE_RESOLVE;
    say(30, "inc-mailer", "dan", "on it");
    fewrows_correlate(&few);
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
    few.rows[few.count - 1].event.phase = PHASE_RESOLVE;
    say(2, "general", "dan", "payments decline all cards");
    say(15, "general", "dan", "one moment");
    few.rows[few.count - 1].event.source = SV("elsewhere");
    say(20, "general", "dan", "one moment");
    few.rows[few.count - 1].event.source = SV("general");
    fewrows_correlate(&few);
    assert_string_equal(channel_node("elsewhere")->reason.ptr, "talks of something else");
    size_t go_on = 0;
    for (size_t i = 0; i < few.made.node_count; i++)
        go_on += sv_contains(few.made.nodes[i].reason, SV("goes on"));
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
