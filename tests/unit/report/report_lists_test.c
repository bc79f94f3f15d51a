/*
 * The postmortem draft of a large incident: every list of it has a cap, keeps what matters most,
 * counts the rest, and cites nothing that no footnote defines. The incidents are made here, of as
 * many rows of one sort as a test asks for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "hindcast/report.h"
#include "report/list.h"
#include "tests/lib/citations.h"

#define BASE_NS (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00:00Z */

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

/* One row of a sort; `i` tells rows apart. */
typedef void row_fn(struct entry *entry, size_t i);

static void
as_role(struct entry *entry, size_t i)
{
    (void)i;
    entry->record_kind = RECORD_NOTE;
    entry->act = ACT_ROLE;
}

static void
as_person(struct entry *entry, size_t i)
{
    entry->record_kind = RECORD_CHAT;
    entry->actor = arena_printf(&arena, "person %zu", i);
}

static void
as_todo(struct entry *entry, size_t i)
{
    (void)i;
    entry->record_kind = RECORD_NOTE;
    entry->act = ACT_TODO;
}

static void
as_update(struct entry *entry, size_t i)
{
    (void)i;
    entry->record_kind = RECORD_STATUS;
}

static void
as_rollback(struct entry *entry, size_t i)
{
    (void)i;
    entry->record_kind = RECORD_SAL;
    entry->act = ACT_ROLLBACK;
    entry->significance = SIGNIFICANCE_STANDARD;
}

static void
as_alert(struct entry *entry, size_t i)
{
    entry->record_kind = RECORD_ALERT;
    entry->kind = ENTRY_ALERT_FIRING;
    entry->severity = SEVERITY_WARN;
    entry->node_key = arena_printf(&arena, "n%zu", i);
}

static void
as_alert_of_a_service(struct entry *entry, size_t i)
{
    as_alert(entry, i);
    entry->service = arena_printf(&arena, "service-%06zu", i);
}

static void
as_talk_of_two_channels(struct entry *entry, size_t i)
{
    as_person(entry, i);
    entry->channel = i % 2 == 0 ? SV("shop") : SV("support");
}

static void
as_report(struct entry *entry, size_t i)
{
    as_talk_of_two_channels(entry, i);
    entry->act = i == 3 ? ACT_SYMPTOM : ACT_NONE;
}

/* `count` rows of the sort, a minute apart, each alert with a node of its own. */
static struct incident *
make(size_t count, row_fn *as)
{
    struct incident *incident = ARENA_NEW(&arena, struct incident);
    struct entry *entries = ARENA_ARRAY(&arena, struct entry, count);
    const struct node **nodes = ARENA_ARRAY(&arena, const struct node *, count);
    struct sv *services = ARENA_ARRAY(&arena, struct sv, count);
    incident->entries = entries;
    incident->nodes = nodes;
    incident->services = services;
    incident->entry_count = count;
    incident->title = SV("a large incident");
    for (size_t i = 0; i < count; i++) {
        struct evidence *evidence = ARENA_NEW(&arena, struct evidence);
        *evidence = (struct evidence){.at = {1, (int64_t)i, 0}, .topic = SV("ops")};
        entries[i] = (struct entry){
            .entry_id = arena_printf(&arena, "%012zx%020d", (i * 7919) % 16777213, 0),
            .time_ns = BASE_NS + (int64_t)i * NS_PER_MINUTE,
            .time_source = TIME_SOURCE_NATIVE,
            .source = SV("made"),
            .text = arena_printf(&arena, "row %zu", i),
            .occurrences = 1,
            .order_established = true,
            .evidence = evidence,
            .evidence_count = 1,
        };
        as(&entries[i], i);
        if (entries[i].kind != ENTRY_ALERT_FIRING)
            continue;
        struct node *node = ARENA_NEW(&arena, struct node);
        *node = (struct node){.node_key = entries[i].node_key,
                              .kind = EVENT_ALERT,
                              .first_ns = entries[i].time_ns,
                              .last_ns = entries[i].time_ns,
                              .records = 1,
                              .severity = entries[i].severity,
                              .title = entries[i].text,
                              .service = entries[i].service};
        nodes[incident->node_count++] = node;
        if (!sv_empty(node->service))
            services[incident->service_count++] = node->service;
    }
    return incident;
}

static size_t
draft_of(const struct incident *incident, const char *rest, struct strbuf *out)
{
    struct err err = {0};
    const struct report_context context = {.number = SV("INC-2026-0042"),
                                           .rest_name = sv_from(rest)};
    size_t left_out = SIZE_MAX;
    strbuf_init(out, 0);
    assert_int_equal(report_markdown(incident, &context, out, &left_out, &err), 0);
    return left_out;
}

