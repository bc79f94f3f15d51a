/*
 * Templates of a draft: order, texts and variables are the template's; what it may not say is an
 * error that names file and line, found without a draft as well as with one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "hindcast/report.h"

static const struct incident incident = {.title = SV("a | title {number}"), .record_count = 7};

static int
render(const char *text, struct strbuf *out, struct err *err)
{
    const struct report_template template = {"team/postmortem.tsv", sv_from(text)};
    const struct report_context context = {.template = &template,
                                           .number = SV("INC-2026-0042"),
                                           .tz_version = SV("2025b"),
                                           .digest_hex = SV("00ff")};
    size_t left_out;
    *err = (struct err){0};
    strbuf_init(out, 0);
    return report_markdown(&incident, &context, out, &left_out, err);
}

static void
need(const char *text, const char *expected)
{
    struct strbuf out;
    struct err err;
    if (render(text, &out, &err) != 0)
        fail_msg("%s", err.message);
    assert_string_equal(out.ptr, expected);
    strbuf_release(&out);
}

static void
the_template_has_order_and_texts(void **state)
{
    (void)state;
    need("# of the team\n"
         "title\ttitle\tReview of {incident}\n"
         "\n"
         "heading\tquestions\tWhat is open\n"
         "fill\tquestions\t\n"
         "heading\tlegal\tLegal\r\n"
         "mark\tlegal\tnothing is listed\n"
         "prompt\tlegal\twas {number} told to the regulator? `tell` {{x}\n"
         "table\tlegal\tWho | When\n",
         "# Review of INC-2026-0042: a \\| title \\{number\\}\n\n"
         "## 1. What is open\n\n"
         "> No contradiction between records was found.\n\n"
         "## 2. Legal\n\n"
         "| Who | When |\n|---|---|\n| | |\n\n"
         "- TODO(human): was INC-2026-0042 told to the regulator? `tell` {x}\n");
}

/* A section may fill in what two had before. */
static void
sections_may_be_joined(void **state)
{
    (void)state;
    need("title\tt\tT\nheading\tlessons\tLessons\nfill\twell\nfill\tpoorly\t\n",
         "# T\n\n## 1. Lessons\n\n> No candidate was found in the records.\n");
}

static void
each_variable_stands_for_something(void **state)
{
    (void)state;
    need("title\tt\t{incident}|{number}|{title}|{entries}|{records}|{sources}|{missing}|{zone}|"
         "{tz}|{digest}\n",
         "# INC-2026-0042: a \\| title \\{number\\}|INC-2026-0042|a \\| title \\{number\\}|0|7|"
         "nothing|alerts, chat, changes, logs, status page, metrics, notes|UTC|2025b|00ff\n");
}

static const struct {
    const char *text, *message;
} refused[] = {
    {"", "team/postmortem.tsv:1: the template has no title"},
    {"title\tt\tT\nnonsense", "team/postmortem.tsv:2: KIND, ID and TEXT stand between tabs, not "
                              "'nonsense'"},
    {"title\tt\tT\nsection\ta\tb\n", "team/postmortem.tsv:2: there is no such kind of line: "
                                     "'section'"},
    {"title\tt\tT\n\nheading\tSum mary\tx\n", "team/postmortem.tsv:3: this is not an id of a "
                                              "section 'Sum mary'"},
    {"title\tt\tT\nheading\ta\tx\nheading\ta\ty\n", "team/postmortem.tsv:3: there is a second "
                                                    "section 'a'"},
    {"title\tt\tT\nheading\ta\tx\nfill\tsumary\t\n", "team/postmortem.tsv:3: the program fills in "
                                                     "no section 'sumary'"},
    {"title\tt\tT\nheading\ta\tx\nfill\twell\t\nfill\twell\t\n",
     "team/postmortem.tsv:4: this is filled in twice: 'well'"},
    {"title\tt\tT\nheading\ta\tx\nfill\twell\tmine\n",
     "team/postmortem.tsv:3: a fill takes no text, not 'mine'"},
    {"title\tt\tT\nheading\ta\tx\nnote\tb\ty\n", "team/postmortem.tsv:3: this does not stand in "
                                                 "the section 'b'"},
    {"title\tt\tT\nheading\ta\tx\ntable\ta\t\n", "team/postmortem.tsv:3: a table needs columns, "
                                                 "not ''"},
    {"heading\ta\tx\n", "team/postmortem.tsv:1: the title comes first, not 'heading'"},
    {"title\tt\tT\ntitle\tt\tU\n", "team/postmortem.tsv:2: the title stands once, before all "
                                   "sections, not 'U'"},
    {"title\tt\t{nmber}\n", "team/postmortem.tsv:1: there is no variable 'nmber'"},
    {"title\tt\tT\nheading\ta\tx\nprompt\ta\tsay {\n",
     "team/postmortem.tsv:3: there is no variable '{'"},
    {"title\tt\t{}\n", "team/postmortem.tsv:1: there is no variable '{}'"},
};

