/*
 * Decisions: their content and id, and their replay as a part of the set: any order of records and
 * decisions, repeated or not, gives the same bytes; later ones overrule, undo is undone, what is
 * gone is found again or kept with what lies near. The incident is ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "base/strbuf.h"
#include "hindcast/casebook.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define ROWS 9
#define DECISIONS_MAX 32
#define ORDERS 200

static struct arena arena;
static struct observation rows[ROWS];
static size_t row_count;
static struct decision decisions[DECISIONS_MAX];
static size_t decision_count;
static uint64_t seed;
static struct err err;

static uint64_t
draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

/* ------------------------------------------------------------------ records */

static struct event *
add(int second, enum record_kind record, const char *text)
{
    struct observation *row = &rows[row_count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    struct event *event = &row->event;
    event->kind = record == RECORD_ALERT ? EVENT_ALERT
                  : record == RECORD_LOG ? EVENT_LOG
                                         : EVENT_CHAT;
    event->record_kind = record;
    event->source = record == RECORD_LOG     ? SV("app")
                    : record == RECORD_ALERT ? SV("monitor")
                                             : SV("chat");
    event->title = event->body = sv_from(text);
    event->event_time_ns = BEGIN_NS + second * NS_PER_S;
    event->precision = PRECISION_SECOND;
    event->scope = SV("default");
    event->service = record == RECORD_CHAT ? SV_NONE : SV("checkout");
    event->actor = record == RECORD_CHAT ? SV("ana") : SV_NONE;
    event->channel = record == RECORD_CHAT ? SV("ops") : SV_NONE;
    event->severity = record == RECORD_CHAT ? SEVERITY_UNSET : SEVERITY_ERROR;
    event->phase = record == RECORD_ALERT  ? PHASE_TRIGGER
                   : record == RECORD_CHAT ? PHASE_POST
                                           : PHASE_NONE;
    event->uid[0] = (uint8_t)(0xa0 + row_count);
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    row_count++;
    return event;
}

static void
scenario(void)
{
    row_count = decision_count = 0;
    add(0, RECORD_ALERT, "checkout answers with errors");
    add(30, RECORD_LOG, "pool 17 exhausted");
    add(40, RECORD_LOG, "pool 18 exhausted");
    add(60, RECORD_CHAT, "checkout is down, users are reporting empty carts");
    add(90, RECORD_CHAT, "lunch anybody?");
    add(300, RECORD_CHAT, "rolled back checkout 3.2");
    add(420, RECORD_CHAT, "error rate is back to normal");
    add(600, RECORD_ALERT, "checkout answers with errors");
    rows[7].event.phase = PHASE_RESOLVE;
}

static struct sv
uid(size_t row)
{
    return arena_hex(&arena, rows[row].event.uid, UID_BYTES);
}

/* ------------------------------------------------------------------ decisions */

static struct decision *
say(enum decision_verb verb, int minute, size_t row, const char *value)
{
    struct decision *decision = &decisions[decision_count++];
    struct decision_row *named = ARENA_NEW(&arena, struct decision_row);
    assert_true(decision_count <= DECISIONS_MAX);
    *decision = (struct decision){.verb = verb,
                                  .at_ns = BEGIN_NS + NS_PER_DAY + minute * NS_PER_MINUTE,
                                  .author = SV("mara"),
                                  .incident = uid(0),
                                  .value = sv_from(value),
                                  .time_ns = TIME_NONE};
    if (row < ROWS) {
        *named = (struct decision_row){.event = uid(row),
                                       .source = rows[row].event.source,
                                       .text = rows[row].event.body,
                                       .time_ns = rows[row].event.event_time_ns};
        decision->rows = named;
        decision->row_count = 1;
    }
    if (verb == DECISION_MERGE)
        decision->target = uid(8);
    if (verb == DECISION_RETIME || verb == DECISION_NOTE)
        decision->time_ns = BEGIN_NS + 45 * NS_PER_S;
    assert_int_equal(decision_seal(&arena, decision, &err), 0);
    return decision;
}

static struct decision *
undo(int minute, const struct decision *other)
{
    struct decision *decision = &decisions[decision_count++];
    *decision = (struct decision){.verb = DECISION_UNDO,
                                  .at_ns = BEGIN_NS + NS_PER_DAY + minute * NS_PER_MINUTE,
                                  .author = SV("tom"),
                                  .target = other->id,
                                  .time_ns = TIME_NONE};
    assert_int_equal(decision_seal(&arena, decision, &err), 0);
    return decision;
}

static struct correlation
correlate(void)
{
    struct correlation_input input = {.scope = SV("default"),
                                      .observations = rows,
                                      .count = row_count,
                                      .decisions = decisions,
                                      .decision_count = decision_count};
    struct correlation_config config;
    struct correlation result;
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    return result;
}

static const struct incident *
incident_of(const struct correlation *correlation)
{
    assert_int_equal(correlation->incident_count, 1);
    return &correlation->incidents[0];
}

static const struct entry *
entry_of(const struct incident *incident, size_t row)
{
    for (size_t i = 0; i < incident->entry_count; i++)
        if (sv_eq(incident->entries[i].uid, sv_of((const char *)rows[row].event.uid, UID_BYTES)))
            return &incident->entries[i];
    return NULL;
}

static const struct decided *
decided_of(const struct incident *incident, const struct decision *decision)
{
    for (size_t i = 0; i < incident->decision_count; i++)
        if (sv_eq(incident->decisions[i].decision.id, decision->id))
            return &incident->decisions[i];
    return NULL;
}

static bool
proves(const struct entry *entry, enum milestone milestone)
{
    for (size_t i = 0; i < entry->milestone_count; i++)
        if (entry->milestones[i] == milestone)
            return true;
    return false;
}

/* ------------------------------------------------------------------ tests */

static void
the_content_is_canonical(void **state)
{
    (void)state;
    scenario();
    const struct decision *decision = say(DECISION_ANNOTATE, 1, 3, "said twice");
    struct decision again, other = *decision;
    assert_int_equal(decision->id.len, DECISION_ID);
    assert_int_equal(decision_read(&arena, decision->content, &again, &err), 0);
    assert_true(sv_eq(again.id, decision->id));
    assert_true(sv_eq(again.content, decision->content));
    other.author = SV("tom");
    assert_int_equal(decision_seal(&arena, &other, &err), 0);
    assert_false(sv_eq(other.id, decision->id));
    struct sv forged = arena_printf(&arena, "{\"id\":\"" SV_FMT "\"," SV_FMT, SV_ARG(decision->id),
                                    SV_ARG(sv_slice(other.content, 1, other.content.len)));
    assert_int_equal(decision_read(&arena, forged, &again, &err), -1);
    assert_non_null(strstr(err.message, "its id is"));
}

static void
what_has_no_sense_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "[]",
        "{",
        "{\"verb\":\"burn\"}",
        "{\"verb\":\"hide\",\"verb\":\"hide\"}",
        "{\"verb\":\"hide\",\"more\":\"x\"}",
        "{\"verb\":\"hide\",\"at\":\"2026-01-01T00:00:00Z\",\"author\":\"a\"}",
        "{\"verb\":\"hide\",\"rows\":\"x\"}",
        "{\"verb\":\"title\",\"at\":\"2126-01-01T00:00:00Z\",\"author\":\"a\"}",
        "{\"verb\":\"title\",\"id\":\"00\"}",
        "{\"verb\":\"severity\",\"at\":\"2026-01-01T00:00:00Z\",\"author\":\"a\",\"value\":\"25\","
        "\"incident\":\"00000000000000000000000000000000\"}",
        "{\"verb\":\"title\",\"at\":\"2026-01-01T00:00:00Z\",\"author\":\"a\",\"value\":"
        "\"a\\u0007\","
        "\"incident\":\"00000000000000000000000000000000\"}",
        "{\"verb\":\"title\",\"at\":\"2026-01-01T00:00:00Z\",\"author\":\"a\\nb\",\"value\":\"a\","
        "\"incident\":\"00000000000000000000000000000000\"}",
    };
    struct decision decision;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (decision_read(&arena, sv_from(lines[i]), &decision, &err) == 0)
            fail_msg("taken: %s", lines[i]);
}

