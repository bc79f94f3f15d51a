/*
 * The canonical export: sorted keys, no stream ids, independent of the order of its input.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/lib/sample_incident.h"

static void
assert_sorted(json_t *object)
{
    const char *key, *before = "";
    json_t *value;
    json_object_foreach(object, key, value)
    {
        assert_true(strcmp(before, key) < 0);
        before = key;
        if (json_is_object(value))
            assert_sorted(value);
    }
}

static void
test_lines_are_json_with_sorted_keys(void **state)
{
    struct strbuf out;
    struct sv line;
    size_t lines = 0;
    (void)state;
    strbuf_init(&out, 0);
    casebook_canonical(sample_correlation(), &out);
    for (struct sv rest = strbuf_view(&out); sv_split(&rest, '\n', &line) && line.len > 0;
         lines++) {
        json_t *object = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(object);
        assert_sorted(object);
        assert_null(json_object_get(object, "stream_id"));
        json_decref(object);
    }
    assert_int_equal(lines, 2 + 4 + 4 + 2);
    assert_null(strstr(out.ptr, "INC-2026"));
    assert_null(strstr(out.ptr, "\"stream\""));
    strbuf_release(&out);
}

static void
test_order_of_input_does_not_matter(void **state)
{
    struct strbuf one, two;
    (void)state;
    struct correlation reversed = *sample_correlation();
    struct incident incidents[2] = {reversed.incidents[1], reversed.incidents[0]};
    const struct node *nodes[2] = {incidents[1].nodes[1], incidents[1].nodes[0]};
    incidents[1].nodes = nodes;
    reversed.incidents = incidents;
    strbuf_init(&one, 0);
    strbuf_init(&two, 0);
    casebook_canonical(sample_correlation(), &one);
    casebook_canonical(&reversed, &two);
    assert_string_equal(one.ptr, two.ptr);
    strbuf_release(&one);
    strbuf_release(&two);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_json_with_sorted_keys),
        cmocka_unit_test(test_order_of_input_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
