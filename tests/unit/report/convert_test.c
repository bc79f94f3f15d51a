/*
 * The Markdown of a draft in another form: what nobody edited is what the writer of that form makes
 * of the records; what people wrote is there, and stays text whatever it says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/text/escape.h"
#include "hindcast/report.h"
#include "report/render/convert.h"
#include "tests/lib/attacks.h"
#include "tests/lib/deploy_incident.h"
#include "tests/lib/form_frame.h"

static struct deploy made;
static struct strbuf out;

static void
write_form(const char *form, struct strbuf *ret_text)
{
    struct report_template template = report_template_built_in(REPORT_postmortem);
    const struct report_context context = {
        .template = &template, .number = SV("INC-2026-0042"), .digest_hex = SV("00ff00ff")};
    const struct stored_incident stored = {.number = SV("INC-2026-0042")};
    struct document document;
    struct err err = {0};
    size_t left_out;
    if (report_document(&made.incident, &context, &document, &left_out, &err) != 0)
        fail_msg("%s", err.message);
    strbuf_init(ret_text, 0);
    document_writer_find(form)->write(&(struct writing){.document = &document, .stored = &stored},
                                      ret_text);
    document_release(&document);
}

static const char *
convert(const char *form, struct sv text)
{
    strbuf_clear(&out);
    assert_true(convert_markdown(text, document_writer_find(form), &out));
    return out.ptr;
}

/* Jira lets a mark be escaped or not, and our two ways there know different amounts of a line. */
static void
drop_backslashes(struct strbuf *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->len; i++)
        if (text->ptr[i] != '\\')
            text->ptr[kept++] = text->ptr[i];
    text->ptr[text->len = kept] = '\0';
}

static void
what_nobody_edited_is_what_the_writer_makes(void **state)
{
    static const char *const forms[] = {"markdown", "confluence", "gdocs", "text", "jira"};
    struct strbuf markdown, wanted;
    (void)state;
    deploy_make(&made);
    write_form("markdown", &markdown);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        write_form(forms[i], &wanted);
        convert(forms[i], strbuf_view(&markdown));
        if (strcmp(forms[i], "jira") == 0) {
            drop_backslashes(&wanted);
            drop_backslashes(&out);
        }
        assert_string_equal(out.ptr, wanted.ptr);
        strbuf_release(&wanted);
    }
    strbuf_release(&markdown);
}

static void
some_forms_need_records(void **state)
{
    static const char *const forms[] = {"html", "json", "slack"};
    (void)state;
    strbuf_clear(&out);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        assert_false(convert_markdown(SV("# T\n"), document_writer_find(forms[i]), &out));
    assert_int_equal(out.len, 0);
}

#define EDITED                                                                                     \
    "# T\n\nCustomers *could not* pay:\nnot one.[^9][^1]\n\n- one\n  - below it\n1. first\n\n"     \
    "| a | b |\n|---|---|\n| x |\n| y | z \\| w |\n\n```\n<b>\n```\n\n> said **so**\n\n"           \
    "See [the graph](https://graph.example/1) and [this](javascript:x).[^none]\n\n"                \
    "- TODO(human): who?\n\n[^1]: e:1\n[^9]: the `CTO`\n[^7]: nobody\n"

static void
what_people_wrote_is_there(void **state)
{
    (void)state;
    assert_string_equal(
        convert("text", SV(EDITED)),
        "T\n\nCustomers *could not* pay: not one.[1][2]\n\n- one\n- below it\n- first\n\n"
        "| a | b |\n| x | |\n| y | z | w |\n\n<b>\n\nNote: said so\n\n"
        "See the graph (https://graph.example/1) and [this](javascript:x).[^none]\n\n"
        "- TODO(human): who?\n\n== Evidence ==\n\n[1] the CTO\n[2] e:1\n");
    convert("confluence", SV(EDITED));
    assert_non_null(strstr(out.ptr, "<p>Customers *could not* pay: not one.<sup>"));
    assert_non_null(strstr(out.ptr, "<tr><td>x</td><td></td></tr>"));
    assert_non_null(strstr(out.ptr, "<p><code>&lt;b&gt;</code></p>"));
    assert_non_null(strstr(out.ptr, "<p>said <strong>so</strong></p>"));
    assert_null(strstr(out.ptr, "href=\"javascript"));
    /* No end to any of it. */
    static const char *const open[] = {"**",  "`",     "[^1",    "<http://", "[a](", "\\",
                                       "&lt", "| a\n", "```\nx", "**`[^<",   ""};
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        for (size_t w = 0; w < document_writers_count; w++) {
            strbuf_clear(&out);
            (void)convert_markdown(sv_from(open[i]), &document_writers[w], &out);
        }
    assert_string_equal(convert("text", SV("a ** b")), "a ** b\n");
}

/* As a paragraph, an item, a cell, a quotation: each form has the frame that plain words have. */
static void
text_stays_text(void **state)
{
    static const char *const forms[] = {"confluence", "jira", "gdocs"};
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    struct strbuf escaped, text, plain, frame;
    (void)state;
    strbuf_init(&escaped, 0);
    strbuf_init(&text, 0);
    strbuf_init(&plain, 0);
    strbuf_init(&frame, 0);
    for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++)
        for (size_t i = 0; i <= count; i++) {
            strbuf_clear(&escaped);
            escape_markdown(&escaped, i == 0 ? SV("words") : attacks[i - 1].text);
            if (escaped.len == 0 || strstr(escaped.ptr, "http") != NULL)
                continue; /* nothing to see, or a link, which the frame has */
            strbuf_clear(&text);
            strbuf_addf(&text, "# %s\n\n%s\n\n- %s\n\n| a | b |\n|---|---|\n| %s | x |\n\n> %s\n",
                        escaped.ptr, escaped.ptr, escaped.ptr, escaped.ptr, escaped.ptr);
            convert(forms[f], strbuf_view(&text));
            strbuf_clear(i == 0 ? &plain : &frame);
            assert_true(form_frame(forms[f], strbuf_view(&out), i == 0 ? &plain : &frame));
            if (i > 0 && !sv_eq(strbuf_view(&frame), strbuf_view(&plain)))
                fail_msg("%s, %s: %s", forms[f], attacks[i - 1].name, out.ptr);
        }
    strbuf_release(&escaped);
    strbuf_release(&text);
    strbuf_release(&plain);
    strbuf_release(&frame);
}

static int
start(void **state)
{
    (void)state;
    strbuf_init(&out, 0);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    strbuf_release(&out);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_edited_is_what_the_writer_makes),
        cmocka_unit_test(some_forms_need_records),
        cmocka_unit_test(what_people_wrote_is_there),
        cmocka_unit_test(text_stays_text),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
