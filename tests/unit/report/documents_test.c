/*
 * The other documents of an incident, the one-page summary and the sheet of a facilitator: golden
 * files (HINDCAST_ACCEPT=1 rewrites tests/fixtures/report/deploy/DOCUMENT.md), every form, an
 * incident with nothing in it, and what is shown as in view of a decision.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/report.h"
#include "report/lint/lint.h"
#include "report/render/writer.h"
#include "tests/lib/citations.h"
#include "tests/lib/deploy_incident.h"

static void
make(const struct incident *incident, enum report_kind kind, struct document *ret_document)
{
    const struct report_template template = report_template_built_in(kind);
    const struct report_context context = {
        .template = &template, .number = SV("INC-2026-0042"), .digest_hex = SV("00ff00ff")};
    struct err err = {0};
    size_t left_out;
    if (report_document(incident, &context, ret_document, &left_out, &err) != 0)
        fail_msg("%s", err.message);
}

static void
render(const struct incident *incident, enum report_kind kind, struct strbuf *out)
{
    struct document document;
    struct strbuf problem;
    make(incident, kind, &document);
    strbuf_init(out, 0);
    strbuf_init(&problem, 4096);
    write_markdown(&(struct writing){.document = &document}, out);
    if (citations_check(strbuf_view(out), incident, &problem) > 0)
        fail_msg("%s", problem.ptr);
    strbuf_release(&problem);
    document_release(&document);
}

static void
compare_golden(enum report_kind kind, const struct strbuf *got)
{
    char path[256], *expected = calloc(1, 1 << 20);
    snprintf(path, sizeof(path), "tests/fixtures/report/deploy/%s.md", report_kind_names[kind]);
    assert_non_null(expected);
    FILE *file = fopen(path, getenv("HINDCAST_ACCEPT") != NULL ? "w" : "r");
    assert_non_null(file);
    if (getenv("HINDCAST_ACCEPT") != NULL) {
        assert_int_equal(fwrite(got->ptr, 1, got->len, file), got->len);
    } else {
        assert_int_equal(fread(expected, 1, 1 << 20, file), got->len);
        assert_string_equal(got->ptr, expected);
    }
    fclose(file);
    free(expected);
}

static void
the_other_documents_are_as_expected(void **state)
{
    (void)state;
    static struct deploy made;
    deploy_make(&made);
    for (enum report_kind kind = REPORT_summary; kind < REPORT_KINDS; kind++) {
        struct strbuf out, again;
        render(&made.incident, kind, &out);
        compare_golden(kind, &out);
        render(&made.incident, kind, &again);
        assert_string_equal(out.ptr, again.ptr);
        strbuf_release(&out);
        strbuf_release(&again);
    }
}

/* What lint tells of them waits for people. */
static void
lint_finds_prompts_only(void **state)
{
    (void)state;
    static struct deploy made;
    struct lint_rules *rules;
    struct arena arena;
    struct err err = {0};
    arena_init(&arena, 0);
    deploy_make(&made);
    assert_int_equal(lint_rules_new(SV_NONE, NULL, &rules, &err), 0);
    for (enum report_kind kind = REPORT_summary; kind < REPORT_KINDS; kind++) {
        struct lint_findings findings;
        struct strbuf out;
        render(&made.incident, kind, &out);
        assert_int_equal(lint_text(rules, strbuf_view(&out), &arena, &findings, &err), 0);
        assert_true(findings.count > 0);
        for (size_t i = 0; i < findings.count; i++)
            if (!sv_eq(lint_rules_at(rules, findings.items[i].rule).name, SV("prompt-left")))
                fail_msg("%s:%zu: " SV_FMT, report_kind_names[kind], findings.items[i].line,
                         SV_ARG(findings.items[i].message));
        strbuf_release(&out);
    }
    lint_rules_free(rules);
    arena_release(&arena);
}

static void
every_form_has_each_document(void **state)
{
    (void)state;
    static struct deploy made;
    deploy_make(&made);
    const struct stored_incident stored = {.number = SV("INC-2026-0042"),
                                           .incident = made.incident};
    for (enum report_kind kind = 0; kind < REPORT_KINDS; kind++)
        for (size_t i = 0; i < document_writers_count; i++) {
            struct document document;
            struct strbuf out;
            strbuf_init(&out, 0);
            make(&stored.incident, kind, &document);
            document_writers[i].write(&(struct writing){.document = &document, .stored = &stored},
                                      &out);
            /* Each tells what ended the incident, in the summary or as a decision. */
            if (strstr(out.ptr, "rolled checkout back to 4.1.9") == NULL)
                fail_msg("%s as %s", report_kind_names[kind], document_writers[i].name);
            strbuf_release(&out);
            document_release(&document);
        }
}

static void
an_incident_with_nothing_in_it_has_them_too(void **state)
{
    (void)state;
    const struct incident incident = {.title = SV_NONE};
    struct strbuf out;
    for (enum report_kind kind = 0; kind < REPORT_KINDS; kind++) {
        render(&incident, kind, &out);
        assert_non_null(strstr(out.ptr, "INC-2026-0042"));
        strbuf_release(&out);
    }
}

static void
documents_are_found_by_their_names(void **state)
{
    (void)state;
    assert_int_equal(report_kind_find(NULL), REPORT_postmortem);
    assert_int_equal(report_kind_find("facilitator"), REPORT_facilitator);
    assert_int_equal(report_kind_find("other"), REPORT_KINDS);
}

