/*
 * Lint of postmortems: the examples of every rule, what is nobody's wording, sentences, comments
 * that allow, mending, places, limits, files of rules with errors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/lint/lint.h"

static struct lint_rules *rules;
static struct arena arena;

static int
set_up(void **state)
{
    (void)state;
    struct err err = {0};
    arena_init(&arena, 0);
    if (lint_rules_new(SV_NONE, NULL, &rules, &err) != 0)
        fail_msg("%s", err.message);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    lint_rules_free(rules);
    arena_release(&arena);
    return 0;
}

static struct lint_findings
lint(const char *text)
{
    struct lint_findings findings;
    struct err err = {0};
    if (lint_text(rules, sv_from(text), &arena, &findings, &err) != 0)
        fail_msg("%s", err.message);
    return findings;
}

static struct sv
name_of(const struct lint_finding *finding)
{
    return lint_rules_at(rules, finding->rule).name;
}

/* "rule rule": what is told, in order, without what is allowed. */
static void
expect(const char *text, const char *ids)
{
    struct lint_findings findings = lint(text);
    struct strbuf got;
    strbuf_init(&got, 0);
    for (size_t i = 0; i < findings.count; i++)
        if (!findings.items[i].allowed)
            strbuf_addf(&got, "%s" SV_FMT, got.len > 0 ? " " : "",
                        SV_ARG(name_of(&findings.items[i])));
    if (strcmp(got.len > 0 ? got.ptr : "", ids) != 0)
        fail_msg("in '%s' wanted '%s', got '%s'", text, ids, got.len > 0 ? got.ptr : "");
    strbuf_release(&got);
}

static void
every_example_of_every_rule_does_as_it_says(void **state)
{
    (void)state;
    struct err err = {0};
    assert_true(lint_rules_count(rules) >= 25);
    if (lint_rules_prove(rules, &err) != 0)
        fail_msg("%s", err.message);
}

/* ---- what is nobody's wording ---- */

#define NOTE "\n[^1]: e:0123456789ab, 2026-03-03T14:00:00Z, web.log:7, SHA-256 00\n"

static void
only_wording_of_somebody_is_looked_at(void **state)
{
    (void)state;
    expect("It was human error.", "blame-label");
    expect("    It was human error.", "");
    expect("~~~\nIt was human error.\n~~~\n", "");
    expect("```text\nIt was human error.\n```\nThen human error.", "blame-label");
    expect("It was ``a `human error` b`` then.", "");
    expect("> It was\nhuman error.\n\nAnd more.", "");
    expect("---\nnote: human error\n---\nFine.", "");
    expect("a <!-- human\nerror --> b", "");
    expect("<!--\nhuman error\n\nhuman error\n-->\nfine", "");
    expect("```\n<!-- not a comment\n```\nIt was human error.", "blame-label");
    expect("| a | b |\n|---|---|\n| It was human error. | [^1] |\n" NOTE, "");
    expect("| a | b |\n|---|---|\n| It was human error. | [^1] |\n\n[^1]: seen\n", "blame-label");
    expect("- It was “human error” and ”human error” they said.[^1]\n" NOTE, "");
    expect("See <https://example.org/human error> there.", "");
    expect("He wrote \"it was human error\" in the log.", "");
    expect("Size 5\" disk, human error, 7\" disk", "blame-label");
    expect("Text\n===\n\nHuman error\n---\n\nfine", "");
    expect("1. It was\n   human error.\n2. fine", "blame-label");
    expect("It was __human__ *error*.", "blame-label");
    expect("It was human\xC2\xA0"
           "error.",
           "blame-label");
    expect("It was hu\xC2\xAD"
           "man err\xE2\x80\x8B"
           "or.",
           "blame-label");
    expect("The canary should\\'ve caught it.", "counterfactual");
    expect("The canary shouldn\xE2\x80\x99t have passed.", "counterfactual");
}

