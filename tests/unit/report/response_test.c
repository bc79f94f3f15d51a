/*
 * What a draft says of the response: what was tried, who came, when nobody is seen at work,
 * hypotheses with what speaks for and against them; and what it does not say because records leave
 * it open. Incidents of our own, made row by row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/report.h"
#include "report/likeness.h"
#include "tests/lib/deploy_incident.h"

static struct deploy made;
static struct strbuf out;

static int
setup(void **state)
{
    (void)state;
    memset(&made, 0, sizeof(made));
    strbuf_init(&out, 0);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    strbuf_release(&out);
    return 0;
}

static struct entry *
say(int minute, enum act act, const char *actor, const char *text)
{
    return deploy_add(&made, minute, RECORD_CHAT, ENTRY_CHAT_MESSAGE, act, actor, text);
}

static struct entry *
alert(int minute, const char *text)
{
    return deploy_add(&made, minute, RECORD_ALERT, ENTRY_ALERT_FIRING, ACT_DETECTION, NULL, text);
}

static void
mark(const struct entry *entry, enum milestone milestone)
{
    made.milestones[made.incident.milestone_count++] =
        (struct milestone_row){milestone, entry->time_ns, entry->entry_id, 90};
}

static void
give_reason(struct entry *entry, const char *name)
{
    static struct reason reasons[DEPLOY_ENTRIES];
    struct reason *reason = &reasons[entry - made.entries];
    *reason = (struct reason){sv_from(name), 0};
    entry->reasons = reason;
    entry->reason_count = 1;
}

static const char *
draft(void)
{
    struct err err = {0};
    size_t left_out;
    const struct report_context context = {
        .number = SV("INC-2026-0042"), .digest_hex = SV("00ff00ff"), .tz_version = SV("2025b")};
    deploy_finish(&made);
    assert_int_equal(report_markdown(&made.incident, &context, &out, &left_out, &err), 0);
    return out.ptr;
}

#define says(words) assert_non_null(strstr(draft(), words))
#define says_not(words) assert_null(strstr(draft(), words))

static void
a_hypothesis_stands_between_what_is_for_and_against_it(void **state)
{
    (void)state;
    alert(0, "Errors high");
    say(2, ACT_HYPOTHESIS, "ada", "I suspect the ferry gateway, it timed out before");
    say(4, ACT_HYPOTHESIS, "bo", "maybe the release 4f9c2ab1 from noon");
    say(9, ACT_REFUTED, "cy", "ruled out: the ferry gateway answers");
    say(14, ACT_FINDING, "ada", "found it, 4f9c2ab1 drops the index");
    says("ada: “I suspect the ferry gateway, it timed out before” | no record | 10:09 “ruled out: "
         "the ferry gateway answers” | ruled out, by what a record says |");
    says(
        "bo: “maybe the release 4f9c2ab1 from noon” | 10:14 “found it, 4f9c2ab1 drops the index” | "
        "no record | not established |");
    says_not("Which of them holds?");
    say(20, ACT_FINDING, "bo", "the ferry gateway lost its lease, that is it");
    says("| not established: records contradict |");
    says(
        "Of the hypothesis “I suspect the ferry gateway, it timed out before” one record says “the "
        "ferry gateway lost its lease, that is it” and another “ruled out: the ferry gateway "
        "answers”. Which of them holds?");
}

/* Alert, colleague, customers: each is told as what it is, and which came first. */
static void
detection_tells_who_was_first(void **state)
{
    (void)state;
    give_reason(say(1, ACT_REPORT, "ada", "customers call, they cannot pay"), "tells_of_customers");
    alert(3, "Errors high");
    say(7, ACT_SYMPTOM, "bo", "checkout is down");
    says("First report by a person, of what customers say, 2026-03-01 10:01 UTC");
    says("First was word of customers, an alert 2 min later and a report by a colleague 6 min "
         "later.");
}

static void
a_desk_is_a_customer(void **state)
{
    (void)state;
    struct entry *report = say(1, ACT_REPORT, "kim", "I cannot pay");
    mark(report, MILESTONE_DETECTED);
    give_reason(report, "from_customers");
    alert(1, "Errors high");
    says("Detected by a report of a customer, 2026-03-01 10:01 UTC");
    says(" at the same time.");
}

