/*
 * Files whose bytes are not plain UTF-8 lines: UTF-16 in both orders, with and without a mark, cut
 * anywhere; holes of NUL bytes; marks before JSON; line ends of other systems.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "tests/lib/filetake.h"

static char folder[64];

static void
add_unit(struct strbuf *out, unsigned unit, bool big)
{
    strbuf_add_char(out, (char)(big ? unit >> 8 : unit & 0xFF));
    strbuf_add_char(out, (char)(big ? unit & 0xFF : unit >> 8));
}

/* ASCII, and the units that stand for its '~' and '^'. */
static void
add_units(struct strbuf *out, const char *text, bool big)
{
    for (; *text != '\0'; text++) {
        if (*text == '~') {
            add_unit(out, 0xD83D, big); /* U+1F525 */
            add_unit(out, 0xDD25, big);
        } else {
            add_unit(out, *text == '^' ? 0xDC01 : (unsigned char)*text, big); /* half of a pair */
        }
    }
}

static struct taken *
take_units(const char *text, bool big, bool mark, size_t cut)
{
    struct strbuf bytes;
    strbuf_init(&bytes, 0);
    if (mark)
        add_unit(&bytes, 0xFEFF, big);
    add_units(&bytes, text, big);
    taken_put(folder, "w.log", sv_slice(strbuf_view(&bytes), 0, bytes.len - cut));
    strbuf_release(&bytes);
    return take_files(folder, "w.log");
}

static void
utf16_is_read_as_what_it_says(void **state)
{
    (void)state;
    for (int form = 0; form < 4; form++) {
        struct taken *taken =
            take_units("first line ~\r\nhalf ^ here\r\nlast", form % 2, form / 2, 0);
        assert_int_equal(taken->count, 3);
        assert_string_equal(taken->values[0], "first line \xF0\x9F\x94\xA5");
        assert_string_equal(taken->values[1], "half \xEF\xBF\xBD here");
        assert_string_equal(taken->values[2], "last");
        assert_string_equal(taken->told, "");
        taken_free(taken);
    }
}

static void
utf16_may_be_cut_anywhere(void **state)
{
    (void)state;
    for (size_t cut = 1; cut <= 5; cut++) {
        struct taken *taken = take_units("one line of it\nend ~", cut % 2, true, cut);
        assert_int_equal(taken->count, 2);
        assert_string_equal(taken->values[0], "one line of it");
        assert_memory_equal(taken->values[1], "end", 3);
        taken_free(taken);
    }
}

/* Larger than what is read at a time, so that units and pairs are cut between two pieces. */
static void
utf16_of_many_pieces(void **state)
{
    struct strbuf text;
    char line[64];
    (void)state;
    strbuf_init(&text, 0);
    for (int i = 0; i < 15000; i++)
        strbuf_addf(&text, "line %d ~%s\n", i, i % 2 ? "" : "x");
    struct taken *taken = take_units(text.ptr, false, true, 0);
    assert_int_equal(taken->count, 15000);
    for (int i = 0; i < 15000; i++) {
        snprintf(line, sizeof(line), "line %d \xF0\x9F\x94\xA5%s", i, i % 2 ? "" : "x");
        assert_string_equal(taken->values[i], line);
    }
    taken_free(taken);
    strbuf_release(&text);
}

static void
utf16_documents_are_documents(void **state)
{
    (void)state;
    struct taken *taken = take_units("[\n {\"a\": 1},\n {\"b\": 2}\n]\n", true, true, 0);
    assert_int_equal(taken->count, 2);
    assert_string_equal(taken->values[1], "{\"b\": 2}");
    taken_free(taken);
}

static void
take_as(struct sv bytes, const char *first, size_t count, const char *told)
{
    taken_put(folder, "w.log", bytes);
    struct taken *taken = take_files(folder, "w.log");
    assert_int_equal(taken->count, count);
    if (count > 0)
        assert_string_equal(taken->values[0], first);
    assert_string_equal(taken->told, told);
    taken_free(taken);
}

static void
holes_are_passed_over(void **state)
{
    struct strbuf bytes;
    (void)state;
    strbuf_init(&bytes, 0);
    static const size_t holes[] = {1, 20000, 300000};
    for (size_t i = 0; i < sizeof(holes) / sizeof(holes[0]); i++) {
        strbuf_clear(&bytes);
        for (size_t k = 0; k < holes[i]; k++)
            strbuf_add_char(&bytes, '\0');
        take_as(strbuf_view(&bytes), "", 0, "w.log:nothing but NUL bytes\n");
        strbuf_add_text(&bytes, "after the hole\nnext\n");
        take_as(strbuf_view(&bytes), "after the hole", 2, "");
    }
    strbuf_release(&bytes);
    take_as(SV("a line before the hole, and another\n\0\0\0\0after\n"),
            "a line before the hole, and another", 2, "");
    /* The mark of UTF-16 may stand behind one, and so may a program. */
    take_as(SV("\0\0\0\0\0\0\xFF\xFEo\0k\0\n\0"), "ok", 1, "");
    take_as(SV("\0\0\0\0\0\0\x7F"
               "ELF\2\1\1"),
            "", 0, "w.log:a program\n");
}

static void
marks_and_line_ends(void **state)
{
    (void)state;
    take_as(SV("\xEF\xBB\xBF{\"a\": 1}\r\n{\"a\": 2}\r\n"), "{\"a\": 1}", 2, "");
    take_as(SV("\xEF\xBB\xBF[\r\n{\"a\": 1},\r\n{\"a\": 2}]\r\n"), "{\"a\": 1}", 2, "");
    take_as(SV("one\r\n\r\ntwo"), "one", 2, "");
    take_as(SV("\xFF\xFE\0\0o\0\0\0"), "", 0, "w.log:UTF-32 text: convert it to UTF-8\n");
    take_as(SV("caf\xE9 is Latin-1\nsecond\n"), "caf\xE9 is Latin-1", 2, "");
}

static int
set_up(void **state)
{
    (void)state;
    taken_make_folder(folder, sizeof(folder));
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    return taken_drop_folder(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf16_is_read_as_what_it_says),
        cmocka_unit_test(utf16_may_be_cut_anywhere),
        cmocka_unit_test(utf16_of_many_pieces),
        cmocka_unit_test(utf16_documents_are_documents),
        cmocka_unit_test(holes_are_passed_over),
        cmocka_unit_test(marks_and_line_ends),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
