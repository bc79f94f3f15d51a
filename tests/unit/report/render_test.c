/*
 * Renderers: what records say can neither steer a terminal nor a spreadsheet nor break a table;
 * rows that are left out are counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text/utf8.h"
#include "report/render/render.h"
#include "tests/lib/sample_incident.h"

static char *
shown(enum render_format format, enum significance least, size_t columns, size_t *ret_omitted)
{
    static struct strbuf out;
    struct render_options options = {.format = format, .least = least, .columns = columns};
    struct stored_incident stored = sample_stored();
    strbuf_release(&out);
    strbuf_init(&out, 0);
    *ret_omitted = render_timeline(&stored, &options, &out);
    return out.ptr;
}

static char *
made(void (*make)(struct strbuf *, struct sv), const char *text)
{
    static struct strbuf out;
    strbuf_release(&out);
    strbuf_init(&out, 0);
    make(&out, sv_from(text));
    return out.ptr;
}

static void
test_csv_cells(void **state)
{
    (void)state;
    assert_string_equal(made(render_csv_cell, "plain"), "plain");
    assert_string_equal(made(render_csv_cell, "a,b"), "\"a,b\"");
    assert_string_equal(made(render_csv_cell, "say \"no\""), "\"say \"\"no\"\"\"");
    assert_string_equal(made(render_csv_cell, "=1+2"), "\"'=1+2\"");
    assert_string_equal(made(render_csv_cell, "+1"), "\"'+1\"");
    assert_string_equal(made(render_csv_cell, "-1"), "\"'-1\"");
    assert_string_equal(made(render_csv_cell, "@x"), "\"'@x\"");
    assert_string_equal(made(render_csv_cell, "a\nb"), "\"a b\"");
}

static void
test_clean(void **state)
{
    (void)state;
    assert_string_equal(made(render_clean, "a\tb\x1b[0m"), "a b\xef\xbf\xbd[0m");
    assert_string_equal(made(render_clean, "\xc2\x9b"
                                           "31m"),
                        "\xef\xbf\xbd"
                        "31m");
    assert_string_equal(made(render_clean, "\xff"
                                           "ok"),
                        "\xef\xbf\xbdok");
    assert_string_equal(made(render_clean, "x\xe2\x80\xaey"), "x\xef\xbf\xbdy");
    assert_string_equal(made(render_clean, "\xc3\xa9"), "\xc3\xa9");
}

static void
test_markdown_cell(void **state)
{
    (void)state;
    assert_string_equal(made(render_markdown_cell, "a|b"), "a\\|b");
    assert_string_equal(made(render_markdown_cell, "<b>\n"), "\\<b\\> ");
}

static void
test_cut_by_characters(void **state)
{
    struct strbuf out;
    (void)state;
    strbuf_init(&out, 0);
    render_cut(&out, SV("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"), 3);
    assert_string_equal(out.ptr, "\xc3\xa9\xc3\xa9\xe2\x80\xa6");
    strbuf_clear(&out);
    render_cut(&out, SV("abc"), 3);
    assert_string_equal(out.ptr, "abc");
    strbuf_release(&out);
}

static void
test_widths_count_what_they_leave_out(void **state)
{
    size_t omitted;
    (void)state;
    shown(RENDER_JSONL, SIGNIFICANCE_FULL, 0, &omitted);
    assert_int_equal(omitted, 0);
    assert_non_null(
        strstr(shown(RENDER_TEXT, SIGNIFICANCE_STANDARD, 0, &omitted), "1 rows left out"));
    assert_int_equal(omitted, 1);
    char *key = shown(RENDER_TEXT, SIGNIFICANCE_KEY, 0, &omitted);
    assert_int_equal(omitted, 2);
    assert_null(strstr(key, "maybe"));
    assert_non_null(strstr(key, "Errors high"));
}

static void
test_text_is_harmless_and_narrow(void **state)
{
    size_t omitted;
    (void)state;
    char *text = shown(RENDER_TEXT, SIGNIFICANCE_FULL, 90, &omitted);
    assert_null(strchr(text, 0x1b));
    struct sv rest = strchr(text, '*') == NULL ? SV_NONE : sv_from(text), line;
    assert_non_null(rest.ptr);
    for (int i = 0; i < 8 && sv_split(&rest, '\n', &line); i++)
        assert_true(utf8_count(line) <= 90);
    assert_non_null(strstr(text, "[detected, impact_started]"));
    assert_non_null(strstr(text, "±"));
}

static void
test_jsonl_row(void **state)
{
    size_t omitted;
    (void)state;
    char *rows = shown(RENDER_JSONL, SIGNIFICANCE_FULL, 0, &omitted);
    assert_non_null(strstr(rows, "{\"time\":\"2026-03-01T10:00:00Z\",\"text\":\"Errors high\","
                                 "\"kind\":\"alert_firing\",\"act\":\"detection\","
                                 "\"significance\":\"key\",\"record_kind\":\"alert\""));
    assert_non_null(strstr(rows, "\"reasons\":[[\"alert_opens\",300],[\"after_silence\",-25]]"));
    assert_non_null(strstr(rows, "\"evidence\":[{\"incarnation\":1,\"index\":0,\"offset\":7,"
                                 "\"partition\":0,\"sha256\":\"abcd00"));
    assert_non_null(strstr(rows, "\\u001b[31m"));
}

static void
test_csv_has_one_line_a_row(void **state)
{
    size_t omitted, lines = 0;
    (void)state;
    char *csv = shown(RENDER_CSV, SIGNIFICANCE_FULL, 0, &omitted);
    for (const char *at = csv; (at = strstr(at, "\r\n")) != NULL; at += 2)
        lines++;
    assert_int_equal(lines, 4);
    assert_non_null(strstr(csv, "\"'=cmd|' /C' \"\"maybe\"\" the"));
    assert_non_null(strstr(csv, ",-0.50,40,"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_cells),
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_markdown_cell),
        cmocka_unit_test(test_cut_by_characters),
        cmocka_unit_test(test_widths_count_what_they_leave_out),
        cmocka_unit_test(test_text_is_harmless_and_narrow),
        cmocka_unit_test(test_jsonl_row),
        cmocka_unit_test(test_csv_has_one_line_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
