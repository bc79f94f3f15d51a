/*
 * `hindcast why` as people and programs see it: what each stored membership is told as, which rows
 * a name fits, what a row proves, and the set of attacks in every text that comes from outside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "report/why/missing.h"
#include "report/why/reasons.h"
#include "report/why/why.h"
#include "tests/lib/attacks.h"
#include "tests/lib/sample_incident.h"

#define ALERT "2026-03-01T10:00:00.000Z/alertmanager/0a"

static void
assert_has(struct strbuf *out, const char *text)
{
    if (!sv_contains(strbuf_view(out), sv_from(text)))
        fail_msg("'%s' is not in\n%.*s", text, (int)out->len, out->ptr);
}

/* The sample with this membership of its second episode. */
static struct stored_incident
with_reason(struct node *node, const struct node **nodes, const char *reason)
{
    struct stored_incident stored = sample_stored();
    *node = *stored.incident.nodes[1];
    node->reason = sv_from(reason);
    nodes[0] = stored.incident.nodes[0];
    nodes[1] = node;
    stored.incident.nodes = nodes;
    return stored;
}

static void
tells_memberships(void **state)
{
    static const struct {
        const char *stored, *told;
    } cases[] = {
        {"service checkout (500) + scope default (250), 42000 ms from " ALERT,
         "shares service checkout (500) + scope default (250), 42 s from the episode of 2026-03-01 "
         "10:00:00 UTC, \"Errors high\""},
        {"scope default (500), 0 ms from " ALERT "; opens nothing: watchdog",
         "shares scope default (500), 0 s from the episode of"},
        {"scope default (500), 7 ms from 2026-03-01T10:00:00.000Z/alertmanager/0",
         "scope default (500), 7 ms from 2026-03-01T10:00:00.000Z/alertmanager/0\n"},
        {"declared bounds of " ALERT, "lies within the declared bounds of the episode of"},
        {"explicit pagerduty:Q1", "names its incident itself: pagerduty:Q1"},
        {"opens", "opens the incident\n"},
        {" ms from " ALERT, " ms from " ALERT},
        {"none", "none"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct node node;
        const struct node *nodes[2];
        struct stored_incident stored = with_reason(&node, nodes, cases[i].stored);
        struct strbuf out;
        strbuf_init(&out, 0);
        why_incident(&stored, 0, &out);
        assert_has(&out, cases[i].told);
        strbuf_release(&out);
    }
}

static void
tells_milestones_in_order_of_time(void **state)
{
    const struct milestone_row rows[] = {{MILESTONE_IMPACT_STARTED, 3 * NS_PER_MINUTE, SV("c"), 90},
                                         {MILESTONE_DECLARED, 7 * NS_PER_MINUTE, SV("d"), 90},
                                         {MILESTONE_ACKNOWLEDGED, 5 * NS_PER_MINUTE, SV("a"), 90},
                                         {MILESTONE_MITIGATED, 7 * NS_PER_MINUTE, SV("m"), 90}};
    struct stored_incident stored = sample_stored();
    struct strbuf out;
    (void)state;
    stored.incident.milestones = rows;
    stored.incident.milestone_count = 4;
    strbuf_init(&out, 0);
    why_incident(&stored, 0, &out);
    const char *last = out.ptr;
    static const char *const words[] = {"  impact_started, ", "  acknowledged, ", "  declared, ",
                                        "  mitigated, "};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const char *found = strstr(out.ptr, words[i]);
        if (found == NULL || found < last)
            fail_msg("'%s' does not stand in its place in\n%s", words[i], out.ptr);
        last = found;
    }
    strbuf_release(&out);
}

static void
finds_rows(void **state)
{
    static const struct {
        const char *name;
        size_t count, first;
    } cases[] = {
        {"e-chat", 1, 1},
        {"E-CH", 1, 1},
        {"e-a", 0, 0},
        {"logs/api.log:1204", 3, 0},
        {"10:02", 1, 2},
        {"03-01 10", 0, 0},
        {"10:0", 3, 0},
        {"nowhere", 0, 0},
        {"2026-03-01 10:01:00", 1, 1},
    };
    struct stored_incident stored = sample_stored();
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t places[3] = {9, 9, 9};
        size_t count = why_find(&stored.incident, sv_from(cases[i].name), places, 3);
        if (count != cases[i].count || (count > 0 && places[0] != cases[i].first))
            fail_msg("'%s' fits %zu rows, the first %zu", cases[i].name, count, places[0]);
    }
    size_t one;
    assert_int_equal(why_find(&stored.incident, SV("10:0"), &one, 1), 3);
}

