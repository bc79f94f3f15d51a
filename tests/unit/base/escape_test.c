/*
 * Text from outside: what steers a terminal or deceives a reader never passes, everything else
 * does, and each form says what the text said and no more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/escape.h"
#include "base/text/json_writer.h"
#include "base/text/utf8.h"
#include "base/text/visible.h"
#include "tests/lib/attacks.h"
#include "tests/lib/form_frame.h"

static size_t
encode(uint32_t point, char *out)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3f));
    out[0] = (char)((0xf00 >> length & 0xff) | point);
    return length;
}

static bool
passes(uint32_t point)
{
    char bytes[4];
    size_t length = encode(point, bytes);
    struct strbuf out;
    strbuf_init(&out, 0);
    escape_terminal(&out, sv_of(bytes, length));
    bool same = sv_eq(strbuf_view(&out), sv_of(bytes, length));
    assert_true(utf8_valid(strbuf_view(&out)));
    strbuf_release(&out);
    return same;
}

static void
what_steers_or_deceives_does_not_pass(void **state)
{
    (void)state;
    static const uint32_t harmful[] = {
        0xad,   0x61c,  0x180e, 0x200b, 0x200c, 0x200d, 0x200e,  0x200f,  0x2028,  0x2029,
        0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff, 0xfff9,  0xe0001, 0xe007f, 0xe0100,
        0xfe00, 0xfe0d, 0x3164, 0xfdd0, 0xfffe, 0xffff, 0x1d173, 0x1343f, 0x16fe4};
    static const uint32_t plain[] = {0x20,   0x7e,   0xa0,   0xe9,    0x416, 0x5d0,   0x3042,
                                     0x2026, 0xfe0f, 0xfffd, 0x1f600, 0x301, 0x10ffff};
    for (uint32_t c = 0; c < 0x20; c++)
        assert_false(passes(c));
    for (uint32_t c = 0x7f; c < 0xa0; c++)
        assert_false(passes(c));
    for (size_t i = 0; i < sizeof(harmful) / sizeof(harmful[0]); i++)
        if (passes(harmful[i]))
            fail_msg("U+%04X passes", harmful[i]);
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        if (!passes(plain[i]))
            fail_msg("U+%04X does not pass", plain[i]);
}

/* Any one or two bytes before a letter: the letter stays, and what comes out is UTF-8. */
static void
broken_bytes_become_marks(void **state)
{
    (void)state;
    struct strbuf out;
    strbuf_init(&out, 0);
    for (int a = 0; a < 256; a++)
        for (int b = 0; b < 256; b++) {
            const char bytes[] = {(char)a, (char)b, 'z'};
            strbuf_clear(&out);
            escape_terminal(&out, sv_of(bytes, sizeof(bytes)));
            assert_true(utf8_valid(strbuf_view(&out)));
            assert_int_equal(out.ptr[out.len - 1], 'z');
            assert_null(memchr(out.ptr, 0x1b, out.len));
        }
    strbuf_release(&out);
}

static void
a_line_stays_one_line(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    visible_line(to, "name %s is %d", "a\nsent 9 records\r\x1b[2J\xff", 3);
    fclose(to);
    assert_string_equal(text, "name a sent 9 records \xef\xbf\xbd[2J\xef\xbf\xbd is 3\n");
    free(text);
}

/* ---- each form ---- */

static char *
made(void (*make)(struct strbuf *, struct sv), struct sv text)
{
    static struct strbuf out;
    strbuf_release(&out);
    strbuf_init(&out, 0);
    strbuf_add_text(&out, "");
    make(&out, text);
    return out.ptr;
}

#define MADE(make, text) made(make, SV(text))