static void
severities_are_read_as_teams_write_them(void **state)
{
    static const struct {
        const char *word;
        int severity;
    } taken[] = {{"SEV2", SEVERITY_ERROR},     {"sev-1", SEVERITY_FATAL}, {"Sev 3", SEVERITY_WARN},
                 {"P0", SEVERITY_FATAL},       {"p4", SEVERITY_INFO},     {"S5", SEVERITY_DEBUG},
                 {"Critical", SEVERITY_FATAL}, {"17", SEVERITY_ERROR}};
    static const char *const none[] = {"",       "sev",  "SEV6", "P", "p12",
                                       "sev--1", "S 12", "25",   "0", "high water"};
    (void)state;
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        assert_int_equal(decision_severity(sv_from(taken[i].word)), taken[i].severity);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_int_equal(decision_severity(sv_from(none[i])), 0);
}

static void
rows_change_as_decided(void **state)
{
    (void)state;
    scenario();
    const struct decision *moved = say(DECISION_RETIME, 1, 5, NULL);
    say(DECISION_HIDE, 2, 4, NULL);
    say(DECISION_ANNOTATE, 3, 2,
        "of 20"); /* a line that is folded into the row of the one before */
    say(DECISION_KEY, 4, 1, NULL);
    say(DECISION_NOTE, 5, ROWS, "phone call");
    struct correlation result = correlate();
    const struct incident *incident = incident_of(&result);
    assert_null(entry_of(incident, 4));
    assert_int_equal(incident_hidden(incident), 1);
    const struct entry *entry = entry_of(incident, 5);
    assert_int_equal(entry->time_ns, BEGIN_NS + 45 * NS_PER_S);
    assert_true(sv_contains(entry->text, SV("the record says 2026-02-26T10:05:00Z")));
    assert_true(sv_eq(decided_of(incident, moved)->was, SV("2026-02-26T10:05:00Z")));
    entry = entry_of(incident, 1);
    assert_true(sv_contains(entry->text, SV("exhausted [mara: of 20]")));
    assert_int_equal(entry->significance, SIGNIFICANCE_KEY);
    size_t notes = 0;
    for (size_t i = 0; i < incident->entry_count; i++) {
        notes += incident_note(incident, &incident->entries[i]) != NULL;
        assert_true(i == 0 || incident->entries[i - 1].time_ns <= incident->entries[i].time_ns);
    }
    assert_int_equal(notes, 1);
}