static size_t
lines_with(const char *text, const char *words)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, words)) != NULL; at++)
        count++;
    return count;
}

static const struct {
    const char *name;
    row_fn *as;
    const char *line; /* of which the draft has one per row that is shown */
    const char *more; /* what it says of one row too many */
} lists[] = {
    {"roles", as_role, "- Role, ", "> More claims of a role in the full timeline: 1."},
    {"people", as_person, "| person ", "> More people in the full timeline: 1."},
    {"to do", as_todo, "| made, ", "> More candidates in the full timeline: 1."},
    {"notices", as_update, "UTC, made: ", "> More notices in the full timeline: 1."},
    {"taken back", as_rollback,
     ", a change taken back: ", "> More changes taken back in the full timeline: 1."},
    {"alerts", as_alert, " |  | warning | ", "> More alerts in the full timeline: 1."},
    {"services", as_alert_of_a_service, " UTC | 1 | 1 | ",
     "> More services in the full timeline: 1."},
};

static void
each_list_has_a_cap(void **state)
{
    (void)state;
    for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++)
        for (size_t count = LIST_MAX - 1; count <= LIST_MAX + 1; count++) {
            struct strbuf out;
            const struct incident *incident = make(count, lists[l].as);
            size_t left_out = draft_of(incident, NULL, &out);
            size_t shown = count < LIST_MAX ? count : LIST_MAX;
            const char *rest = strstr(out.ptr, " --format jsonl` prints every entry");
            if (lines_with(out.ptr, lists[l].line) != shown)
                fail_msg("%s: %zu lines of %zu", lists[l].name, lines_with(out.ptr, lists[l].line),
                         count);
            if ((strstr(out.ptr, lists[l].more) != NULL) != (count > LIST_MAX))
                fail_msg("%s: %zu rows, '%s'", lists[l].name, count, lists[l].more);
            assert_int_equal(left_out > 0, count > LIST_MAX);
            assert_int_equal(rest != NULL, count > LIST_MAX);
            strbuf_release(&out);
        }
}

/* 40,000 rows: the draft stays short, all is cited well, and it takes no time to speak of. */
static void
a_large_incident_gives_a_short_draft(void **state)
{
    (void)state;
    for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
        struct strbuf out, problem;
        const struct incident *incident = make(40000, lists[l].as);
        draft_of(incident, NULL, &out);
        strbuf_init(&problem, 0);
        assert_int_equal(citations_check(strbuf_view(&out), incident, &problem), 0);
        assert_true(lines_with(out.ptr, "\n[^") > 0 && lines_with(out.ptr, "\n[^") < 10 * LIST_MAX);
        assert_true(out.len < 200000);
        strbuf_release(&problem);
        strbuf_release(&out);
        arena_reset(&arena);
    }
}

/* As many lines as entries, each citing its own: the check finds the one that is wrong. */
static void
a_long_text_is_checked(void **state)
{
    (void)state;
    struct strbuf text, problem;
    size_t count = 200000;
    const struct incident *incident = make(count, as_update);
    strbuf_init(&text, 0);
    strbuf_init(&problem, 0);
    for (size_t i = 0; i < count; i++)
        strbuf_addf(&text, "- row %zu[^%zu]\n", i, i + 1);
    for (size_t i = 0; i < count; i++)
        strbuf_addf(&text, "[^%zu]: e:%.12s, x\n", i + 1, incident->entries[i].entry_id.ptr);
    assert_int_equal(citations_check(strbuf_view(&text), incident, &problem), 0);
    text.ptr[text.len - 5] = 'x';
    assert_int_equal(citations_check(strbuf_view(&text), incident, &problem), 1);
    assert_true(sv_starts(strbuf_view(&problem), SV("line 400000 cites an entry that")));
    strbuf_release(&problem);
    strbuf_release(&text);
}

static struct entry *
entry_at(const struct incident *incident, size_t i)
{
    return (struct entry *)(uintptr_t)&incident->entries[i];
}