/* ---- what was in view ---- */

static bool
has(const char *text, const char *words)
{
    return strstr(text, words) != NULL;
}

static struct entry *
chat(struct deploy *made, int minute, enum act act, const char *text)
{
    return deploy_add(made, minute, RECORD_CHAT,
                      act == ACT_DECISION ? ENTRY_DECISION : ENTRY_CHAT_MESSAGE, act, "jo", text);
}

static void
only_what_lies_before_a_decision_is_in_view(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    memset(&made, 0, sizeof(made));
    chat(&made, 0, ACT_NONE, "row zero");
    chat(&made, 1, ACT_NONE, "row one")->significance = SIGNIFICANCE_STANDARD;
    chat(&made, 2, ACT_NONE, "row two");
    /* Within three minutes: it may lie behind the decision. */
    chat(&made, 3, ACT_NONE, "row three")->uncertainty_ns = 3 * NS_PER_MINUTE;
    chat(&made, 4, ACT_NONE, "row four")->uncertainty_ns = NS_PER_MINUTE;
    chat(&made, 5, ACT_NONE, "row five");
    chat(&made, 5, ACT_DECISION, "we decide first");
    chat(&made, 7, ACT_NONE, "row seven");
    chat(&made, 8, ACT_DECISION, "we decide second");
    chat(&made, 8, ACT_DECISION, "we decide third");
    deploy_finish(&made);
    render(&made.incident, REPORT_facilitator, &out);
    const char *first = strstr(out.ptr, "“we decide first”. How did it look");
    const char *second = strstr(out.ptr, "“we decide second”. How did it look");
    const char *third = strstr(out.ptr, "“we decide third”. How did it look");
    assert_non_null(first);
    assert_non_null(second);
    assert_non_null(third);
    assert_true(has(first, "In view before it: 2026-03-01 10:00 UTC “row zero”; 2026-03-01 10:02 "
                           "UTC “row two”; 2026-03-01 10:04 UTC “row four”["));
    assert_true(has(second, "In view since the decision before: 2026-03-01 10:03 UTC “row three”; "
                            "2026-03-01 10:05 UTC “row five”; 2026-03-01 10:07 UTC “row seven”["));
    assert_true(has(third, "No row of note lies between it and the decision before."));
    strbuf_release(&out);
}

static void
rows_of_standard_width_are_shown_where_no_key_row_is(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    memset(&made, 0, sizeof(made));
    chat(&made, 0, ACT_NONE, "row zero")->significance = SIGNIFICANCE_STANDARD;
    chat(&made, 1, ACT_NONE, "row one")->significance = SIGNIFICANCE_FULL;
    chat(&made, 2, ACT_DECISION, "we decide");
    deploy_finish(&made);
    render(&made.incident, REPORT_facilitator, &out);
    assert_true(has(out.ptr, "In view before it: 2026-03-01 10:00 UTC “row zero”["));
    strbuf_release(&out);
}

static void
the_last_rows_are_shown_and_all_are_counted(void **state)
{
    (void)state;
    static struct deploy made;
    struct strbuf out;
    memset(&made, 0, sizeof(made));
    for (int minute = 0; minute < 7; minute++)
        chat(&made, minute, ACT_NONE, "a row");
    chat(&made, 8, ACT_DECISION, "we decide");
    deploy_finish(&made);
    render(&made.incident, REPORT_facilitator, &out);
    assert_true(has(out.ptr, "In view before it (the last 5 of 7 rows of note): 2026-03-01 10:02"));
    strbuf_release(&out);
}

#define MANY 250

static void
of_many_decisions_the_first_are_asked_about(void **state)
{
    (void)state;
    static struct entry entries[MANY];
    static char ids[MANY][33];
    struct strbuf out;
    for (size_t i = 0; i < MANY; i++) {
        snprintf(ids[i], sizeof(ids[i]), "%04zxabcdef0123456789abcdef012345", i);
        entries[i] = (struct entry){.entry_id = sv_from(ids[i]),
                                    .time_ns = DEPLOY_AT((int64_t)i),
                                    .kind = ENTRY_DECISION,
                                    .record_kind = RECORD_CHAT,
                                    .act = ACT_DECISION,
                                    .significance = SIGNIFICANCE_KEY,
                                    .text = SV("we decide"),
                                    .occurrences = 1};
    }
    const struct incident incident = {.entries = entries, .entry_count = MANY};
    render(&incident, REPORT_facilitator, &out);
    size_t asked = 0;
    for (const char *at = out.ptr; (at = strstr(at, "How did it look at that moment")) != NULL;
         at++)
        asked++;
    assert_int_equal(asked, 100);
    assert_true(has(out.ptr, "More decisions in the full timeline: 150."));
    strbuf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_other_documents_are_as_expected),
        cmocka_unit_test(lint_finds_prompts_only),
        cmocka_unit_test(every_form_has_each_document),
        cmocka_unit_test(an_incident_with_nothing_in_it_has_them_too),
        cmocka_unit_test(documents_are_found_by_their_names),
        cmocka_unit_test(only_what_lies_before_a_decision_is_in_view),
        cmocka_unit_test(rows_of_standard_width_are_shown_where_no_key_row_is),
        cmocka_unit_test(of_many_decisions_the_first_are_asked_about),
        cmocka_unit_test(the_last_rows_are_shown_and_all_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
