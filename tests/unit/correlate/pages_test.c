/*
 * Who was paged and when they came: by lists of paging tools, by what people and programs write, by
 * groups whose members tables of users tell; who is nobody, what is not done, whose name is not
 * decided. Invented people.
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

static struct event *
add(enum record_kind record, enum event_phase phase, const char *text, const char *actor)
{
    struct event *event = fewrows_add(&few, (int64_t)few.count, record, text);
    event->phase = phase;
    event->actor = actor == NULL ? SV_NONE : sv_from(actor);
    if (event->kind == EVENT_ALERT) {
        event->source = SV("pagerduty");
        event->service = SV("checkout");
        event->incident_ref = SV("pagerduty:1");
        event->fingerprint = SV("1");
    } else {
        event->source = SV("slack:inc");
        event->channel = SV("inc");
    }
    return event;
}

static void
alert(enum event_phase phase, const char *paged, const char *actor)
{
    enum record_kind record = phase == PHASE_TRIGGER ? RECORD_ALERT : RECORD_INCIDENT_EVENT;
    struct event *event = add(record, phase, "checkout fails", actor);
    if (paged != NULL)
        event->attributes = arena_printf(&few.arena, "{\"paged_people\":%s}", paged);
}

static struct event *
say(const char *actor, const char *text)
{
    if (few.count == 0)
        alert(PHASE_TRIGGER, NULL, NULL);
    return add(RECORD_CHAT, PHASE_POST, text, actor);
}

static void
person(const char *account, const char *name, const char *attributes)
{
    struct event *event = fewrows_person(&few, account, name, name);
    event->source = SV("slack:inc");
    event->channel = SV("inc");
    event->attributes = attributes == NULL ? SV_NONE : sv_from(attributes);
}

/* All pages of the incident, "NAME how+minutes" with commas; "?" where the name is not decided. */
static const char *
pages(void)
{
    struct sv text = SV("");
    fewrows_correlate_one(&few);
    for (size_t i = 0; i < few.made.incidents[0].entry_count; i++) {
        const struct entry *entry = &few.made.incidents[0].entries[i];
        for (size_t p = 0; p < entry->page_count; p++) {
            const struct paged *paged = &entry->pages[p];
            text = arena_printf(&few.arena, SV_FMT "%s" SV_FMT "%s", SV_ARG(text),
                                text.len > 0 ? ", " : "", SV_ARG(paged->person),
                                paged->doubt.len > 0 ? "?" : "");
            if (paged->answered_ns != TIME_NONE)
                text = arena_printf(&few.arena, SV_FMT " %s+%d", SV_ARG(text),
                                    answered_word(paged->how),
                                    (int)((paged->answered_ns - entry->time_ns) / NS_PER_MINUTE));
            assert_int_equal(paged->answered_ns == TIME_NONE, sv_empty(paged->answer));
        }
    }
    return arena_strdup(&few.arena, text);
}

static void
a_tool_lists_whom_it_pages(void **state)
{
    (void)state;
    alert(PHASE_TRIGGER, "[\"Anna Kovar\"]", NULL);
    alert(PHASE_ESCALATE, "[\"Bo Marsh\",\"Anna Kovar\"]", NULL);
    alert(PHASE_ACK, NULL, "Bo Marsh");
    say("akovar", "the pool is full, I look at its limits");
    assert_string_equal(pages(), "Anna Kovar message+3, Bo Marsh ack+1, Anna Kovar message+2");
}

/* What fires on is one row, unless it pages others. */
static void
an_alert_that_pages_others_is_no_repeat(void **state)
{
    (void)state;
    alert(PHASE_TRIGGER, "[\"Anna Kovar\"]", NULL);
    alert(PHASE_TRIGGER, "[\"Anna Kovar\"]", NULL);
    alert(PHASE_TRIGGER, "[\"Bo Marsh\"]", NULL);
    alert(PHASE_TRIGGER, NULL, NULL);
    assert_string_equal(pages(), "Anna Kovar, Bo Marsh");
    assert_int_equal(few.made.incidents[0].entry_count, 2);
}

