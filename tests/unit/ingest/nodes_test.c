/*
 * JSON as nodes, beside jansson's tree of the same text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/parse/nodes.h"
#include "tests/lib/fixtures.h"

static struct arena arena;

static int
start(void **state)
{
    arena_init(&arena, 0);
    return fixtures_find(state);
}

static int
stop(void **state)
{
    arena_release(&arena);
    return fixtures_drop(state);
}

static struct json_node *
nodes(const char *text)
{
    struct json_node *node = nodes_of_text(&arena, sv_from(text));
    assert_non_null(node);
    return node;
}

static void
expect_text(struct json_node *node, const char *expected)
{
    assert_non_null(node);
    struct sv text = node_text(&arena, node);
    if (!sv_eq(text, sv_from(expected)))
        fail_msg("'" SV_FMT "' is not '%s'", SV_ARG(text), expected);
}

static void
members_are_found_by_their_names(void **state)
{
    (void)state;
    struct json_node *node = nodes("  { \"a\" : 1.50 ,\n\"b\":\"x\\n\\u00e9\\\"\", \"c.d\":true,"
                                   "\"e\\u0066\":{\"g\":[1,{\"h\":null}]},\"a\":-2.0,\"\":12}");
    assert_int_equal(nodes_count(&arena, node), 6);
    expect_text(node_member(&arena, node, SV("a")), "-2"); /* of equal names the last */
    expect_text(node_member(&arena, node, SV("b")), "x\n\xC3\xA9\"");
    expect_text(node_member(&arena, node, SV("c.d")), "true");
    expect_text(node_member(&arena, node, SV("")), "12");
    struct json_node *inner = node_member(&arena, node, SV("ef"));
    assert_true(sv_eq(node_json(inner), SV("{\"g\":[1,{\"h\":null}]}")));
    struct json_node *list = node_member(&arena, inner, SV("g"));
    assert_int_equal(nodes_count(&arena, list), 2);
    expect_text(&list->nodes[0], "1");
    assert_true(node_is(node_member(&arena, &list->nodes[1], SV("h")), TAPE_NULL));
    assert_null(node_member(&arena, node, SV("c")));
    assert_null(node_member(&arena, list, SV("0")));
    assert_true(sv_empty(node_text(&arena, list)));
    assert_true(sv_eq(node_json(node_member(&arena, node, SV("b"))), SV("\"x\\n\\u00e9\\\"\"")));
}

static void
what_is_no_object_and_no_list_has_no_nodes(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "1", "\"a\"", "null", "{", "{\"a\"}", "[1,]", "{} x"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_null(nodes_of_text(&arena, sv_from(texts[i])));
    assert_int_equal(nodes_count(&arena, nodes("{}")), 0);
    assert_int_equal(nodes_count(&arena, nodes(" [ ] ")), 0);
}

/* What stands behind is not seen; it costs nothing but a look. */
static void
a_list_has_a_limit(void **state)
{
    (void)state;
    struct strbuf text;
    strbuf_init(&text, 0);
    strbuf_add_char(&text, '[');
    for (size_t i = 0; i < NODES_MAX + 5; i++)
        strbuf_addf(&text, "%s%zu", i == 0 ? "" : ",", i);
    strbuf_add_text(&text, "]");
    struct tape tape;
    assert_int_equal(tape_scan(&arena, SV("{}"), &tape), TREE_FINE);
    tape.text = strbuf_view(&text);
    struct json_node *node = nodes_of_tape(&arena, &tape);
    assert_int_equal(nodes_count(&arena, node), NODES_MAX);
    expect_text(&node->nodes[NODES_MAX - 1], "19999");
    strbuf_release(&text);
}

static void
compare_with_tree(struct sv text)
{
    enum tree_problem problem;
    struct json_node *node = nodes_of_text(&arena, text);
    json_t *tree = tree_parse(&arena, text, &problem);
    struct tape tape;
    /* Numbers that are written anew first have fewer digits than a tree's. */
    bool odd = tape_scan(&arena, text, &tape) != TREE_FINE || tape.odd;
    if (node == NULL || tree == NULL || odd) {
        json_decref(tree);
        return;
    }
    struct strbuf out;
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    strbuf_init(&out, 0);
    nodes_canonical(&arena, node, &out);
    sha256_of(out.ptr, out.len, &digest);
    sha256_hex(&digest, hex);
    if (!sv_eq(tree_digest(&arena, tree), sv_from(hex)))
        fail_msg(SV_FMT "\nas " SV_FMT, SV_ARG(text), SV_ARG(strbuf_view(&out)));
    strbuf_release(&out);
    json_decref(tree);
}

static void
one_spelling_is_that_of_trees(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"b\":1,\"a\":{\"d\":[],\"c\":{}}}",
        "[0,-0,0.0,-0.0,1.0,1.50,12345678901234567,9223372036854775807,"
        "9223372036854775,0.1,3.14159265358979,100]",
        "{\"\\u0061\":1,\"a\":2,\"A\":3,\"aa\":4,\"\":5}",
        "[\"\\u00e9\\ud83d\\ude00\\/\\\\\\\"\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\"]",
        "[\"\xC3\xA9\",null,true,false]",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        compare_with_tree(sv_from(texts[i]));
    for (size_t i = 0; i < fixture_count; i++)
        compare_with_tree(fixtures[i].input);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_by_their_names),
        cmocka_unit_test(what_is_no_object_and_no_list_has_no_nodes),
        cmocka_unit_test(a_list_has_a_limit),
        cmocka_unit_test(one_spelling_is_that_of_trees),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