static void
the_later_one_counts(void **state)
{
    (void)state;
    scenario();
    const struct decision *later = say(DECISION_TITLE, 9, ROWS, "late");
    const struct decision *first = say(DECISION_TITLE, 1, ROWS, "early");
    const struct decision *key = say(DECISION_UNKEY, 2, 0, NULL);
    struct correlation result = correlate();
    const struct incident *incident = incident_of(&result);
    assert_true(sv_eq(incident->title, SV("late")));
    assert_int_equal(decided_of(incident, first)->state, DECIDED_OVERRULED);
    assert_true(sv_eq(decided_of(incident, first)->by, later->id));
    assert_int_equal(entry_of(incident, 0)->significance, SIGNIFICANCE_STANDARD);
    say(DECISION_PIN, 1, 0, NULL);
    result = correlate();
    incident = incident_of(&result);
    assert_int_equal(entry_of(incident, 0)->significance, SIGNIFICANCE_KEY);
    assert_int_equal(decided_of(incident, key)->state, DECIDED_APPLIED);
}

static void
an_undo_is_undone(void **state)
{
    (void)state;
    scenario();
    const struct decision *hidden = say(DECISION_HIDE, 1, 4, NULL);
    struct correlation result = correlate();
    assert_null(entry_of(incident_of(&result), 4));
    const struct decision *back = undo(2, hidden);
    result = correlate();
    assert_non_null(entry_of(incident_of(&result), 4));
    assert_int_equal(decided_of(incident_of(&result), hidden)->state, DECIDED_UNDONE);
    undo(3, back);
    result = correlate();
    assert_null(entry_of(incident_of(&result), 4));
    assert_int_equal(decided_of(incident_of(&result), back)->state, DECIDED_UNDONE);
}