static void
cells_of_csv(void **state)
{
    (void)state;
    assert_string_equal(MADE(escape_csv, ""), "");
    assert_string_equal(MADE(escape_csv, "plain"), "plain");
    assert_string_equal(MADE(escape_csv, "a,b"), "\"a,b\"");
    assert_string_equal(MADE(escape_csv, "say \"no\""), "\"say \"\"no\"\"\"");
    assert_string_equal(MADE(escape_csv, "a;b"), "\"a;b\"");
    assert_string_equal(MADE(escape_csv, "a b"), "\"a b\"");
    assert_string_equal(MADE(escape_csv, "=1+2"), "\"'=1+2\"");
    assert_string_equal(MADE(escape_csv, "+1"), "\"'+1\"");
    assert_string_equal(MADE(escape_csv, "-1"), "\"'-1\"");
    assert_string_equal(MADE(escape_csv, "@x"), "\"'@x\"");
    assert_string_equal(MADE(escape_csv, " \t=x"), "\"'  =x\"");
    assert_string_equal(MADE(escape_csv, "\xef\xbc\x9d"
                                         "1"),
                        "\"'\xef\xbc\x9d"
                        "1\"");
    assert_string_equal(MADE(escape_csv, "a\nb"), "\"a b\"");
    assert_string_equal(MADE(escape_csv, "a-b=c"), "a-b=c");
}

static void
markdown_shows_text_only(void **state)
{
    (void)state;
    assert_string_equal(MADE(escape_markdown, "a|b"), "a\\|b");
    assert_string_equal(MADE(escape_markdown, "<b>\n"), "&lt;b&gt;");
    assert_string_equal(MADE(escape_markdown, " \ta  &b "), "a  &amp;b");
    assert_string_equal(MADE(escape_markdown, "[x](y) ![z]"), "\\[x\\](y) \\!\\[z\\]");
    assert_string_equal(MADE(escape_markdown, "- a - b"), "\\- a - b");
    assert_string_equal(MADE(escape_markdown, "\xe2\x80\xa8- a"), "\\- a");
    assert_string_equal(MADE(escape_markdown, "1. a 2. b"), "1\\. a 2. b");
    assert_string_equal(MADE(escape_markdown, "12)"), "12\\)");
    assert_string_equal(MADE(escape_markdown, "1.5 s"), "1.5 s");
    assert_string_equal(MADE(escape_markdown, "1234567890. x"), "1234567890. x");
    assert_string_equal(MADE(escape_markdown, "http://a https://b ftp://c d: e"),
                        "http://a https://b ftp\\://c d: e");
    assert_string_equal(MADE(escape_markdown, "\xff~$#{}_*`\\"),
                        "\xef\xbf\xbd\\~\\$\\#\\{\\}\\_\\*\\`\\\\");
}

static void
html_json_and_labels(void **state)
{
    (void)state;
    assert_string_equal(MADE(escape_html, "<a href=\"x\" b='c'>`&amp;\n\x1b"),
                        "&lt;a href=&quot;x&quot; b=&#39;c&#39;&gt;&#96;&amp;amp; \xef\xbf\xbd");
    assert_string_equal(MADE(escape_json, "\"\\\n\r\t\x01\0\x7f</\xe2\x80\xae\xff"),
                        "\\\"\\\\\\n\\r\\t\\u0001\\u0000\x7f</\xe2\x80\xae\xef\xbf\xbd");
    assert_string_equal(MADE(json_put_string, "a\"b"), "\"a\\\"b\"");
    assert_string_equal(made(json_put_string, SV_NONE), "null");
    assert_string_equal(MADE(escape_label, "a\\\"\n\tb\xe2\x80\xae\xff"),
                        "a\\\\\\\"\\n\tb\xe2\x80\xae\xef\xbf\xbd");
}

static void
xml_jira_and_slack(void **state)
{
    (void)state;
    assert_string_equal(MADE(escape_xml, "<ac:x y=\"1\" z='2'>&amp; {html}\n\x1b\xef\xbf\xbe"),
                        "&lt;ac:x y=&quot;1&quot; z=&#39;2&#39;&gt;&amp;amp; &#123;html&#125; "
                        "\xef\xbf\xbd\xef\xbf\xbd");
    assert_string_equal(MADE(escape_jira, "{code} [a|b] !i! a-b_c"),
                        "\\{code\\} \\[a\\|b\\] \\!i\\! a\\-b\\_c");
    assert_string_equal(MADE(escape_jira, "a\\\\b \\{"), "a&#92;&#92;b &#92;\\{");
    assert_string_equal(MADE(escape_jira, "h1. x"), "h1\\. x");
    assert_string_equal(MADE(escape_jira, "  bq. x h2. y"), "  bq\\. x h2. y");
    assert_string_equal(MADE(escape_jira, "at 10:03 :) ;D a:b"), "at 10:03 \\:) \\;D a:b");
    assert_string_equal(MADE(escape_jira, "https://a file://b"), "https://a file\\://b");
    assert_string_equal(MADE(escape_slack, "<!channel> & a"), "&lt;!channel&gt; &amp; a");
    assert_string_equal(MADE(escape_slack, "snake_case _a_ me@b.example @here"),
                        "snake_case ˍaˍ me@b.example ＠here");
    assert_string_equal(MADE(escape_slack, "*a* ~b~ `c`"), "∗a∗ ∼b∼ ˋcˋ");
}