/* Figures stand with their sentences, those of one thing together; none is added up. */
static void
impact_lists_figures_as_said(void **state)
{
    (void)state;
    made.services[0] = SV("checkout");
    made.incident.service_count = 1;
    alert(0, "Errors high");
    give_reason(say(2, ACT_NONE, "ada", "All quiet. roughly 3,000 customers hit on checkout"),
                "tells_impact");
    give_reason(say(3, ACT_NONE, "bo", "this could cost EUR 12k"), "tells_impact");
    give_reason(say(4, ACT_NONE, "cy", "I count 2,100 customers"), "tells_impact");
    give_reason(say(5, ACT_NONE, "cy", "no customers affected in the US"), "tells_impact");
    give_reason(say(6, ACT_NONE, "cy", "customers in the US are fine"), "tells_impact");
    says("| customers | roughly 3,000 customers | checkout | 2026-03-01 10:02 UTC, ada: “roughly "
         "3,000 customers hit on checkout” | ");
    says(
        "| customers | 2,100 customers | | 2026-03-01 10:04 UTC, cy: “I count 2,100 customers” | ");
    says("| customers | no customers | | 2026-03-01 10:05 UTC, cy: ");
    says("| money | EUR 12k (as a possibility) | | 2026-03-01 10:03 UTC, bo: ");
    says("Candidate, 2026-03-01 10:06 UTC, cy: “customers in the US are fine”");
    says_not("5,100");
}

static void
one_signal_tells_no_order(void **state)
{
    (void)state;
    alert(0, "Errors high");
    says_not("First was");
}

/* Until it is taken over, or the person is seen without it; what nobody ends is open. */
static void
a_role_is_held_from_when_to_when(void **state)
{
    (void)state;
    static struct given_role first, handed[2];
    alert(0, "Errors high");
    struct entry *taken = say(1, ACT_ROLE, "ada", "I am commander");
    struct entry *given = say(4, ACT_ROLE, "dan", "bo is commander, cy is scribe");
    struct entry *left = say(8, ACT_ROLE, "cy", "handing over");
    first = (struct given_role){SV("ada"), SV("commander"), given->time_ns, given->entry_id};
    handed[0] =
        (struct given_role){.person = SV("bo"), .role = SV("commander"), .until_ns = TIME_NONE};
    handed[1] = (struct given_role){SV("cy"), SV("scribe"), left->time_ns, left->entry_id};
    taken->roles = &first;
    taken->role_count = 1;
    given->roles = handed;
    given->role_count = 2;
    says("| commander | ada | 2026-03-01 10:01 UTC | 2026-03-01 10:04 UTC |");
    says("| commander | bo | 2026-03-01 10:04 UTC | no end is told |");
    says("| scribe | cy | 2026-03-01 10:04 UTC | 2026-03-01 10:08 UTC |");
    says("None of 4 rows from");
    says("says who was paged or called in.");
    say(12, ACT_ESCALATION, "ada", "paging the database team");
    says_not("says who was paged");
}

static void
one_matter_needs_more_than_common_words(void **state)
{
    (void)state;
    const struct sv provider = SV("I suspect the payment provider, again");
    assert_true(speak_of_one_matter(provider, SV("Payment: the provider is fine")));
    assert_false(speak_of_one_matter(provider, SV("payment works again")));
    assert_false(speak_of_one_matter(provider, SV("payment by payment, payment")));
    assert_false(speak_of_one_matter(SV("payment, payment"), SV("payment payment")));
    assert_false(
        speak_of_one_matter(SV("what could have been there"), SV("there could have been")));
    assert_true(speak_of_one_matter(SV("v2.41.0?"), SV("is it V2.41.0, then")));
    assert_false(speak_of_one_matter(SV(""), SV("")));
}

static void
what_was_tried_stands_with_what_says_that_it_failed(void **state)
{
    (void)state;
    alert(0, "Errors high");
    struct entry *act = say(5, ACT_ACTION, "ada", "restarted the pool");
    say(9, ACT_SETBACK, "bo", "no change, still failing");
    give_reason(act, "came_to_nothing");
    says("- Tried: 2026-03-01 10:05 UTC, ada: “restarted the pool”. What follows reads as if "
         "it failed or did not help: 2026-03-01 10:09 UTC “no change, still failing”.[^");
    says_not("Did not succeed");
    deploy_add(&made, 80, RECORD_DEPLOY, ENTRY_CHANGE_FAILED, ACT_NONE, "ci", "ship 7");
    says("- Did not succeed: 2026-03-01 11:20 UTC, ci: “ship 7” (failed or cancelled).[^");
}

