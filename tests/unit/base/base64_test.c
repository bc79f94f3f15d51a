/*
 * Base64 as senders write it: both alphabets, padding or none, line breaks; nothing else passes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include "base/text/base64.h"

static void
what_is_base64(void **state)
{
    (void)state;
    static const struct {
        const char *text, *bytes;
    } cases[] = {
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {"Zm9vYmE", "fooba"},
        {"Zm9vYmFy", "foobar"},
        {" Zm9v\r\nYmFy\n", "foobar"},
        {"-_8", "\xFB\xFF"},
        {"+/8=", "\xFB\xFF"},
    };
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sv bytes = base64_decode(&arena, sv_from(cases[i].text));
        if (!sv_eq(bytes, sv_from(cases[i].bytes)))
            fail_msg("'%s'", cases[i].text);
    }
    arena_release(&arena);
}

static void
what_is_not(void **state)
{
    (void)state;
    static const char *const cases[] = {"",        "  ",       "=",
                                        "Z",       "Zm9vY",    "Zm 9v",
                                        "Zm9v!",   "Zg==Zg==", "... base64 encoded string ...",
                                        "Zg======"};
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (base64_decode(&arena, sv_from(cases[i])).ptr != NULL)
            fail_msg("'%s'", cases[i]);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_base64),
        cmocka_unit_test(what_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