static void
what_is_wrong_is_named_with_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        const struct report_template template = {"team/postmortem.tsv", sv_from(refused[i].text)};
        struct strbuf out;
        struct err err, checked = {0};
        assert_int_equal(render(refused[i].text, &out, &err), -1);
        assert_int_equal(out.len, 0);
        assert_string_equal(err.message, refused[i].message);
        assert_int_equal(err.code, ERR_CONFIG);
        assert_int_equal(report_template_check(&template, &checked), -1);
        assert_string_equal(checked.message, refused[i].message);
        strbuf_release(&out);
    }
}

static void
sizes_have_limits(void **state)
{
    (void)state;
    struct strbuf text, out;
    struct err err;
    strbuf_init(&text, 0);
    strbuf_add_text(&text, "title\tt\tT\n");
    for (int i = 1; i <= 101; i++)
        strbuf_addf(&text, "heading\ts%d\tx\n", i);
    assert_int_equal(render(text.ptr, &out, &err), -1);
    assert_string_equal(err.message, "team/postmortem.tsv:102: there are too many sections from "
                                     "here on: 's101'");
    strbuf_release(&out);
    while (text.len <= 256U << 10)
        strbuf_add_text(&text, "# more\n");
    assert_int_equal(render(text.ptr, &out, &err), -1);
    assert_string_equal(err.message, "team/postmortem.tsv: the template is larger than 256 KiB");
    strbuf_release(&out);
    strbuf_release(&text);
}

static void
the_one_in_the_program_is_right(void **state)
{
    (void)state;
    struct err err = {0};
    const struct report_template template = report_template_built_in(REPORT_postmortem);
    assert_int_equal(report_template_check(&template, &err), 0);
}

/* The first block of template in the manual: what is written there works. */
static void
the_example_of_the_manual_is_right(void **state)
{
    (void)state;
    static char manual[1 << 20];
    FILE *file = fopen("docs/postmortem.md", "r");
    assert_non_null(file);
    manual[fread(manual, 1, sizeof(manual) - 1, file)] = '\0';
    fclose(file);
    char *example = strstr(manual, "\n```tsv\n"), *end;
    assert_non_null(example);
    example += 8;
    end = strstr(example, "\n```");
    assert_non_null(end);
    end[1] = '\0';
    struct strbuf out;
    struct err err;
    if (render(example, &out, &err) != 0)
        fail_msg("%s", err.message);
    assert_true(
        sv_starts(strbuf_view(&out), SV("# INC-2026-0042: review\n\n> In view: nothing; ")));
    assert_non_null(strstr(out.ptr,
                           "\n## 1. Impact on customers\n\n- TODO(human): how many payments "
                           "were declined, and how is that known? (No alert "));
    assert_non_null(strstr(out.ptr, "\n| Told on | By | Reference |\n"));
    assert_non_null(strstr(out.ptr, "\n## 5. Sources\n"));
    strbuf_release(&out);
}

/* Each fill, kind and variable that the program knows is in the manual. */
static void
the_manual_names_what_there_is(void **state)
{
    (void)state;
    static char manual[1 << 20];
    static const char *const words[] = {
#define VARIABLE(name, meaning) "`{" #name "}`",
#include "report/variables.def"
#undef VARIABLE
        "| `title` |",  "| `heading` |", "| `note` |", "| `fill` |",
        "| `prompt` |", "| `mark` |",    "| `table` |"};
    FILE *file = fopen("docs/postmortem.md", "r");
    assert_non_null(file);
    manual[fread(manual, 1, sizeof(manual) - 1, file)] = '\0';
    fclose(file);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strstr(manual, words[i]) == NULL)
            fail_msg("the manual does not name %s", words[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_template_has_order_and_texts),
        cmocka_unit_test(sections_may_be_joined),
        cmocka_unit_test(each_variable_stands_for_something),
        cmocka_unit_test(what_is_wrong_is_named_with_its_line),
        cmocka_unit_test(sizes_have_limits),
        cmocka_unit_test(the_one_in_the_program_is_right),
        cmocka_unit_test(the_example_of_the_manual_is_right),
        cmocka_unit_test(the_manual_names_what_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