static void
who_came_when_help_was_called_in(void **state)
{
    (void)state;
    alert(0, "Errors high");
    say(3, ACT_NONE, "ada", "looking");
    deploy_add(&made, 10, RECORD_CHAT, ENTRY_ESCALATION, ACT_ESCALATION, "ada", "paging storage");
    say(12, ACT_NONE, "ada", "anybody?");
    say(21, ACT_NONE, "bo", "here");
    deploy_add(&made, 30, RECORD_CHAT, ENTRY_ESCALATION, ACT_ESCALATION, "bo", "paging network");
    says("ada: “paging storage”. The next person to appear in the records was bo, 11 min later.[^");
    says("bo: “paging network”. No record shows who came within an hour.[^");
}

static void
times_without_anybody_are_told_of_the_records(void **state)
{
    (void)state;
    mark(alert(0, "Errors high"), MILESTONE_DETECTED);
    say(12, ACT_NONE, "ada", "looking");
    say(20, ACT_NONE, "ada", "still looking");
    say(80, ACT_NONE, "bo", "here");
    says("- No message and no paging event shows anybody at work for 12 min after detection, from "
         "2026-03-01 10:00 UTC "
         "to "
         "2026-03-01 10:12 UTC.[^");
    says("- No message and no paging event shows anybody at work for 1 h 00 min, from 2026-03-01 "
         "10:20 UTC to 2026-03-01 "
         "11:20 UTC.[^");
}

static void
one_record_for_two_moments_makes_no_duration(void **state)
{
    (void)state;
    struct entry *ack = deploy_add(&made, 0, RECORD_INCIDENT_EVENT, ENTRY_ALERT_ACKNOWLEDGED,
                                   ACT_ACK, "ada", "acknowledged");
    mark(ack, MILESTONE_IMPACT_STARTED);
    mark(ack, MILESTONE_DETECTED);
    mark(ack, MILESTONE_ACKNOWLEDGED);
    mark(say(30, ACT_RECOVERY, "ada", "works again"), MILESTONE_RECOVERED);
    says_not("Time to detect");
    says_not("A responder acknowledged");
    says("Time to recover");
}

static void
an_alert_that_was_taken_before_the_first_in_view_was_the_first(void **state)
{
    (void)state;
    deploy_add(&made, 0, RECORD_INCIDENT_EVENT, ENTRY_ALERT_ACKNOWLEDGED, ACT_ACK, "ada",
               "acknowledged number 7");
    say(5, ACT_REPORT, "bo", "ferries fail");
    alert(40, "Errors high");
    says("- First alert in view, 2026-03-01 10:40 UTC");
    says("An alert was acknowledged at 2026-03-01 10:00 UTC, and the first one in view fired at "
         "2026-03-01 10:40 UTC. Which alert was it, and when did it fire?");
    says_not(" before the first alert");
}

static void
an_alert_before_the_start_is_asked_about(void **state)
{
    (void)state;
    alert(0, "Errors high");
    mark(say(90, ACT_REPORT, "bo", "ferries fail"), MILESTONE_IMPACT_STARTED);
    says("An alert fired at 2026-03-01 10:00 UTC, 1 h 30 min before the candidate for the start. "
         "Was "
         "the service affected from then on?");
}

static void
what_fails_once_it_works_again_was_no_attempt(void **state)
{
    (void)state;
    alert(0, "Errors high");
    mark(say(4, ACT_RECOVERY, "ada", "works again"), MILESTONE_RECOVERED);
    give_reason(say(5, ACT_ACTION, "ada", "cleaned the pool"), "came_to_nothing");
    say(9, ACT_SETBACK, "bo", "that did not work");
    says_not("Tried: ");
    says_not("Did not succeed: ");
}