static void
sentences_end_where_they_do(void **state)
{
    (void)state;
    /* Clearly at the start of a sentence is told, within one it is not. */
    expect("It fell. Clearly it was slow.", "minimizer");
    expect("It fell, e.g. clearly in pieces.", "");
    expect("It fell at 3 p.m. Clearly in pieces.", "");
    expect("The graph by J. Clearly shows it.", "");
    expect("It fell (twice.) Clearly it was slow.", "minimizer");
    expect("It fell!\nClearly it was slow.", "minimizer");
    expect("- It fell\n- Clearly it was slow", "minimizer");
    expect("| a | b |\n|---|---|\n| It fell | Clearly it was slow |", "minimizer");
    expect("Version 2.4.1 clearly 0.5 better.", "");
}

/* ---- allowing, mending, places ---- */

static void
comments_allow_on_their_line_or_for_what_follows(void **state)
{
    (void)state;
#define ALLOW "<!-- lint: allow blame-label it is the name of a book -->"
    expect("Human error. " ALLOW, "");
    expect("We read\nHuman error " ALLOW "\nand more human error.", "");
    expect("Human error. " ALLOW "\n\nHuman error.", "blame-label");
    expect(ALLOW "\n\nHuman error.", "");
    expect(ALLOW "\n| a |\n|---|\n| human error |\n| human error |\n", "");
    expect("| a |\n|---|\n| human error | " ALLOW "\n| human error |\n", "blame-label");
    expect("`" ALLOW "` Human error.", "blame-label");
    struct lint_findings findings = lint("Human error. " ALLOW);
    assert_int_equal(findings.count, 1);
    assert_true(findings.items[0].allowed);
    assert_true(sv_eq(findings.items[0].reason, SV("it is the name of a book")));
}

static void
fixed(const char *text, const char *wanted)
{
    struct lint_findings findings = lint(text);
    struct strbuf out;
    strbuf_init(&out, 0);
    lint_fix(sv_from(text), &findings, &out);
    if (strcmp(out.ptr, wanted) != 0)
        fail_msg("'%s' became '%s', not '%s'", text, out.ptr, wanted);
    strbuf_release(&out);
}

static void
what_is_mended_keeps_every_other_byte(void **state)
{
    (void)state;
    fixed("Obviously it was slow.\r\nYes.\r\n", "It was slow.\r\nYes.\r\n");
    fixed("In hindsight, the cache was cold.", "The cache was cold.");
    fixed("We were, of course, late.", "We were late.");
    fixed("It was slow, obviously.", "It was slow.");
    fixed("It was obviously slow.", "It was slow.");
    fixed("It was slow in hindsight.", "It was slow.");
    /* For a person: the words end a line, or stand in marks, or what would begin is no word. */
    fixed("It was obviously\nslow.", "It was obviously\nslow.");
    fixed("It was **obviously** slow.", "It was **obviously** slow.");
    fixed("Obviously `x` failed.", "Obviously `x` failed.");
    fixed("Obviously slow. <!-- lint: allow hindsight a quotation -->",
          "Obviously slow. <!-- lint: allow hindsight a quotation -->");
    fixed("Nothing to mend: human error.", "Nothing to mend: human error.");
}

static void
places_count_lines_and_characters(void **state)
{
    (void)state;
    struct lint_findings findings = lint("\xEF\xBB\xBF# Ä\r\n\r\nÄö was human\r\nerror.\n");
    assert_int_equal(findings.count, 1);
    assert_int_equal(findings.items[0].line, 3);
    assert_int_equal(findings.items[0].column, 8);
    assert_int_equal(findings.items[0].end_line, 4);
    assert_int_equal(findings.items[0].end_column, 6);
}

/* ---- limits ---- */

static void
limits_are_told(void **state)
{
    (void)state;
    struct lint_findings findings;
    struct err err = {0};
    char *big = malloc(LINT_BYTES_MAX + 1);
    assert_non_null(big);
    memset(big, 'a', LINT_BYTES_MAX + 1);
    assert_int_equal(lint_text(rules, sv_of(big, LINT_BYTES_MAX + 1), &arena, &findings, &err), -1);
    assert_int_equal(err.code, ERR_LIMIT);
    free(big);
    assert_int_equal(lint_text(rules, SV("a\xFFz"), &arena, &findings, &err), -1);
    assert_int_equal(err.code, ERR_BAD_RECORD);
    struct strbuf many;
    strbuf_init(&many, 0);
    for (size_t i = 0; i < LINT_FINDINGS_MAX + 5; i++)
        strbuf_add_text(&many, "human error.\n\n");
    findings = lint(many.ptr);
    assert_int_equal(findings.count, LINT_FINDINGS_MAX);
    assert_int_equal(findings.left_out, 5);
    strbuf_release(&many);
}