static void
milestones_go_where_they_are_put(void **state)
{
    (void)state;
    scenario();
    struct correlation result = correlate();
    assert_true(proves(entry_of(incident_of(&result), 6), MILESTONE_RECOVERED));
    say(DECISION_MILESTONE, 1, 5, "recovered");
    say(DECISION_MILESTONE, 2, ROWS, "detected");
    say(DECISION_RETIME, 3, 5, NULL);
    result = correlate();
    const struct incident *incident = incident_of(&result);
    assert_true(proves(entry_of(incident, 5), MILESTONE_RECOVERED));
    assert_false(proves(entry_of(incident, 6), MILESTONE_RECOVERED));
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *row = &incident->milestones[i];
        assert_true(row->milestone != MILESTONE_DETECTED);
        if (row->milestone != MILESTONE_RECOVERED)
            continue;
        assert_int_equal(row->time_ns, BEGIN_NS + 45 * NS_PER_S);
        assert_int_equal(row->confidence, 100);
    }
    say(DECISION_HIDE, 4, 5, NULL);
    result = correlate();
    incident = incident_of(&result);
    for (size_t i = 0; i < incident->milestone_count; i++)
        assert_true(incident->milestones[i].milestone != MILESTONE_RECOVERED);
}

/* The line is gone, its shape is there; the message was read again under another name. */
static void
what_is_gone_is_found_again(void **state)
{
    (void)state;
    scenario();
    struct decision *line = say(DECISION_ANNOTATE, 1, 2, "of 20");
    struct correlation result = correlate();
    const struct entry *folded = entry_of(incident_of(&result), 1);
    struct decision_row named = line->rows[0];
    for (size_t i = 0; i < result.node_count; i++)
        if (sv_eq(result.nodes[i].node_key, folded->node_key))
            named.fingerprint = result.nodes[i].fingerprint;
    assert_true(named.fingerprint.len > 0);
    named.event = SV("00000000000000000000000000000001");
    named.time_ns = BEGIN_NS + 35 * NS_PER_S;
    line->rows = &named;
    assert_int_equal(decision_seal(&arena, line, &err), 0);
    struct decision *talk = say(DECISION_ANNOTATE, 2, 3, "confirmed");
    struct decision_row renamed = talk->rows[0];
    renamed.event = SV("00000000000000000000000000000002");
    talk->rows = &renamed;
    assert_int_equal(decision_seal(&arena, talk, &err), 0);
    result = correlate();
    const struct incident *incident = incident_of(&result);
    assert_true(sv_contains(entry_of(incident, 1)->text, SV("[mara: of 20]")));
    assert_true(sv_contains(entry_of(incident, 3)->text, SV("[mara: confirmed]")));
    named.fingerprint =
        SV_NONE; /* the line, read at another place, stands in the row of the first */
    named.time_ns = BEGIN_NS + 40 * NS_PER_S;
    assert_int_equal(decision_seal(&arena, line, &err), 0);
    result = correlate();
    assert_true(sv_contains(entry_of(incident_of(&result), 1)->text, SV("[mara: of 20]")));
    renamed.text = SV("nobody said this");
    renamed.time_ns = BEGIN_NS + 80 * NS_PER_S;
    assert_int_equal(decision_seal(&arena, talk, &err), 0);
    result = correlate();
    const struct decided *lost = decided_of(incident_of(&result), talk);
    assert_int_equal(lost->state, DECIDED_UNMATCHED);
    assert_int_equal(lost->row_count, DECIDED_NEAREST);
    assert_true(sv_eq(lost->rows[0].text, SV("lunch anybody?")));
}