static void
rows_outside_declared_bounds_are_no_window(void **state)
{
    (void)state;
    give_reason(deploy_add(&made, -30, RECORD_COMMIT, ENTRY_CHANGE_FINISHED, ACT_NONE, "ada", "a"),
                "before_bounds");
    say(0, ACT_NONE, "ada", "looking");
    say(20, ACT_NONE, "bo", "done");
    give_reason(deploy_add(&made, 90, RECORD_COMMIT, ENTRY_CHANGE_FINISHED, ACT_NONE, "bo", "b"),
                "outside_bounds");
    says("No record shows its start or its end. The rows of its timeline lie from 2026-03-01 10:00 "
         "UTC to "
         "2026-03-01 10:20 UTC (20 min)");
}

/* Trouble that people meet while they work on it is no first report. */
static void
who_is_at_work_reports_nothing_new(void **state)
{
    (void)state;
    alert(0, "Errors high");
    say(2, ACT_STATUS, "bo", "looking at the errors");
    say(9, ACT_SYMPTOM, "bo", "the pipeline failed, mirror is down");
    says("First response of a person, 2026-03-01 10:02 UTC");
    says_not("First report by a person");
    says_not("says that a person saw it");
}

static void
what_came_late_did_not_go_well(void **state)
{
    (void)state;
    mark(alert(0, "Errors high"), MILESTONE_DETECTED);
    mark(say(40, ACT_HYPOTHESIS, "bo", "I suspect the upgrade"), MILESTONE_ACKNOWLEDGED);
    say(90, ACT_ROLLBACK, "bo", "rolled back");
    const char *words = strstr(draft(), "The first response came 40 min after detection");
    assert_non_null(words);
    assert_true(words > strstr(out.ptr, "What went poorly"));
    says_not("A responder acknowledged");
    says_not("A change was taken back");
}

/* Somebody wrote before; who took it came later. */
static void
the_first_response_is_the_first(void **state)
{
    (void)state;
    mark(alert(0, "Errors high"), MILESTONE_DETECTED);
    say(30, ACT_NONE, "ada", "that is a lot of failures");
    mark(say(40, ACT_HYPOTHESIS, "bo", "I suspect the upgrade"), MILESTONE_ACKNOWLEDGED);
    says("- It was acknowledged 40 min after detection.");
    says_not("first response came");
}

static void
a_program_is_no_person_who_detects(void **state)
{
    (void)state;
    struct entry *found = say(0, ACT_SYMPTOM, "canary", "checkout fails");
    found->actor_type = SV("bot");
    mark(found, MILESTONE_DETECTED);
    says("Detected by this signal, 2026-03-01 10:00 UTC");
    says_not("Detected by a person");
}

static void
what_is_expected_was_not_recorded(void **state)
{
    (void)state;
    mark(alert(0, "Errors high"), MILESTONE_IMPACT_STARTED);
    struct entry *hope = say(9, ACT_RECOVERY, "bo", "hopefully it recovers now");
    give_reason(hope, "recovery_expected");
    mark(hope, MILESTONE_RECOVERED);
    says("- Recovery was expected at 2026-03-01 10:09 UTC");
    says_not("Recovery was recorded");
}

static void
a_record_of_two_moments_is_quoted_once(void **state)
{
    (void)state;
    mark(alert(0, "Errors high"), MILESTONE_IMPACT_STARTED);
    struct entry *both = say(9, ACT_ROLLBACK, "bo", "the rollback worked");
    mark(both, MILESTONE_MITIGATED);
    mark(both, MILESTONE_RECOVERED);
    says("- A mitigating action and recovery were recorded at 2026-03-01 10:09 UTC");
    says_not("A mitigating action was recorded");
    struct entry *end =
        deploy_add(&made, 12, RECORD_ALERT, ENTRY_ALERT_RESOLVED, ACT_NONE, NULL, "Errors high");
    made.incident.milestone_count = 1;
    mark(end, MILESTONE_RECOVERED);
    mark(end, MILESTONE_RESOLVED);
    says("- Recovery was recorded at 2026-03-01 10:12 UTC");
    says_not("The last alert ended");
    says("**IMPACT ENDS** **RESOLVED** ended: Errors high");
}

/* What reads like an end and is in doubt is told as that. */
static void
an_end_in_doubt_is_no_open_end(void **state)
{
    (void)state;
    alert(0, "Errors high");
    mark(say(30, ACT_RESOLUTION, "bo", "closed, thanks"), MILESTONE_RESOLVED);
    made.milestones[0].confidence = 30;
    says("| End | unclear, perhaps 2026-03-01 10:30 UTC (30 of 100 such moments were right) |");
    says("Whether it is over is unclear: a record of 2026-03-01 10:30 UTC reads like its end, "
         "“closed, thanks”.");
    says_not("not resolved in the records");
}

