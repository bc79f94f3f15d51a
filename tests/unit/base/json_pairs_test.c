/*
 * JSON objects of pairs are read back as what they were made of.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <jansson.h>

#include "base/text/json_pairs.h"
#include "base/text/utf8.h"

/* Quotes, backslashes, controls and broken UTF-8 at one or two places of texts of each length. */
static void
objects_are_read_back(void **state)
{
    (void)state;
    static const char odd[] = "\"\\\n\x01\x1f~\xC3\xFF";
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t length = 1; length <= 40; length++)
        for (size_t at = 0; at < length; at++)
            for (size_t i = 0; i < sizeof(odd); i++) { /* U+0000 at last */
                char text[40];
                memset(text, 'm', length);
                text[at] = odd[i];
                if (at % 3 == 1)
                    text[at * 7 % length] = odd[(i + at) % (sizeof(odd) - 1)];
                struct sv value = sv_of(arena_strdup(&arena, sv_of(text, length)), length);
                const struct json_pair pairs[] = {{SV("k"), value}, {value, SV("v")}};
                struct sv object = json_pairs(&arena, pairs, 2);
                if (!utf8_storable(value)) {
                    assert_null(object.ptr);
                    continue;
                }
                json_t *tree = json_loadb(object.ptr, object.len, 0, NULL);
                assert_non_null(tree);
                json_t *back = json_object_get(tree, "k");
                assert_int_equal(json_string_length(back), length);
                assert_memory_equal(json_string_value(back), text, length);
                assert_string_equal(json_string_value(json_object_get(tree, value.ptr)), "v");
                json_decref(tree);
                arena_reset(&arena);
            }
    arena_release(&arena);
}

static void
what_cannot_be_stored_or_is_empty_is_left_out(void **state)
{
    (void)state;
    static const struct json_pair pairs[] = {{{"a", 1}, {"", 0}},    {{"b", 1}, {"\xff", 1}},
                                             {{"c", 1}, {"x\n", 2}}, {{"d\0", 2}, {"x", 1}},
                                             {{"e", 1}, {NULL, 0}},  {{"f", 1}, {"y", 1}}};
    struct arena arena;
    arena_init(&arena, 0);
    assert_string_equal(
        arena_strdup(&arena, json_pairs(&arena, pairs, sizeof(pairs) / sizeof(pairs[0]))),
        "{\"c\":\"x\\n\",\"f\":\"y\"}");
    assert_null(json_pairs(&arena, pairs, 2).ptr);
    assert_null(json_pairs(&arena, NULL, 0).ptr);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_read_back),
        cmocka_unit_test(what_cannot_be_stored_or_is_empty_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