static void
tells_a_row(void **state)
{
    struct stored_incident stored = sample_stored();
    struct strbuf out;
    (void)state;
    strbuf_init(&out, 0);
    why_entry(&stored, 0, 0, &out);
    assert_has(&out, "  record logs/api.log:1204\n");
    assert_has(&out, "Why it is key: score 2.75, ");
    assert_has(&out, "  +3.00  alert_opens: ");
    assert_has(&out, "  -0.25  after_silence: said after a pause\n");
    assert_has(&out, "  detected, likely: of 100 such moments 90 were right\n");
    assert_has(&out, "  before  2026-03-01 10:01:00 UTC  ana: ");
    strbuf_clear(&out);
    why_entry(&stored, 2, 0, &out);
    assert_has(&out, "score -0.50, below 1.00");
    assert_has(&out, "came first is not established");
    assert_has(&out, ", 40 records folded\n");
    strbuf_release(&out);
}

static void
tells_programs(void **state)
{
    struct stored_incident stored = sample_stored();
    struct strbuf out;
    (void)state;
    strbuf_init(&out, 0);
    why_incident_json(&stored, &out);
    assert_has(&out, "\"node\":\"" ALERT "\"");
    assert_has(&out,
               "\"milestone\":\"detected\",\"time\":\"2026-03-01T10:00:00Z\",\"confidence\":90");
    strbuf_clear(&out);
    why_entry_json(&stored, 1, &out);
    assert_has(&out, "\"after\":\"e-alert\",\"before\":\"e-log\"");
    assert_has(&out, "\"proves\":[]");
    strbuf_release(&out);
}

static void
reasons_have_meanings(void **state)
{
    (void)state;
    assert_true(sv_eq(reason_meaning(SV("after_silence")), SV("said after a pause")));
    assert_true(sv_contains(reason_meaning(SV("mitigated_by_revert")), SV("confidence")));
    assert_true(sv_contains(reason_meaning(SV("seen_by_revert")), SV("phrase rule")));
    assert_true(sv_eq(reason_meaning(SV("alert")), SV("what the record is")));
    assert_true(sv_contains(reason_meaning(SV("rollback_done")), SV("phrase rule")));
}

/* What an attacker writes is in a title, a text, a membership, a source. */
static void
is_harmless(void **state)
{
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct stored_incident stored = sample_stored();
        struct entry entry = stored.incident.entries[0];
        struct node node = *stored.incident.nodes[0];
        const struct node *nodes[] = {&node};
        struct sv text = attacks[i].text;
        struct strbuf out;
        entry.text = entry.actor = entry.membership = entry.source_time_text = text;
        node.title = node.reason = stored.incident.title = text;
        stored.incident.nodes = nodes;
        stored.incident.node_count = stored.incident.entry_count = 1;
        stored.incident.entries = &entry;
        strbuf_init(&out, 0);
        why_incident(&stored, 0, &out);
        why_entry(&stored, 0, 0, &out);
        const char *seen = attack_seen(strbuf_view(&out));
        if (seen != NULL)
            fail_msg("attack %zu shows %s:\n%s", i, seen, out.ptr);
        strbuf_clear(&out);
        why_entry_json(&stored, 0, &out);
        assert_true(attack_reads_as_json(strbuf_view(&out)));
        strbuf_release(&out);
    }
}

static void
missing_is_harmless(void **state)
{
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct sv text = attacks[i].text;
        const struct near_incident near = {.number = text,
                                           .incident_key = text,
                                           .title = text,
                                           .services = &text,
                                           .service_count = 1};
        struct event_fate event = {.place = {.topic = text, .file = text, .line = 3},
                                   .scope = text,
                                   .kind = text,
                                   .uid = text,
                                   .source = text,
                                   .service = text,
                                   .text = text,
                                   .reason = text,
                                   .decided_by = text,
                                   .nearest = &near,
                                   .nearest_count = 1};
        const struct record_fate found = {.events = &event, .count = 1};
        const struct record_fate unread = {.quarantined = text, .format_guess = text};
        struct strbuf out;
        strbuf_init(&out, 0);
        missing_text(&found, text, 0, &out);
        missing_text(&unread, text, 0, &out);
        const char *seen = attack_seen(strbuf_view(&out));
        if (seen != NULL)
            fail_msg("attack %zu shows %s:\n%s", i, seen, out.ptr);
        strbuf_clear(&out);
        missing_json(&found, text, &out);
        assert_true(attack_reads_as_json(strbuf_view(&out)));
        strbuf_clear(&out);
        missing_json(&unread, text, &out);
        assert_true(attack_reads_as_json(strbuf_view(&out)));
        strbuf_release(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_memberships), cmocka_unit_test(tells_milestones_in_order_of_time),
        cmocka_unit_test(finds_rows),        cmocka_unit_test(tells_a_row),
        cmocka_unit_test(tells_programs),    cmocka_unit_test(reasons_have_meanings),
        cmocka_unit_test(is_harmless),       cmocka_unit_test(missing_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