static void
one_severity_is_told_once(void **state)
{
    (void)state;
    alert(0, "Errors high");
    give_reason(say(1, ACT_NONE, "bo", "topic: SEV1 checkout"), "tells_severity");
    give_reason(say(2, ACT_DECLARATION, "bo", "declaring sev-1"), "tells_severity");
    says_not("Severity as said last");
    give_reason(say(9, ACT_NONE, "bo", "downgrading to SEV2"), "tells_severity");
    says("Severity as said last (candidate) | “downgrading to SEV2”");
}

static void
plans_and_answers_suspect_nothing(void **state)
{
    (void)state;
    alert(0, "Errors high");
    say(1, ACT_HYPOTHESIS, "bo", "I think we should wait for ada");
    say(2, ACT_HYPOTHESIS, "bo", "my best guess is yes");
    says_not("| Hypothesis |");
    say(3, ACT_HYPOTHESIS, "bo", "I think we have a leak in the pool");
    says("“I think we have a leak in the pool” | no record |");
}

static void
a_change_out_of_several_records_is_told_and_not_quoted(void **state)
{
    (void)state;
    struct entry *commit =
        deploy_add(&made, -9, RECORD_COMMIT, ENTRY_CHANGE_FINISHED, ACT_NONE, "ada", "Bump pools");
    struct entry *head =
        deploy_add(&made, -5, RECORD_DEPLOY, ENTRY_CHANGE_FINISHED, ACT_NONE, "ci", "success");
    head->told = SV("deployed gates v2 (4f9c2ab), by ada");
    commit->chain = head->entry_id;
    mark(alert(0, "Errors high"), MILESTONE_IMPACT_STARTED);
    says("- deployed gates v2 (4f9c2ab). It came 5 min before the start. Is it related");
    says_not("“Bump pools”");
    says_not("success");
    says("| ci | deployed gates v2 (4f9c2ab), by ada | ");
    head->actor = SV("ada");
    says("| ada | deployed gates v2 (4f9c2ab) | ");
    /* Both records prove it. */
    says("e:11abcdef0123, 2026-03-01T09:55:00Z, logs/checkout.log:1201, SHA-256 0202020202020202; "
         "e:10abcdef0123, 2026-03-01T09:51:00Z");
}

static void
a_rollback_under_way_was_not_done_yet(void **state)
{
    (void)state;
    mark(alert(0, "Errors high"), MILESTONE_DETECTED);
    give_reason(deploy_add(&made, 8, RECORD_CHAT, ENTRY_ACTION_TAKEN, ACT_ROLLBACK, "ada",
                           "rolling back the gates"),
                "under_way");
    says_not("A change was taken back");
    says("10:08 UTC, somebody takes a change back: “rolling back the gates”");
    deploy_add(&made, 12, RECORD_DEPLOY, ENTRY_CHANGE_REVERTED, ACT_ROLLBACK, "ci", "gates v1");
    says("- A change was taken back 12 min after detection.[^");
    says("10:12 UTC, a change taken back: “gates v1”");
}

static void
what_is_counted_twice_is_asked_about(void **state)
{
    (void)state;
    alert(0, "Errors high");
    give_reason(say(3, ACT_REPORT, "ada", "11,240 customers cannot pay"), "tells_impact");
    give_reason(say(5, ACT_REPORT, "bo", "3 tickets so far"), "tells_impact");
    says_not("differently");
    give_reason(say(9, ACT_REPORT, "cy", "it is 900 failing customers"), "tells_impact");
    says("Records count customers differently: 2026-03-01 10:03 UTC “11,240 customers cannot pay” "
         "and 2026-03-01 10:09 UTC “it is 900 failing customers”. Which number holds");
}

static void
page_people(struct entry *entry, const struct paged *pages, size_t page_count)
{
    entry->pages = pages;
    entry->page_count = page_count;
}