static void
a_cut_counts_characters(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *cut;
    } cases[] = {{"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 3, "\xc3\xa9\xc3\xa9\xe2\x80\xa6"},
                 {"abc", 3, "abc"},
                 {"abc", 1, "\xe2\x80\xa6"},
                 {"abc", 0, ""},
                 {"", 0, ""},
                 {"a\xff\x1b-", 3, "a\xef\xbf\xbd\xe2\x80\xa6"}};
    struct strbuf out;
    (void)state;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        strbuf_clear(&out);
        strbuf_add_text(&out, "");
        escape_terminal_cut(&out, sv_from(cases[i].text), cases[i].columns);
        assert_string_equal(out.ptr, cases[i].cut);
    }
    strbuf_release(&out);
}

static void
only_plain_addresses_are_links(void **state)
{
    static const char *const others[] = {"",
                                         "javascript:alert(1)",
                                         "data:text/html,x",
                                         "//e.example",
                                         "ftp://e.example",
                                         "xhttp://e",
                                         " http://e",
                                         "http://e/ b",
                                         "http://e/|x",
                                         "http://e/\"x",
                                         "http://e/<x>",
                                         "http://e/`x",
                                         "http://e/[x]",
                                         "http://e/\\x",
                                         "http://e/\nx",
                                         "http://\xe2\x80\xae/",
                                         "http://e/\x7f"};
    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (escape_is_link(sv_from(others[i])))
            fail_msg("'%s' is a link", others[i]);
    assert_false(escape_is_link(SV("http://e/\0x")));
    assert_false(escape_is_link(SV_NONE));
    assert_true(escape_is_link(SV("https://e.example/a?b=c&d=%20#e")));
    assert_true(escape_is_link(SV("HTTP://e")));
}

/* ---- the set of attacks, against each form ---- */

static struct strbuf terminal, shown, back; /* of the attack at hand */

static void
need(bool holds, const struct attack *attack, const char *what)
{
    if (!holds)
        fail_msg("%s: %s: %.300s", attack->name, what, shown.ptr);
}

static void
show(void (*make)(struct strbuf *, struct sv), struct sv text)
{
    strbuf_clear(&shown);
    strbuf_clear(&back);
    strbuf_add_text(&shown, "");
    make(&shown, text);
}

static void
need_harmless(const struct attack *attack, const char *form)
{
    const char *seen = attack_seen(strbuf_view(&shown));
    need(seen == NULL, attack, seen == NULL ? form : seen);
    need(attack_lines(strbuf_view(&shown)) == 0, attack, "more than one line");
}

/* Forms of drafts: shown harmlessly, read back as what a terminal shows. */
static void
try_form(const struct attack *attack, const char *form, void (*make)(struct strbuf *, struct sv),
         struct sv text)
{
    struct strbuf wanted;
    show(make, text);
    need_harmless(attack, form);
    form_read(form, strbuf_view(&shown), &back);
    strbuf_init(&wanted, 0);
    if (strcmp(form, "slack") == 0) /* what looks alike may have been there before */
        form_read(form, strbuf_view(&terminal), &wanted);
    else
        strbuf_add_sv(&wanted, strbuf_view(&terminal));
    bool same = strcmp(form, "slack") != 0 || !sv_contains(strbuf_view(&terminal), SV("&"));
    need(!same || sv_eq(strbuf_view(&back), strbuf_view(&wanted)), attack, form);
    strbuf_release(&wanted);
}

