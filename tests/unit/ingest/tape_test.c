/*
 * Unit tests of the JSON tape: known texts, and texts damaged at random (one seed), read as jansson
 * reads them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/parse/tape.h"
#include "tests/lib/tape_compare.h"

static const char *const texts[] = {
    "{}",
    "[]",
    " { } ",
    "null",
    "\"a\"",
    "-0",
    "01",
    "1.",
    "1.5e3",
    "[1,2,{\"a\":[]}]",
    "[1,]",
    "{\"a\":1,}",
    "{\"a\" : { \"b\" : { \"c\" : \"deep\" } } , \"n\" : -12.50 }",
    "{\"log\":{\"level\":\"warn\"},\"message\":\"x\",\"time\":1772359200.25}",
    "{\"message\":\"tab\\tquote\\\"slash\\/ \\u00e9 \\ud83d\\ude00 end\",\"n\":true}",
    "{\"message\":\"lone \\ud800 and \\u0000\",\"\\u0061\":\"escaped key\"}",
    "{\"message\":\"bad \\x escape\"}",
    "{\"message\":\"bad \\u12g4 escape\"}",
    "{\"message\":\"raw\ncontrol\"}",
    "{\"n\":123456789012345678901234567890,\"a\":1e5}",
    "{\"n\":1e999}",
    "{\"n\":1e-999}",
    "{\"a\":null,\"x\":\"\",\"y\":0,\"z\":false}",
    "{\"a\":{\"b\":null},\"kubernetes\":{\"labels\":{\"app\":\"shop\"}}}",
    "{\"a\":1}{\"a\":2}",
    "{\"a\":1} x",
    "{\"a\"}",
    "{\"a\":}",
    "{a:1}",
    "tru",
    "truex",
    "\"open",
    "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":\"bbbbbbbbbbbbbbbbbbbbbbbbb\"}",
    "{\"@timestamp\":\"2026-03-01T10:00:00.000Z\",\"msg\":\"m\303\274nchen \377 bad "
    "byte\",\"n\":7}",
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static void
expect_same(struct sv text)
{
    const char *difference = tape_compare(text);
    if (difference != NULL)
        fail_msg("%s: " SV_FMT, difference, SV_ARG(text));
}

static void
known_texts_are_read_as_jansson_reads_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < TEXTS; i++)
        for (size_t end = 0; end <= strlen(texts[i]); end++)
            expect_same(sv_of(texts[i], end));
}

static uint64_t
next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static void
damaged_texts_too(void **state)
{
    static const char bits[] = "{}[]\",:\\ \t\n\0u0e.-19atfn\377\xc3\x1f/";
    uint64_t seed = 7;
    (void)state;
    for (int round = 0; round < 60000; round++) {
        char text[256];
        const char *from = texts[next_random(&seed) % TEXTS];
        size_t len = strlen(from);
        memcpy(text, from, len);
        for (uint64_t damage = next_random(&seed) % 4 + 1; damage > 0 && len > 0; damage--) {
            size_t at = next_random(&seed) % len;
            if (next_random(&seed) % 3 == 0) {
                memmove(text + at, text + at + 1, len - at - 1);
                len--;
            } else {
                text[at] = bits[next_random(&seed) % (sizeof(bits) - 1)];
            }
        }
        expect_same(sv_of(text, len));
    }
}

/* Guessed keys: each text twice, so that the second time finds the keys of the first. */
static void
keys_of_every_length_are_told_apart(void **state)
{
    static const char *const forms[] = {
        "{\"%.*s\":1,\"b\":{\"%.*s\":2}}", "{\"%.*s\" :1,\"b\":{\"%.*s\" :2}}",
        "{\"b\":1,\"%.*s\":[{\"%.*s\":null}]}", "{\"%.*s\\n\":1,\"%.*s\":\"x\"}"};
    (void)state;
    for (int length = 0; length <= 40; length++)
        for (size_t form = 0; form < sizeof(forms) / sizeof(forms[0]); form++)
            for (int other = 0; other <= 1; other++) {
                char key[41], text[200];
                memset(key, 'a', 40);
                key[40] = '\0';
                if (other && length > 0)
                    key[length - 1] = 'z';
                snprintf(text, sizeof(text), forms[form], length, key, length, key);
                expect_same(sv_from(text));
                expect_same(sv_from(text));
            }
}

static enum tree_problem
nested(int depth)
{
    struct arena arena;
    struct tape tape;
    struct strbuf text;
    arena_init(&arena, 0);
    strbuf_init(&text, 0);
    for (int i = 0; i < depth; i++)
        strbuf_add_text(&text, i % 2 == 0 ? "{\"a\":" : "[");
    strbuf_add_char(&text, '1');
    for (int i = depth - 1; i >= 0; i--)
        strbuf_add_char(&text, i % 2 == 0 ? '}' : ']');
    enum tree_problem problem = tape_scan(&arena, strbuf_view(&text), &tape);
    strbuf_release(&text);
    arena_release(&arena);
    return problem;
}