/* Two pages before one answer are one row; who never came is told of the records that follow. */
static void
who_was_paged_and_when_they_came(void **state)
{
    (void)state;
    struct entry *first = alert(0, "Errors high"), *again = alert(5, "Errors high, escalated");
    struct entry *came = say(9, ACT_ACK, "Anna Kovar", "on it");
    static struct paged one, two[3];
    one = (struct paged){SV("Anna Kovar"), SV_NONE, came->time_ns, ANSWERED_ACK, came->entry_id};
    two[0] = one;
    two[1] = (struct paged){.person = SV("Cleo Dane"), .answered_ns = TIME_NONE};
    two[2] = (struct paged){
        .person = SV("tom"), .doubt = SV("could be Tom A or Tom B"), .answered_ns = TIME_NONE};
    page_people(first, &one, 1);
    page_people(again, two, 3);
    says("| Anna Kovar | 2026-03-01 10:00 UTC (2 times) | slack:incidents | 2026-03-01 10:09 UTC | "
         "acknowledged "
         "| 9 min | [^");
    says("| Cleo Dane | 2026-03-01 10:05 UTC | slack:incidents | no record | | | [^");
    says("| tom | 2026-03-01 10:05 UTC | slack:incidents | not known whose name it is | | | [^");
    says("- No record of Cleo Dane after the page, 2026-03-01 10:05 UTC, among the 1 row that "
         "follows it.[^");
    says_not("No record of tom");
    says("- After the first page no record shows a person for 9 min; the first is of Anna Kovar, "
         "2026-03-01 10:09 UTC.[^");
    says_not("says who was paged or called in");
}

/* Nothing behind the page, and an account without a name: neither is absence. */
static void
absence_is_told_with_what_was_searched(void **state)
{
    (void)state;
    static struct paged cleo;
    cleo = (struct paged){.person = SV("Cleo Dane"), .answered_ns = TIME_NONE};
    page_people(alert(0, "Errors high"), &cleo, 1);
    says("- Nothing follows the page of Cleo Dane, 2026-03-01 10:00 UTC: whether anybody came is "
         "not known.[^");
    say(4, ACT_NONE, "U7HANS", "the pool is full");
    says("among the 1 row that follows it; whose account U7HANS is, they do not say.[^");
}

static void
the_longest_wait_between_updates(void **state)
{
    (void)state;
    static const int minutes[] = {5, 15, 60};
    for (size_t i = 0; i < 3; i++) {
        says_not("The longest time between two of these updates");
        deploy_add(&made, minutes[i], RECORD_STATUS, ENTRY_STATUS_PAGE_UPDATE, ACT_COMMS, NULL,
                   "We are looking into it");
    }
    says("- The longest time between two of these updates was 45 min.[^");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_hypothesis_stands_between_what_is_for_and_against_it),
        TEST(detection_tells_who_was_first),
        TEST(a_desk_is_a_customer),
        TEST(impact_lists_figures_as_said),
        TEST(one_signal_tells_no_order),
        TEST(who_is_at_work_reports_nothing_new),
        TEST(what_came_late_did_not_go_well),
        TEST(the_first_response_is_the_first),
        TEST(a_program_is_no_person_who_detects),
        TEST(what_is_expected_was_not_recorded),
        TEST(a_record_of_two_moments_is_quoted_once),
        TEST(an_end_in_doubt_is_no_open_end),
        TEST(one_severity_is_told_once),
        TEST(plans_and_answers_suspect_nothing),
        TEST(a_role_is_held_from_when_to_when),
        TEST(one_matter_needs_more_than_common_words),
        TEST(what_was_tried_stands_with_what_says_that_it_failed),
        TEST(who_came_when_help_was_called_in),
        TEST(times_without_anybody_are_told_of_the_records),
        TEST(one_record_for_two_moments_makes_no_duration),
        TEST(an_alert_that_was_taken_before_the_first_in_view_was_the_first),
        TEST(an_alert_before_the_start_is_asked_about),
        TEST(what_fails_once_it_works_again_was_no_attempt),
        TEST(rows_outside_declared_bounds_are_no_window),
        TEST(a_change_out_of_several_records_is_told_and_not_quoted),
        TEST(a_rollback_under_way_was_not_done_yet),
        TEST(what_is_counted_twice_is_asked_about),
        TEST(who_was_paged_and_when_they_came),
        TEST(absence_is_told_with_what_was_searched),
        TEST(the_longest_wait_between_updates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
