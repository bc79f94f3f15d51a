/*
 * The service graph: its text, its limits, and what its edges do in grouping - neighbours are
 * joined either way, whatever circles there are, and the scope alone joins nothing that has an
 * edge.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "correlate/group/grouping.h"

#define MINUTE INT64_C(60000)

static struct arena arena;
static struct correlation_config config;
static struct err err;

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    correlation_config_default(&config);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct service_graph
graph_of(const char *text)
{
    struct service_graph graph;
    if (service_graph_read(&arena, sv_from(text), &graph, &err) != 0)
        fail_msg("%s", err.message);
    return graph;
}

static void
edges_are_written_once_and_in_order(void **state)
{
    (void)state;
    struct service_edge edges[] = {{SV("b"), SV("a")},
                                   {SV("a"), SV("b")},
                                   {SV("c"), SV("c")},
                                   {SV("a"), SV("b")},
                                   {SV("a"), SV("aa")}};
    struct strbuf out;
    strbuf_init(&out, 0);
    assert_int_equal(service_graph_write(edges, 5, &out), 3);
    assert_string_equal(out.ptr, "a\taa\na\tb\nb\ta\n");
    struct service_graph graph = graph_of(out.ptr);
    assert_int_equal(graph.edge_count, 3);
    assert_int_equal(graph.service_count, 3);
    size_t count;
    const struct graph_row *rows = service_graph_of(&graph, SV("a"), &count);
    assert_int_equal(count, 2);
    assert_true(sv_eq(rows[0].key, SV("a>aa")));
    assert_true(sv_eq(rows[1].key, SV("a>b")));
    service_graph_of(&graph, SV("ab"), &count);
    assert_int_equal(count, 0);
    strbuf_release(&out);
}

static void
what_is_no_graph_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"a",         "a\n",          "a\tb\tc\n",    "\tb\n",
                                        "a\t\n",     "b\ta\na\tb\n", "a\tb\na\tb\n", "a>b\tc\n",
                                        "a\t\x01\n", "a\t\xff\xfe\n"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct service_graph graph;
        err = (struct err){0};
        if (service_graph_read(&arena, sv_from(texts[i]), &graph, &err) == 0)
            fail_msg("taken: %s", texts[i]);
        assert_int_equal(err.code, ERR_CONFIG);
        config.graph = sv_from(texts[i]);
        assert_int_equal(correlation_config_check(&config, &err), -1);
    }
}

/* A hub with one neighbour more than may be, and one edge more than may be. */
static void
limits_hold(void **state)
{
    (void)state;
    for (int over = 0; over < 2; over++) {
        struct service_graph graph;
        struct strbuf hub, many;
        strbuf_init(&hub, 0);
        strbuf_init(&many, 0);
        for (int i = 0; i < GRAPH_NEIGHBOURS_MAX + over; i++)
            strbuf_addf(&hub, "hub\ts%05d\n", i);
        for (int i = 0; i < GRAPH_EDGES_MAX + over; i++)
            strbuf_addf(&many, "a%05d\tb%05d\n", i, i);
        assert_int_equal(service_graph_read(&arena, strbuf_view(&hub), &graph, &err), -over);
        assert_int_equal(service_graph_read(&arena, strbuf_view(&many), &graph, &err), -over);
        strbuf_release(&hub);
        strbuf_release(&many);
    }
    char name[GRAPH_NAME_MAX + 2];
    memset(name, 'n', sizeof(name));
    assert_null(service_name_fault(sv_of(name, GRAPH_NAME_MAX)));
    assert_non_null(service_name_fault(sv_of(name, GRAPH_NAME_MAX + 1)));
}

static struct work_record
alert(int64_t ms, const char *uid, const char *service)
{
    struct work_record record = {
        .ms = ms, .source = SV("am"), .uid = sv_from(uid), .fingerprint = sv_from(uid)};
    if (service != NULL)
        record.keys[record.key_count++] = (struct node_key){KEY_SERVICE, sv_from(service)};
    record.keys[record.key_count++] = (struct node_key){KEY_SCOPE, SV("default")};
    return record;
}