static void
who_pages_himself_is_there(void **state)
{
    (void)state;
    alert(PHASE_TRIGGER, "[\"Anna Kovar\"]", "Anna Kovar");
    alert(PHASE_REASSIGN, "[\"Bo Marsh\"]", "Bo Marsh");
    assert_string_equal(pages(), "");
}

/* No record of Cleo, and none of the one who left: nothing is made up for either. */
static void
who_never_came_has_no_answer(void **state)
{
    (void)state;
    alert(PHASE_TRIGGER, "[\"Cleo Dane\",\"Dora Ek\"]", NULL);
    say("Dora Ek", "Dora Ek has left the channel")->phase = PHASE_LEAVE;
    say("Bo Marsh", "the pool is full, I look at its limits");
    assert_string_equal(pages(), "Cleo Dane, Dora Ek");
}

static void
people_write_whom_they_page(void **state)
{
    (void)state;
    say("Bo Marsh", "checkout is down, paged @anna and @erik, paging Farid from storage");
    say("Bo Marsh", "Lena Ortiz was paged, too. Called anna again");
    say("Anna Kovar", "rolled back checkout to v41");
    assert_string_equal(pages(), "Anna Kovar act+2, erik, Farid, Lena Ortiz, Anna Kovar act+1");
}

static void
programs_write_whom_they_page(void **state)
{
    (void)state;
    say("PagerDuty", "#41 checkout fails, assigned to Anna Kovar");
    say("Bo Marsh", "ticket assigned to Lena Ortiz, errors everywhere");
    assert_string_equal(pages(), "Anna Kovar");
}

/* Asked, planned, not done; teams, channels, services; a word in a sentence. */
static void
what_pages_nobody(void **state)
{
    (void)state;
    say("Bo Marsh", "should we page @anna?");
    say("Bo Marsh", "I will have paged @anna if this goes on");
    say("Bo Marsh", "did not get paged, haven't paged @anna yet");
    say("Bo Marsh", "paged @here, paged @sre-oncall and paged the Platform team");
    say("Bo Marsh", "paged Checkout on-call, paging DBA");
    say("Bo Marsh", "calling checkout fails with errors, the API called Payments");
    say("Bo Marsh", "> paged @anna\nthat was yesterday");
    assert_string_equal(pages(), "");
}

/* A group reaches its members; of one of them only the account is told. */
static void
a_group_reaches_its_members(void **state)
{
    (void)state;
    say("Bo Marsh", "checkout is down, paged @S1");
    say("U2", "I look at the pool");
    say("Bo Marsh", "paging @oncall-sre again");
    person("S1", "oncall-sre", "{\"users\":[\"U2\",\"U3\",\"U4\"]}");
    person("U2", "Anna Kovar", NULL);
    person("U3", "Cleo Dane", NULL);
    assert_string_equal(pages(), "Anna Kovar message+1, Cleo Dane, U4, Anna Kovar, Cleo Dane, U4");
}

/* "tom" is Tomasz or Tom Reed: who came is not said. */
static void
a_name_of_two_is_not_decided(void **state)
{
    (void)state;
    say("Tom Reed", "checkout is down, errors everywhere");
    say("Tom Berg", "I see errors, too");
    say("Bo Marsh", "paged @tom");
    say("Tom Berg", "the pool is full");
    assert_string_equal(pages(), "tom?");
}

/* Known by the team's list, or a program there. */
static void
the_list_of_people_knows_names(void **state)
{
    (void)state;
    few.config.people = SV("Anna Kovar\t\tannie\nPager Duck\ttool\tduck");
    say("Bo Marsh", "called annie, checkout is down");
    say("Bo Marsh", "paged @duck");
    assert_string_equal(pages(), "Anna Kovar");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_alert_that_pages_others_is_no_repeat),
        TEST(a_tool_lists_whom_it_pages),
        TEST(who_pages_himself_is_there),
        TEST(who_never_came_has_no_answer),
        TEST(people_write_whom_they_page),
        TEST(programs_write_whom_they_page),
        TEST(what_pages_nobody),
        TEST(a_group_reaches_its_members),
        TEST(a_name_of_two_is_not_decided),
        TEST(the_list_of_people_knows_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
