/*
 * Unit tests of the JSON tape with more fields than have a place of their own: what lies beyond is
 * read as jansson reads it, too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "ingest/parse/tape.h"
#include "tests/lib/tape_compare.h"

#define FILLERS 2000

static struct field_list fillers[FILLERS];
static char filler_paths[FILLERS][24];
static struct field_list level = {.paths = "deep.log.level|deep_level|filler.0"};
static struct field_list taken = {.paths = "filler|deep_level"};

/* Before the lists of the comparison, so that those lie beyond. */
static int
register_fillers(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILLERS; i++) {
        snprintf(filler_paths[i], sizeof(filler_paths[i]), "filler.%zu", i);
        fillers[i].paths = filler_paths[i];
        tape_register(&fillers[i]);
    }
    tape_register(&level);
    tape_register(&taken);
    assert_true(tape_field_count() > FILLERS && level.fields[0] >= TAPE_NEAR);
    return 0;
}

static void
far_fields_are_read_as_jansson_reads_them(void **state)
{
    static const char *const texts[] = {
        "{}",
        "{\"a\" : { \"b\" : { \"c\" : \"deep\" } } , \"n\" : -12.50 }",
        "{\"log\":{\"level\":\"warn\"},\"message\":\"x\",\"time\":1772359200.25}",
        "{\"a\":null,\"x\":\"\",\"y\":0,\"z\":false}",
        "{\"a\":{\"b\":null},\"kubernetes\":{\"labels\":{\"app\":\"shop\"}}}",
        "{\"a\":1,\"a\":{\"b\":{\"c\":2}},\"a\":{\"b\":3}}",
        "{\"@timestamp\":\"2026-03-01T10:00:00.000Z\",\"msg\":\"m\303\274nchen \377\",\"n\":7}",
        "{\"n\":123456789012345678901234567890,\"a\":1e5,\"x\":[1,{\"a\":2}]}",
        "{\"a\":{\"b\":1}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        for (size_t end = 0; end <= strlen(texts[i]); end++) {
            const char *difference = tape_compare(sv_of(texts[i], end));
            if (difference != NULL)
                fail_msg("%s: %.*s", difference, (int)end, texts[i]);
        }
}

static struct sv
pick(struct arena *arena, const char *text, const struct field_list *list)
{
    struct tape tape;
    assert_int_equal(tape_scan(arena, sv_from(text), &tape), TREE_FINE);
    return tape_pick(arena, &tape, list);
}

static void
the_shallowest_spelling_counts(void **state)
{
    struct arena arena;
    struct tape tape;
    (void)state;
    arena_init(&arena, 0);
#define NESTED "\"deep\":{\"log\":{\"level\":\"x\"}}"
#define DOTTED "\"deep.log.level\":\"z\""
    assert_true(sv_eq(pick(&arena, "{" NESTED "," DOTTED "}", &level), SV("z")));
    assert_true(sv_eq(pick(&arena, "{" DOTTED "," NESTED "}", &level), SV("z")));
    assert_true(sv_eq(pick(&arena, "{" NESTED "}", &level), SV("x")));
    assert_true(sv_eq(pick(&arena, "{\"deep_level\":1,\"deep_level\":2}", &level), SV("2")));
    assert_true(sv_eq(pick(&arena, "{\"deep_level\":\"\",\"filler.0\":3}", &level), SV("3")));
    assert_true(sv_empty(pick(&arena, "{\"deep_level\":null}", &level)));
    assert_int_equal(tape_scan(&arena, SV("{\"deep_level\":1,\"left\":2}"), &tape), TREE_FINE);
    assert_true(sv_eq(tape_rest(&arena, &tape, &taken), SV("{\"left\":2}")));
    arena_release(&arena);
}

/* An object's place is found before what it holds is: the table must not move it meanwhile. */
static void
a_text_may_hold_all_of_them(void **state)
{
    struct arena arena;
    struct strbuf text;
    struct tape tape;
    (void)state;
    arena_init(&arena, 0);
    strbuf_init(&text, 0);
    strbuf_add_text(&text, "{\"filler\":{");
    for (int i = 0; i < FILLERS; i++)
        strbuf_addf(&text, "%s\"%d\":%d", i > 0 ? "," : "", i, i);
    strbuf_add_text(&text, "}}");
    assert_int_equal(tape_scan(&arena, strbuf_view(&text), &tape), TREE_FINE);
    for (int64_t i = 0, value; i < FILLERS; i++) {
        assert_true(sv_to_int64(tape_pick(&arena, &tape, &fillers[i]), &value));
        assert_int_equal(value, i);
    }
    assert_int_equal(tape_value_of(&tape, taken.fields[0])->type, TAPE_OBJECT);
    uint32_t slot = 0;
    int count = 0;
    for (int field; (field = tape_next_far(&tape, &slot)) >= 0; count++)
        assert_non_null(tape_value_of(&tape, field));
    assert_int_equal(count, tape_field_number(fillers[FILLERS - 1].fields[0]) - TAPE_NEAR + 1);
    strbuf_release(&text);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(far_fields_are_read_as_jansson_reads_them),
        cmocka_unit_test(the_shallowest_spelling_counts),
        cmocka_unit_test(a_text_may_hold_all_of_them),
    };
    return cmocka_run_group_tests(tests, register_fillers, NULL);
}