static void
try_forms(const struct attack *attack, struct sv text)
{
    struct arena arena;
    struct sv cells[1];
    size_t count = 0;
    arena_init(&arena, 0);

    show(escape_terminal, text);
    need_harmless(attack, "terminal");
    strbuf_clear(&terminal);
    strbuf_add_sv(&terminal, strbuf_view(&shown));

    show(escape_csv, text);
    need_harmless(attack, "CSV");
    strbuf_add_text(&shown, ",end\r\n");
    struct sv rest = strbuf_view(&shown);
    need(attack_csv_row(&arena, &rest, cells, 1, &count) && count == 2 && rest.len == 0, attack,
         "not one cell");
    need(!attack_is_formula(cells[0]), attack, "a formula");
    if (cells[0].len > 0 && cells[0].ptr[0] == '\'' && (text.len == 0 || text.ptr[0] != '\''))
        cells[0] = sv_slice(cells[0], 1, cells[0].len);
    need(sv_eq(cells[0], strbuf_view(&terminal)), attack, "another text in CSV");

    show(escape_markdown, text);
    need_harmless(attack, "Markdown");
    need(attack_read_markdown(strbuf_view(&shown), &back), attack, "more than text in Markdown");
    need(sv_eq(strbuf_view(&back), sv_trim(strbuf_view(&terminal))), attack,
         "another text in Markdown");

    show(escape_html, text);
    need_harmless(attack, "HTML");
    need(attack_read_html(strbuf_view(&shown), &back), attack, "more than text in HTML");
    need(sv_eq(strbuf_view(&back), strbuf_view(&terminal)), attack, "another text in HTML");

    try_form(attack, "confluence", escape_xml, text);
    try_form(attack, "jira", escape_jira, text);
    try_form(attack, "slack", escape_slack, text);

    show(json_put_string, text);
    need(attack_lines(strbuf_view(&shown)) == 0, attack, "more than one line of JSON");
    need(attack_reads_as_json(strbuf_view(&shown)), attack, "no JSON");

    show(escape_label, text);
    need(attack_lines(strbuf_view(&shown)) == 0 && utf8_valid(strbuf_view(&shown)), attack,
         "no label");
    arena_release(&arena);
}

static void
no_form_lets_an_attack_pass(void **state)
{
    static const char *const around[][2] = {
        {"", ""}, {"a", "b"}, {" ", " "}, {"x ", "|"}, {"1", ""}};
    struct strbuf text;
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    (void)state;
    strbuf_init(&text, 0);
    strbuf_init(&terminal, 0);
    strbuf_init(&shown, 0);
    strbuf_init(&back, 0);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof(around) / sizeof(around[0]); k++) {
            strbuf_clear(&text);
            strbuf_add_text(&text, around[k][0]);
            strbuf_add_sv(&text, attacks[i].text);
            strbuf_add_text(&text, around[k][1]);
            try_forms(&attacks[i], strbuf_view(&text));
        }
    try_forms(&attacks[0], SV_NONE);
    strbuf_release(&text);
    strbuf_release(&shown);
    strbuf_release(&back);
    strbuf_release(&terminal);
}

/* Lines for people and the texts of errors, which end where their room ends. */
static void
neither_lines_nor_errors_let_one_pass(void **state)
{
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct err err = {0};
        char *said = NULL;
        size_t size = 0;
        FILE *to = open_memstream(&said, &size);
        (void)err_set(&err, ERR_IO, "cannot read '" SV_FMT "'", SV_ARG(attacks[i].text));
        visible_line(to, "hindcast: %s", err.message);
        visible_line(to, "  skipped " SV_FMT " (" SV_FMT ")", SV_ARG(attacks[i].text),
                     SV_ARG(attacks[i].text));
        fclose(to);
        if (attack_seen(sv_of(said, size)) != NULL || attack_lines(sv_of(said, size)) != 2)
            fail_msg("%s: %.300s", attacks[i].name, said);
        free(said);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_steers_or_deceives_does_not_pass),
        cmocka_unit_test(broken_bytes_become_marks),
        cmocka_unit_test(a_line_stays_one_line),
        cmocka_unit_test(cells_of_csv),
        cmocka_unit_test(markdown_shows_text_only),
        cmocka_unit_test(html_json_and_labels),
        cmocka_unit_test(xml_jira_and_slack),
        cmocka_unit_test(a_cut_counts_characters),
        cmocka_unit_test(only_plain_addresses_are_links),
        cmocka_unit_test(no_form_lets_an_attack_pass),
        cmocka_unit_test(neither_lines_nor_errors_let_one_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