static size_t
count_of(const struct lint_findings *findings, const char *id)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++)
        count += sv_eq(name_of(&findings->items[i]), sv_from(id));
    return count;
}

/* What compiles patterns for long texts finds the same. */
static void
a_large_document_is_read_as_a_small_one(void **state)
{
    (void)state;
    struct strbuf text;
    strbuf_init(&text, 0);
    for (size_t i = 0; i < 3000; i++)
        strbuf_add_text(&text, "The canary should have caught it. Redis failed to start.\n\n");
    strbuf_add_text(&text, "We");
    for (size_t i = 0; i < 5000; i++)
        strbuf_add_text(&text, " had has");
    strbuf_add_text(&text, " failed to check it.");
    struct lint_findings findings = lint(text.ptr);
    assert_int_equal(count_of(&findings, "counterfactual"), 3000);
    assert_int_equal(count_of(&findings, "failed-to"), 1);
    strbuf_release(&text);
}

/* Marks that nothing closes, within the limit of a document. */
static void
marks_without_an_end_are_text(void **state)
{
    (void)state;
    static const char *const marks[] = {"[", "[a](", "`", "<a", "<!-- ", " \"a", "“a ", "*a", "[^"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        struct strbuf text;
        strbuf_init(&text, 0);
        strbuf_add_text(&text, "It was human error. x ");
        for (size_t k = 0; k < 20000; k++)
            strbuf_add_text(&text, marks[i]);
        strbuf_add_text(&text, "\n\nIt was human error.");
        struct lint_findings findings = lint(text.ptr);
        assert_int_equal(count_of(&findings, "blame-label"), 2);
        strbuf_release(&text);
    }
}

/* Nothing that Markdown may be cut to or made of is read past its end (AddressSanitizer). */
static void
cut_at_every_byte_it_is_read(void **state)
{
    (void)state;
    static const char text[] = "---\na: b\n---\n# T\n\n- [ ] a `b` **c** [d](e) [f][g] ![h](i) <j> "
                               "<!-- k --> “l” \"m\" n.\n"
                               "> o\n\n| p | q |\n|---|:-:|\n| r \\| s | t | [^1] "
                               "|\n\nu\n===\n\n~~~x\ny\n~~~\n"
                               "From 2026-03-03 14:00 UTC to 14:30 (30 min), at 2:15 pm. http://z/";
    for (size_t i = 0; i < sizeof(text); i++) {
        char *cut = malloc(i + 1);
        assert_non_null(cut);
        memcpy(cut, text, i);
        struct lint_findings findings;
        struct err err = {0};
        int status = lint_text(rules, sv_of(cut, i), &arena, &findings, &err);
        free(cut);
        if (status != 0)
            assert_int_equal(err.code, ERR_BAD_RECORD); /* within a character */
    }
}

/* ---- rules of a team ---- */

static void
team(const char *text, const char *message)
{
    struct lint_rules *own = NULL;
    struct err err = {0};
    int status = lint_rules_new(sv_from(text), "team.ini", &own, &err);
    if (status == 0)
        lint_rules_free(own);
    if (strcmp(status == 0 ? "" : err.message, message) != 0)
        fail_msg("of '%s' wanted '%s', got '%s'", text, message, status == 0 ? "" : err.message);
}