static void
depth_has_a_limit(void **state)
{
    (void)state;
    assert_int_equal(nested(JSON_DEPTH_MAX), TREE_FINE);
    assert_int_equal(nested(JSON_DEPTH_MAX + 1), TREE_TOO_DEEP);
    assert_int_equal(nested(100000), TREE_TOO_DEEP);
}

static struct field_list level = {.paths = "log.level|level"}, name = {.paths = "a.b.c"};

static struct sv
pick(struct arena *arena, const char *text, const struct field_list *list)
{
    struct tape tape;
    assert_int_equal(tape_scan(arena, sv_from(text), &tape), TREE_FINE);
    return tape_pick(arena, &tape, list);
}

static void
every_spelling_of_a_path_is_found(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 0);
    assert_true(sv_eq(pick(&arena, "{\"log.level\":\"x\"}", &level), SV("x")));
    assert_true(sv_eq(pick(&arena, "{\"log\":{\"level\":\"x\"}}", &level), SV("x")));
    assert_true(sv_eq(pick(&arena, "{\"level\":\"y\"}", &level), SV("y")));
    assert_true(sv_eq(pick(&arena, "{\"log.level\":\"\",\"level\":\"y\"}", &level), SV("y")));
    /* The shallowest counts; of equal ones the last. */
    assert_true(
        sv_eq(pick(&arena, "{\"log\":{\"level\":\"x\"},\"log.level\":\"z\"}", &level), SV("z")));
    assert_true(
        sv_eq(pick(&arena, "{\"log.level\":\"z\",\"log\":{\"level\":\"x\"}}", &level), SV("z")));
    assert_true(sv_eq(pick(&arena, "{\"level\":\"1\",\"level\":\"2\"}", &level), SV("2")));
    static const char *const spellings[] = {"{\"a\":{\"b\":{\"c\":5}}}", "{\"a.b\":{\"c\":5}}",
                                            "{\"a\":{\"b.c\":5}}", "{\"a.b.c\":5}"};
    for (size_t i = 0; i < 4; i++)
        assert_true(sv_eq(pick(&arena, spellings[i], &name), SV("5")));
    assert_true(sv_empty(pick(&arena, "{\"b\":{\"a.b.c\":5},\"a.b.c.d\":1}", &name)));
    arena_release(&arena);
}

static void
many_members_grow(void **state)
{
    struct arena arena;
    struct strbuf text;
    struct tape tape;
    (void)state;
    arena_init(&arena, 0);
    strbuf_init(&text, 0);
    strbuf_add_char(&text, '{');
    for (int i = 0; i < 1000; i++)
        strbuf_addf(&text, "%s\"key %d\":%d", i > 0 ? "," : "", i, i);
    strbuf_add_text(&text, ",\"level\":\"x\"}");
    assert_int_equal(tape_scan(&arena, strbuf_view(&text), &tape), TREE_FINE);
    assert_int_equal(tape.count, 1001);
    assert_true(sv_eq(tape_pick(&arena, &tape, &level), SV("x")));
    strbuf_release(&text);
    arena_release(&arena);
}

static enum tree_problem
array_of(size_t count)
{
    struct arena arena;
    struct strbuf text;
    struct tape tape;
    arena_init(&arena, 0);
    strbuf_init(&text, 0);
    strbuf_add_text(&text, "[0");
    for (size_t i = 1; i < count; i++)
        strbuf_add_text(&text, ",0");
    strbuf_add_char(&text, ']');
    enum tree_problem problem = tape_scan(&arena, strbuf_view(&text), &tape);
    strbuf_release(&text);
    arena_release(&arena);
    return problem;
}

static void
members_have_a_limit(void **state)
{
    (void)state;
    assert_int_equal(array_of(TAPE_MEMBERS_MAX), TREE_FINE);
    assert_int_equal(array_of(TAPE_MEMBERS_MAX + 1), TREE_TOO_MANY);
}

/* Before the first scan. */
static int
register_lists(void **state)
{
    (void)state;
    tape_register(&level);
    tape_register(&name);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts_are_read_as_jansson_reads_them),
        cmocka_unit_test(damaged_texts_too),
        cmocka_unit_test(keys_of_every_length_are_told_apart),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(every_spelling_of_a_path_is_found),
        cmocka_unit_test(many_members_grow),
        cmocka_unit_test(members_have_a_limit),
    };
    return cmocka_run_group_tests(tests, register_lists, NULL);
}