/* A flood of warnings does not push the one that was worse out of the draft. */
static void
what_matters_most_is_kept(void **state)
{
    (void)state;
    struct strbuf out;
    struct incident *incident = make(3 * LIST_MAX, as_alert_of_a_service);
    size_t last = 3 * LIST_MAX - 1;
    ((struct node *)(uintptr_t)incident->nodes[last])->severity = SEVERITY_FATAL;
    draft_of(incident, NULL, &out);
    char row[64];
    snprintf(row, sizeof(row), "\n| service-%06zu | ", last);
    assert_non_null(strstr(out.ptr, row));
    snprintf(row, sizeof(row), "\n| row %zu | ", last);
    assert_non_null(strstr(out.ptr, row));
    strbuf_release(&out);
    incident = make(3 * LIST_MAX, as_person);
    entry_at(incident, last)->actor = entry_at(incident, last - 1)->actor;
    draft_of(incident, NULL, &out);
    snprintf(row, sizeof(row), "\n| person %zu | ", last - 1);
    assert_non_null(strstr(out.ptr, row));
    strbuf_release(&out);
    incident = make(3 * LIST_MAX, as_rollback);
    struct milestone_row mark = {MILESTONE_MITIGATED, entry_at(incident, last)->time_ns,
                                 entry_at(incident, last)->entry_id, 90};
    incident->milestones = &mark;
    incident->milestone_count = 1;
    draft_of(incident, NULL, &out);
    assert_non_null(strstr(out.ptr, ", marked as mitigation: "));
    strbuf_release(&out);
}

/* Trouble that returns each day for a year: a moment again and again, and in doubt. */
static void
moments_have_a_cap_too(void **state)
{
    (void)state;
    for (size_t count = LIST_MAX - 1; count <= LIST_MAX + 1; count++) {
        struct strbuf out;
        struct incident *incident = make(count, as_update);
        struct milestone_row *rows = ARENA_ARRAY(&arena, struct milestone_row, count);
        size_t shown = count < LIST_MAX ? count : LIST_MAX;
        for (size_t i = 0; i < count; i++)
            rows[i] = (struct milestone_row){MILESTONE_REOPENED, incident->entries[i].time_ns,
                                             incident->entries[i].entry_id, 50};
        incident->milestones = rows;
        incident->milestone_count = count;
        draft_of(incident, NULL, &out);
        assert_int_equal(lines_with(out.ptr, "**TROUBLE RETURNS** "), shown);
        assert_int_equal(lines_with(out.ptr, "\n- 1 row of width full is not listed here."),
                         count > LIST_MAX);
        strbuf_release(&out);
        /* What is unclear is asked about, and told nowhere. */
        for (size_t i = 0; i < count; i++)
            rows[i].confidence = 20;
        draft_of(incident, NULL, &out);
        assert_int_equal(lines_with(out.ptr, "**TROUBLE RETURNS** "), 0);
        assert_int_equal(lines_with(out.ptr, "- Is “Trouble returned” right at "), shown);
        strbuf_release(&out);
    }
}

static void
the_draft_names_the_file_beside_it(void **state)
{
    (void)state;
    struct strbuf out;
    size_t left_out = draft_of(make(LIST_MAX + 5, as_alert), "a_b.jsonl", &out);
    assert_int_equal(left_out, 5);
    assert_non_null(strstr(out.ptr, "\n> Rows that are not listed here: 5. `hindcast timeline "
                                    "INC-2026-0042 --format jsonl` prints every entry with its "
                                    "evidence; so does the file a\\_b.jsonl beside this draft.\n"));
    strbuf_release(&out);
}

/* What was not found is told with what was searched for it; where nothing was, that is told. */
static void
absence_is_told_with_what_was_searched(void **state)
{
    (void)state;
    struct strbuf out;
    draft_of(make(5, as_talk_of_two_channels), NULL, &out);
    assert_non_null(strstr(out.ptr, "No message of 2 channels (5 messages) says that a person"));
    assert_non_null(strstr(out.ptr, "None of 5 rows from 1 source is an alert that fired."));
    strbuf_release(&out);
    draft_of(make(5, as_alert), NULL, &out);
    assert_non_null(strstr(out.ptr, "No message was read: whether a person saw it is not known."));
    assert_null(strstr(out.ptr, "is an alert that fired."));
    strbuf_release(&out);
    draft_of(make(5, as_report), NULL, &out);
    assert_null(strstr(out.ptr, "says that a person saw it"));
    assert_non_null(strstr(out.ptr, "First report by a person"));
    strbuf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(absence_is_told_with_what_was_searched, setup, teardown),
        cmocka_unit_test_setup_teardown(each_list_has_a_cap, setup, teardown),
        cmocka_unit_test_setup_teardown(a_large_incident_gives_a_short_draft, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_text_is_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(what_matters_most_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(moments_have_a_cap_too, setup, teardown),
        cmocka_unit_test_setup_teardown(the_draft_names_the_file_beside_it, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