static struct grouping
run(const char *edges, struct work_record *records, size_t count)
{
    struct grouping grouping;
    struct service_graph graph = graph_of(edges);
    grouping_run(&arena, &config, &graph, NULL, records, count, &grouping);
    return grouping;
}

static void
neighbours_are_joined_either_way(void **state)
{
    (void)state;
    static const char *const edges[] = {"api\tdb\n", "db\tapi\n", "api\tdb\ndb\tapi\n"};
    for (size_t i = 0; i < 3; i++) {
        struct work_record records[] = {alert(0, "a", "db"), alert(10 * MINUTE, "b", "api")};
        struct grouping grouping = run(edges[i], records, 2);
        assert_int_equal(grouping.nodes[1].incident, 0);
        assert_true(
            sv_eq(grouping.nodes[1].reason, SV("edge api>db (500), 600000 ms from 0/am/a")));
    }
    struct work_record late[] = {alert(0, "a", "db"), alert(10 * MINUTE + 1, "b", "api")};
    assert_int_equal(run("api\tdb\n", late, 2).nodes[1].incident, 1);
}

/* The scope joins what nobody knows better about, and not what has an edge. */
static void
the_scope_is_for_those_without_an_edge(void **state)
{
    (void)state;
    struct work_record unknown[] = {alert(0, "a", "x"), alert(MINUTE, "b", "y")};
    assert_int_equal(run("api\tdb\n", unknown, 2).nodes[1].incident, 0);
    struct work_record one[] = {alert(0, "a", "x"), alert(MINUTE, "b", "db")};
    assert_int_equal(run("api\tdb\n", one, 2).nodes[1].incident, 1);
    struct work_record apart[] = {alert(0, "a", "api"), alert(MINUTE, "b", "web")};
    assert_int_equal(run("api\tdb\nweb\tcache\n", apart, 2).nodes[1].incident, 1);
}

/* Two steps away: joined by what lies between, where that tells, too; never by the walk alone. */
static void
circles_join_step_by_step(void **state)
{
    (void)state;
    static const char circle[] = "a\tb\nb\tc\nc\td\nd\ta\n";
    struct work_record opposite[] = {alert(0, "1", "a"), alert(MINUTE, "2", "c")};
    assert_int_equal(run(circle, opposite, 2).nodes[1].incident, 1);
    struct work_record all[] = {alert(0, "1", "a"), alert(MINUTE, "2", "b"),
                                alert(2 * MINUTE, "3", "c"), alert(3 * MINUTE, "4", "d")};
    struct grouping grouping = run(circle, all, 4);
    for (size_t n = 0; n < 4; n++)
        assert_int_equal(grouping.nodes[n].incident, 0);
}

/* A familiar node has no service, and so none of its edges. */
static void
what_recurs_has_no_edges(void **state)
{
    (void)state;
    static const char *const uids[] = {"0", "1", "2", "3", "4", "5", "6"};
    struct work_record records[8];
    for (int i = 0; i < 7; i++) {
        records[i] = alert(i * 60 * MINUTE, uids[i], "db");
        records[i].fingerprint = SV("f");
    }
    records[7] = alert(361 * MINUTE, "new", "api");
    struct grouping grouping = run("api\tdb\n", records, 8);
    assert_true(grouping.nodes[6].familiar);
    assert_int_equal(grouping.nodes[7].incident, 7);
}

static void
changes_are_attached_by_an_edge(void **state)
{
    (void)state;
    struct work_record records[] = {alert(0, "deploy", "db"), alert(5 * MINUTE, "b", "api")};
    records[0].role = NODE_CHANGE;
    struct grouping grouping = run("api\tdb\n", records, 2);
    assert_int_equal(grouping.nodes[0].attached_to, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(edges_are_written_once_and_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_graph_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(limits_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(neighbours_are_joined_either_way, setup, teardown),
        cmocka_unit_test_setup_teardown(the_scope_is_for_those_without_an_edge, setup, teardown),
        cmocka_unit_test_setup_teardown(circles_join_step_by_step, setup, teardown),
        cmocka_unit_test_setup_teardown(what_recurs_has_no_edges, setup, teardown),
        cmocka_unit_test_setup_teardown(changes_are_attached_by_an_edge, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