static void
nothing_is_dropped(void **state)
{
    (void)state;
    scenario();
    struct decision *lost = say(DECISION_TITLE, 1, ROWS, "of nothing");
    lost->incident = SV("00000000000000000000000000000003");
    assert_int_equal(decision_seal(&arena, lost, &err), 0);
    struct correlation before, result = correlate();
    before = result;
    const struct node *loose = &result.nodes[result.node_count - 1];
    assert_true(sv_eq(loose->fingerprint, lost->id));
    assert_true(sv_eq(loose->title, SV("title: of nothing")));
    assert_true(sv_empty(loose->incident_key));
    lost->incident = uid(3);
    assert_int_equal(decision_seal(&arena, lost, &err), 0);
    result = correlate();
    assert_int_equal(result.node_count, before.node_count - 1);
    assert_true(sv_eq(incident_of(&result)->title, SV("of nothing")));
}

/* Two incidents an hour apart, and rows that people move between them. */
static void
incidents_are_what_people_say(void **state)
{
    (void)state;
    scenario();
    struct event *other = add(7200, RECORD_ALERT, "mail queue is long");
    other->service = SV("mail");
    struct correlation result = correlate();
    assert_int_equal(result.incident_count, 2);
    struct decision *merged = say(DECISION_MERGE, 1, ROWS, NULL);
    result = correlate();
    assert_int_equal(result.incident_count, 1);
    assert_non_null(entry_of(&result.incidents[0], 8));
    assert_true(sv_ends(result.incidents[0].incident_key, uid(0)));
    assert_int_equal(decided_of(&result.incidents[0], merged)->state, DECIDED_APPLIED);
    undo(2, merged);
    result = correlate();
    assert_int_equal(result.incident_count, 2);
    struct decision *left = say(DECISION_SPLIT, 3, 3, NULL);
    result = correlate();
    assert_int_equal(result.incident_count, 3);
    assert_null(entry_of(&result.incidents[0], 3));
    assert_int_equal(result.incidents[1].alert_count, 0);
    assert_true(result.incidents[1].raised);
    assert_true(sv_eq(result.incidents[1].title, rows[3].event.body));
    say(DECISION_DETACH, 4, 3, NULL);
    result = correlate();
    assert_int_equal(result.incident_count, 2);
    assert_int_equal(decided_of(&result.incidents[0], left)->state, DECIDED_OVERRULED);
    assert_null(entry_of(&result.incidents[0], 3));
}

static void
print(struct strbuf *out)
{
    struct correlation result = correlate();
    strbuf_clear(out);
    casebook_canonical(&result, out);
    assert_true(out->len > 0);
}

static void
shuffle(void)
{
    for (size_t i = row_count; i > 1; i--) {
        size_t other = draw(i);
        struct observation kept = rows[i - 1];
        rows[i - 1] = rows[other];
        rows[other] = kept;
    }
    for (size_t i = decision_count; i > 1; i--) {
        size_t other = draw(i);
        struct decision kept = decisions[i - 1];
        decisions[i - 1] = decisions[other];
        decisions[other] = kept;
    }
}

