/*
 * Shapes of messages: what is masked, what stays, and that nothing else is touched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <string.h>

#include "base/text/mask.h"

struct masked {
    const char *text, *shape;
};

static void
need_shapes(const struct masked *cases, size_t count, size_t max,
            struct sv (*mask)(struct arena *, struct sv, size_t))
{
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(arena_strdup(&arena, mask(&arena, sv_from(cases[i].text), max)),
                            cases[i].shape);
    arena_release(&arena);
}

#define NEED(mask, max, ...)                                                                       \
    need_shapes((const struct masked[]){__VA_ARGS__},                                              \
                sizeof((const struct masked[]){__VA_ARGS__}) / sizeof(struct masked), max, mask)

static void
words_with_digits_are_variables(void **state)
{
    (void)state;
    NEED(mask_variables, 4000, {"", ""}, {"disk full", "disk full"},
         {"took 1234 ms", "took <*> ms"}, {"to 10.0.0.7:443 failed", "to <*> failed"},
         {"host web-12 is down", "host <*> is down"}, {"2026-03-01T10:00:00Z x", "<*> x"},
         {"id 6ba7b810-9dad-11d1-80b4-00c04fd430c8.", "id <*>"}, {"at 0xdeadbeef;", "at <*>;"},
         {"read /var/log/a.1 and /etc/hosts", "read <*> and /etc/hosts"},
         {"code=500,retry=no", "code=<*>,retry=no"}, {"[12]", "[<*>]"}, {"a@b1.example x", "<*> x"},
         {"caf\xc3\xa9"
          "2 \xc3\xa9",
          "<*> \xc3\xa9"});
}

static void
quoted_parts_are_variables(void **state)
{
    (void)state;
    NEED(mask_variables, 4000, {"user \"ana\" left", "user <*> left"},
         {"user 'ana b' left", "user <*> left"}, {"can't read it's", "can't read it's"},
         {"'a'b' c", "<*> c"}, {"'", "'"}, {"\"", "\""}, {"say \"no", "say \"no"},
         {"say 'no", "say 'no"}, {"'a 'b 'c \"d\" 1", "'a 'b 'c <*> <*>"},
         {"\"a 'b' c", "\"a <*> c"}, {"\"\" ''", "<*> <*>"}, {"x'y' 'z'", "x'y' <*>"});
}

static void
what_is_longer_is_not_read(void **state)
{
    (void)state;
    NEED(mask_variables, 4, {"abc 12", "abc "}, {"\"a\" b", "<*> "}, {"\"abc\"", "\"abc"},
         {"abc\xc3\xa9", "abc"});
    NEED(mask_numbers, 4, {"abcdef", "abcd"}, {"123456789abc", "0abc"});
}

static void
numbers_become_one_digit(void **state)
{
    (void)state;
    NEED(mask_numbers, 4000, {"", ""}, {"v1.20.3 to v1.21.0", "v0.0.0 to v0.0.0"}, {"007", "0"},
         {"a1b22c", "a0b0c"});
}

/* Many quotations that nothing ends: each byte is looked at a few times only. */
static void
unended_quotations_are_read_once(void **state)
{
    enum { SIZE = 4 * 1000 * 1000 };
    struct arena arena;
    (void)state;
    arena_init(&arena, 0);
    char *text = arena_alloc(&arena, SIZE);
    for (size_t i = 0; i < SIZE; i++)
        text[i] = " 'a"[i % 3];
    struct sv shape = mask_variables(&arena, sv_of(text, SIZE), SIZE);
    assert_int_equal(shape.len, SIZE);
    assert_memory_equal(shape.ptr, text, SIZE);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_with_digits_are_variables),
        cmocka_unit_test(quoted_parts_are_variables),
        cmocka_unit_test(what_is_longer_is_not_read),
        cmocka_unit_test(numbers_become_one_digit),
        cmocka_unit_test(unended_quotations_are_read_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
