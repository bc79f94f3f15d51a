/*
 * Text from outside: what steers a terminal or deceives a reader never passes, everything else
 * does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/text/utf8.h"
#include "base/text/visible.h"

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
    visible_add(&out, sv_of(bytes, length));
    bool same = sv_eq(strbuf_view(&out), sv_of(bytes, length));
    assert_true(utf8_valid(strbuf_view(&out)));
    strbuf_release(&out);
    return same;
}

static void
what_steers_or_deceives_does_not_pass(void **state)
{
    (void)state;
    static const uint32_t harmful[] = {0xad,   0x61c,  0x180e, 0x200b,  0x200c, 0x200d, 0x200e,
                                       0x200f, 0x2028, 0x2029, 0x202a,  0x202e, 0x2060, 0x2066,
                                       0x2069, 0xfeff, 0xfff9, 0xe0001, 0xe007f};
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
            visible_add(&out, sv_of(bytes, sizeof(bytes)));
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_steers_or_deceives_does_not_pass),
        cmocka_unit_test(broken_bytes_become_marks),
        cmocka_unit_test(a_line_stays_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