/* Verbs, rows and times by chance, so that they contradict and undo each other. */
static void
decide_by_chance(void)
{
    static const enum decision_verb verbs[] = {DECISION_HIDE, DECISION_KEY,    DECISION_UNKEY,
                                               DECISION_PIN,  DECISION_RETIME, DECISION_ANNOTATE};
    for (size_t i = 0; i < 14; i++) {
        enum decision_verb verb = verbs[draw(sizeof(verbs) / sizeof(verbs[0]))];
        say(verb, (int)draw(5), draw(8), verb == DECISION_ANNOTATE ? "seen" : NULL);
    }
    say(DECISION_NOTE, (int)draw(5), ROWS, "one");
    say(DECISION_NOTE, (int)draw(5), ROWS, "two");
    say(DECISION_TITLE, (int)draw(2), ROWS, "a");
    say(DECISION_TITLE, (int)draw(2), ROWS, "b");
    say(DECISION_SPLIT, (int)draw(5), 2 + draw(6), NULL);
    say(DECISION_DETACH, (int)draw(5), draw(8), NULL);
    say(DECISION_ATTACH, (int)draw(5), draw(8), NULL);
    say(DECISION_MERGE, (int)draw(5), ROWS, NULL);
    say(DECISION_MILESTONE, (int)draw(2), 3, "detected");
    say(DECISION_MILESTONE, (int)draw(2), 5, "detected");
    for (size_t i = 0; i < 5; i++)
        undo(3 + (int)draw(4), &decisions[draw(decision_count)]);
    decisions[decision_count] = decisions[draw(decision_count)]; /* carried over twice */
    decision_count++;
}

static void
any_order_gives_the_same_bytes(void **state)
{
    (void)state;
    struct strbuf first, again;
    strbuf_init(&first, 0);
    strbuf_init(&again, 0);
    for (seed = 1; seed <= ORDERS; seed++) {
        uint64_t kept = seed;
        seed = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
        scenario();
        add(7200, RECORD_ALERT, "mail queue is long")->service = SV("mail");
        decide_by_chance();
        print(&first);
        for (int i = 0; i < 3; i++) {
            shuffle();
            print(&again);
            assert_true(sv_eq(strbuf_view(&first), strbuf_view(&again)));
        }
        arena_reset(&arena);
        seed = kept;
    }
    strbuf_release(&first);
    strbuf_release(&again);
}

/* What became of decisions, to JSON and back. */
static void
what_became_of_them_reads_back(void **state)
{
    (void)state;
    seed = 4711;
    scenario();
    add(7200, RECORD_ALERT, "mail queue is long")->service = SV("mail");
    decide_by_chance();
    struct correlation result = correlate();
    const struct incident *incident = &result.incidents[0];
    assert_true(incident->decision_count > 10);
    struct strbuf text, again;
    struct decided *list;
    size_t count;
    strbuf_init(&text, 0);
    strbuf_init(&again, 0);
    strbuf_add_char(&text, '[');
    for (size_t i = 0; i < incident->decision_count; i++) {
        strbuf_add_text(&text, i == 0 ? "" : ",");
        decided_put(&text, &incident->decisions[i]);
    }
    strbuf_add_char(&text, ']');
    assert_true(decided_read(&arena, strbuf_view(&text), &list, &count));
    assert_int_equal(count, incident->decision_count);
    strbuf_add_char(&again, '[');
    for (size_t i = 0; i < count; i++) {
        strbuf_add_text(&again, i == 0 ? "" : ",");
        decided_put(&again, &list[i]);
    }
    strbuf_add_char(&again, ']');
    assert_true(sv_eq(strbuf_view(&text), strbuf_view(&again)));
    assert_false(decided_read(&arena, SV("[{}]"), &list, &count));
    assert_false(decided_read(&arena, SV("{}"), &list, &count));
    strbuf_release(&text);
    strbuf_release(&again);
}

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_content_is_canonical, begin, end),
        cmocka_unit_test_setup_teardown(what_has_no_sense_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(severities_are_read_as_teams_write_them, begin, end),
        cmocka_unit_test_setup_teardown(rows_change_as_decided, begin, end),
        cmocka_unit_test_setup_teardown(the_later_one_counts, begin, end),
        cmocka_unit_test_setup_teardown(an_undo_is_undone, begin, end),
        cmocka_unit_test_setup_teardown(milestones_go_where_they_are_put, begin, end),
        cmocka_unit_test_setup_teardown(what_is_gone_is_found_again, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_dropped, begin, end),
        cmocka_unit_test_setup_teardown(incidents_are_what_people_say, begin, end),
        cmocka_unit_test_setup_teardown(any_order_gives_the_same_bytes, begin, end),
        cmocka_unit_test_setup_teardown(what_became_of_them_reads_back, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