static void
errors_in_rules_of_a_team_name_the_line(void **state)
{
    (void)state;
    team(
        "# ours\n[our-word]\npattern = \\bfoo\\b\nmessage = a word\nfires = a foo\nquiet = a bar\n",
        "");
    team("[hindsight]\nseverity = off\n", "");
    team("@person = the crew\n", "");
    team("[a]\nmessage = x\npattern = (\n",
         "team.ini:3: not a pattern: missing closing parenthesis, behind '('");
    team("[a]\nmessage = x\npattern = {{nobody}}\n", "team.ini:3: there is no list 'nobody'");
    team("\n[a]\nmessage = x\n", "team.ini:2: [a] has neither pattern nor check");
    team("[a]\npattern = x\n", "team.ini:1: [a] has no message");
    team("[a]\nseverity = bad\n", "team.ini:2: severity is note, warning, error or off, not 'bad'");
    team("[a]\ncheck = bad\n", "team.ini:2: there is no check 'bad'");
    team("[a]\nin = bad\n", "team.ini:2: there is no section 'bad'");
    team("[a]\nfix = bad\n", "team.ini:2: fix is none, delete, or replace TEXT, not 'bad'");
    team("[a]\nbad = x\n", "team.ini:2: there is no key 'bad'");
    team("[a]\nbad\n", "team.ini:2: neither [name], @name = words nor key = value: 'bad'");
    team("bad = x\n", "team.ini:1: before the first [name] stands 'bad'");
    team("[A b]\n", "team.ini:1: a section is [name] in small letters, digits and hyphens, or the "
                    "id of a rule, not '[A b]'");
    team("[a]\nmessage = x\npattern = y\n[a]\n", "team.ini:4: there are two sections 'a'");
    team("[a]\nmessage = x\npattern = y\nfires = z\n",
         "team.ini:4: [a] finds nothing in this example");
    team("[a]\nmessage = x\npattern = y\nquiet = y\n",
         "team.ini:4: [a] finds something in this example");
    team("[a]\nmessage = \xFF\n", "team.ini is not UTF-8 text");
}

static void
a_pattern_that_takes_too_long_is_given_up(void **state)
{
    (void)state;
    struct lint_rules *own = NULL;
    struct lint_findings findings;
    struct err err = {0};
    assert_int_equal(
        lint_rules_new(SV("[slow]\nmessage = x\npattern = (?:a+)+[bc]\n"), "team.ini", &own, &err),
        0);
    char text[4001];
    memset(text, 'a', 4000);
    text[4000] = '\0';
    assert_int_equal(lint_text(own, sv_from(text), &arena, &findings, &err), -1);
    assert_int_equal(err.code, ERR_LIMIT);
    assert_string_equal(err.message, "[slow]: a pattern takes too long");
    lint_rules_free(own);
}

/* ---- our own drafts ---- */

static struct sv
read_golden(const char *path)
{
    char *text = arena_alloc(&arena, 1 << 20);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    text[size] = '\0';
    assert_true(size > 1000);
    return sv_of(text, size);
}

static void
our_drafts_have_nothing_but_prompts(void **state)
{
    (void)state;
    static const char *const drafts[] = {"tests/fixtures/report/deploy/expected.md",
                                         "tests/fixtures/report/empty/expected.md"};
    for (size_t i = 0; i < 2; i++) {
        struct sv text = read_golden(drafts[i]);
        struct lint_findings findings = lint(text.ptr);
        size_t prompts = 0;
        for (size_t k = 0; k < findings.count; k++) {
            if (!sv_eq(name_of(&findings.items[k]), SV("prompt-left")))
                fail_msg("%s:%zu: " SV_FMT, drafts[i], findings.items[k].line,
                         SV_ARG(findings.items[k].message));
            assert_int_equal(findings.items[k].level, LINT_NOTE);
            prompts++;
        }
        assert_true(prompts >= 15);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_of_every_rule_does_as_it_says),
        cmocka_unit_test(only_wording_of_somebody_is_looked_at),
        cmocka_unit_test(sentences_end_where_they_do),
        cmocka_unit_test(comments_allow_on_their_line_or_for_what_follows),
        cmocka_unit_test(what_is_mended_keeps_every_other_byte),
        cmocka_unit_test(places_count_lines_and_characters),
        cmocka_unit_test(limits_are_told),
        cmocka_unit_test(a_large_document_is_read_as_a_small_one),
        cmocka_unit_test(marks_without_an_end_are_text),
        cmocka_unit_test(cut_at_every_byte_it_is_read),
        cmocka_unit_test(errors_in_rules_of_a_team_name_the_line),
        cmocka_unit_test(a_pattern_that_takes_too_long_is_given_up),
        cmocka_unit_test(our_drafts_have_nothing_but_prompts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
