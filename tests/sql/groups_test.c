/*
 * Groups that are kept in PostgreSQL (store/groups, correlate/stored) are those of the whole: in
 * random worlds, after every batch, read back from the tables; also where the step failed at any of
 * its statements and was taken again. What is written at once is what is written step by step. What
 * is read for an alert that comes late is counted: it does not grow with the scope.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "correlate/group/grouping.h"
#include "correlate/stored/stored.h"
#include "store/pg/conn.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/pgtest.h"

#define WORLDS 12
#define ORDERS 2
#define TABLES                                                                                     \
    "SELECT md5(coalesce(string_agg(v.x, ',' ORDER BY v.x), '')) FROM ("                           \
    "SELECT 'n' || (to_jsonb(g) - 'scope_no')::text AS x FROM correlate.group_node g JOIN "        \
    "correlate.group_scope s USING (scope_no) WHERE s.scope = '%s' UNION ALL "                     \
    "SELECT 'k' || (to_jsonb(k) - 'scope_no')::text FROM correlate.group_key k JOIN "              \
    "correlate.group_scope s USING (scope_no) WHERE s.scope = '%s') v"

/* ------------------------------------------------------- rows that fail where the test says so */

struct failing {
    struct group_rows rows;
    const struct group_rows *within;
    size_t calls, fails_at; /* 0: at none */
};

static int
fails(struct failing *failing, struct err *err)
{
    return ++failing->calls == failing->fails_at ? err_set(err, ERR_DB_DOWN, "made to fail") : 0;
}

static int
failing_nearest(void *context, struct arena *arena, const struct group_place *places, size_t count,
                bool before, size_t limit, struct group_near **ret_near, size_t *ret_count,
                struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->nearest(failing->within->context, arena, places, count, before, limit,
                                    ret_near, ret_count, err);
}

static int
failing_ask(void *context, struct arena *arena, enum group_question question,
            const struct group_place *places, size_t count, struct group_answer **ret_answers,
            size_t *ret_count, struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->ask(failing->within->context, arena, question, places, count,
                                ret_answers, ret_count, err);
}

static int
failing_change(void *context, enum group_change change, const struct group_row *rows, size_t count,
               struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->change(failing->within->context, change, rows, count, err);
}

static int
failing_change_keys(void *context, bool put, const struct group_key_row *rows, size_t count,
                    struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->change_keys(failing->within->context, put, rows, count, err);
}

/* ------------------------------------------------------------------ one step */

struct step {
    struct store *store;
    struct arena *arena; /* of one step */
    const struct correlation_config *config;
    const char *scope;
    size_t fails_at, calls;
    struct groups_count count;
    struct regroup_result result;
};

static bool
alike(const struct work_node *a, const struct work_node *b)
{
    bool same = a->last_ms == b->last_ms && a->severity == b->severity && a->role == b->role &&
                a->record_count == b->record_count && a->key_count == b->key_count &&
                a->declaration == b->declaration && a->quiet == b->quiet &&
                a->familiar == b->familiar && sv_eq(a->quiet_reason, b->quiet_reason) &&
                sv_eq(a->explicit_id, b->explicit_id) &&
                sv_eq(a->records[0]->fingerprint, b->records[0]->fingerprint);
    for (size_t k = 0; same && k < a->key_count; k++)
        same = node_key_cmp(&a->keys[k], &b->keys[k]) == 0;
    return same;
}

static const struct work_node *
next_of(const struct grouping *grouping, size_t *at, bool opens)
{
    while (*at < grouping->node_count && node_opens(&grouping->nodes[*at]) != opens)
        (*at)++;
    return *at < grouping->node_count ? &grouping->nodes[*at] : NULL;
}

/* From the nodes of before to those of now. */
static size_t
find_changes(const struct grouping *before, const struct grouping *now, bool opens,
             struct regroup_change *changes)
{
    size_t count = 0, was_at = 0, is_at = 0;
    for (;;) {
        const struct work_node *was = next_of(before, &was_at, opens);
        const struct work_node *is = next_of(now, &is_at, opens);
        if (was == NULL && is == NULL)
            return count;
        int order = was == NULL ? 1 : is == NULL ? -1 : node_id_cmp(was, is);
        if (order != 0 || !alike(was, is))
            changes[count++] =
                (struct regroup_change){order <= 0 ? was : NULL, order >= 0 ? is : NULL};
        was_at += order <= 0;
        is_at += order >= 0;
    }
}

static int
write_step(struct step *step, const struct group_rows *rows, const struct grouping *before,
           const struct grouping *now, struct err *err)
{
    struct stored stored;
    struct attach_list list = {0};
    stored_init(&stored, step->arena, rows);
    struct regroup by = {step->arena, step->config, &stored.opening, REGROUP_RULES};
    struct reattach re = {&by, &stored.attaching, REATTACH_RULES};
    size_t most = before->node_count + now->node_count + 1;
    struct regroup_change *opening = ARENA_ARRAY(step->arena, struct regroup_change, most);
    struct regroup_change *attaching = ARENA_ARRAY(step->arena, struct regroup_change, most);
    size_t opening_count = find_changes(before, now, true, opening);
    size_t attaching_count = find_changes(before, now, false, attaching);
    reattach_before(&re, opening, opening_count, &list);
    regroup(&by, opening, opening_count, &step->result);
    reattach(&re, opening, opening_count, step->result.labels, step->result.label_count, attaching,
             attaching_count, &list);
    int status = stored_end(&stored, err);
    stored_release(&stored);
    return status;
}

/* One transaction, which is rolled back where it fails. */
static int
take_step(struct step *step, const struct grouping *before, const struct grouping *now)
{
    struct groups *groups;
    struct sv config;
    struct err err;
    assert_int_equal(store_begin(step->store, &err), 0);
    if (groups_open(step->store, step->arena, sv_from(step->scope), &groups, &config, &err) != 0)
        fail_msg("%s", err.message);
    struct failing failing = {.rows = {.nearest = failing_nearest,
                                       .ask = failing_ask,
                                       .change = failing_change,
                                       .change_keys = failing_change_keys},
                              .within = groups_rows(groups),
                              .fails_at = step->fails_at};
    failing.rows.context = &failing;
    int status = write_step(step, &failing.rows, before, now, &err);
    step->calls = failing.calls;
    step->count = groups_counted(groups);
    if (status == 0 && store_end(step->store, &err) == 0)
        return 0;
    if (err.code != ERR_DB_DOWN || strcmp(err.message, "made to fail") != 0)
        fail_msg("%s", err.message);
    store_rollback(step->store);
    return -1;
}

/* ------------------------------------------------------------------ compared with the whole */

static const char *
compare_opening(struct stored *stored, const struct grouping *whole, size_t n)
{
    const struct work_node *node = &whole->nodes[n];
    struct node_id id = node_id_of(node), opener = node_id_of(&whole->nodes[node->incident]);
    struct node_id component = node_id_of(&whole->nodes[node->component]);
    const struct work_node *there = stored->opening.node(stored, &id);
    struct group_state state;
    if (there == NULL || !stored->opening.state(stored, &id, &state))
        return "a node has no group";
    if (there->last_ms != node->last_ms || there->severity != node->severity ||
        there->record_count != node->record_count || there->key_count != node->key_count ||
        !sv_eq(there->explicit_id, node->explicit_id) || there->familiar != node->familiar)
        return "a node is another one";
    if (!sv_eq(state.label.explicit_id, node->group_id))
        return "a group has another explicit id";
    struct node_id head = state.label.root;
    if (node->group_id.len > 0)
        head = node_id_of(stored->opening.head(stored, node->group_id));
    if (node_ids_cmp(&head, &opener) != 0)
        return "a node is in another incident";
    if (node_ids_cmp(&state.component, &component) != 0)
        return "a node is in another component";
    return sv_eq(state.reason, node->reason) ? NULL : "a node has another reason";
}

static const char *
compare_attaching(struct stored *stored, const struct grouping *whole, size_t n)
{
    const struct work_node *node = &whole->nodes[n];
    struct node_id id = node_id_of(node);
    struct attach_state state;
    if (!stored->attaching.state(stored, &id, &state))
        return "it is not known what a node hangs on";
    if (state.attached != (node->attached_to != NO_NODE))
        return "a node is attached, or is not";
    if (state.attached) {
        struct node_id to = state.to, wanted = node_id_of(&whole->nodes[node->attached_to]);
        if (state.explicit_id.len > 0)
            to = node_id_of(stored->opening.head(stored, state.explicit_id));
        if (node_ids_cmp(&to, &wanted) != 0)
            return "a node hangs on another one";
    }
    return sv_eq(state.reason, node->reason) ? NULL : "a node hangs there for another reason";
}

/* What differs, read from the tables; NULL: nothing. */
static const char *
compare(struct step *step, const struct grouping *whole)
{
    char sql[512];
    struct groups *groups;
    struct stored stored;
    struct sv config;
    struct err err;
    const char *fault = NULL;
    size_t keys = 0;
    assert_int_equal(store_begin(step->store, &err), 0);
    assert_int_equal(
        groups_open(step->store, step->arena, sv_from(step->scope), &groups, &config, &err), 0);
    stored_init(&stored, step->arena, groups_rows(groups));
    struct node_id *ids = ARENA_ARRAY(step->arena, struct node_id, whole->node_count + 1);
    for (int opens = 0; opens <= 1; opens++) {
        size_t count = 0;
        for (size_t n = 0; n < whole->node_count; n++)
            if (node_opens(&whole->nodes[n]) == (opens == 1))
                ids[count++] = node_id_of(&whole->nodes[n]);
        stored_load(&stored, opens == 1, ids, count);
    }
    for (size_t n = 0; n < whole->node_count && fault == NULL; n++) {
        keys += whole->nodes[n].key_count;
        fault = node_opens(&whole->nodes[n]) ? compare_opening(&stored, whole, n)
                                             : compare_attaching(&stored, whole, n);
    }
    if (stored_end(&stored, &err) != 0)
        fail_msg("%s", err.message);
    stored_release(&stored);
    store_rollback(step->store);
    snprintf(sql, sizeof(sql),
             "SELECT (SELECT count(*) FROM correlate.group_node g WHERE g.scope_no = s.scope_no) * "
             "1000000 + (SELECT count(*) FROM correlate.group_key k WHERE k.scope_no = s.scope_no) "
             "FROM correlate.group_scope s WHERE scope = '%s'",
             step->scope);
    if (fault == NULL && pgtest_int(sql) != (int64_t)(whole->node_count * 1000000 + keys))
        return "a node or key is left over";
    return fault;
}

static char *
tables_of(const char *scope)
{
    char sql[1024];
    snprintf(sql, sizeof(sql), TABLES, scope, scope);
    return pgtest_value(sql);
}

/* Written at once, as a rebuild does: the same rows. */
static const char *
compare_filled(struct step *step, const struct grouping *whole)
{
    struct groups *groups;
    struct stored stored;
    struct sv config;
    struct err err;
    char scope[80];
    snprintf(scope, sizeof(scope), "%s at once", step->scope);
    assert_int_equal(store_begin(step->store, &err), 0);
    assert_int_equal(groups_open(step->store, step->arena, sv_from(scope), &groups, &config, &err),
                     0);
    assert_int_equal(groups_clear(groups, &err), 0);
    stored_init(&stored, step->arena, groups_rows(groups));
    stored_fill(&stored, whole);
    if (stored_end(&stored, &err) != 0)
        fail_msg("%s", err.message);
    stored_release(&stored);
    assert_int_equal(groups_whole(groups, SV("digest"), &err), 0);
    assert_int_equal(store_end(step->store, &err), 0);
    char *once = tables_of(scope), *steps = tables_of(step->scope);
    bool same = strcmp(once, steps) == 0;
    free(once);
    free(steps);
    return same ? NULL : "what is written at once has other rows";
}

/* ----------------------------------------------------------------- one world */

static void
whole_of(struct arena *arena, const struct groupworld *world, size_t count, struct grouping *whole)
{
    struct work_record *records = ARENA_ARRAY(arena, struct work_record, WORLD_DELIVERIES_MAX);
    size_t used = groupworld_records(world, count, records);
    grouping_run(arena, &world->config, NULL, NULL, records, used, whole);
}

/* Each batch is stored, some fail at a statement first. */
static const char *
run_world(struct store *store, const struct groupworld *world, const char *scope, uint64_t seed)
{
    struct arena arena, scratch;
    const char *fault = NULL;
    uint64_t random = seed;
    struct grouping before = {0};
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    struct step step = {
        .store = store, .arena = &scratch, .config = &world->config, .scope = scope};
    for (size_t i = 0; i < world->count && fault == NULL; i++) {
        struct grouping whole;
        if (!world->deliveries[i].ends_batch)
            continue;
        whole_of(&arena, world, i + 1, &whole);
        step.fails_at = world_random(&random) % 3 == 0 ? 1 + world_random(&random) % 12 : 0;
        if (take_step(&step, &before, &whole) != 0) {
            step.fails_at = 0;
            assert_int_equal(take_step(&step, &before, &whole), 0);
        }
        fault = compare(&step, &whole);
        before = whole;
        arena_reset(&scratch);
    }
    if (fault == NULL)
        fault = compare_filled(&step, &before);
    if (fault == NULL && (take_step(&step, &before, &before) != 0 || step.count.written > 0))
        fault = "something is written where nothing differs";
    arena_release(&scratch);
    arena_release(&arena);
    return fault;
}

static void
kept_groups_are_those_of_the_whole(void **state)
{
    (void)state;
    struct arena arena;
    struct store *store = pgtest_open("hindcast_correlate");
    struct groupworld *world = malloc(sizeof(*world));
    const char *seed = getenv("SEED"), *runs = getenv("RUNS");
    uint64_t from = seed == NULL ? 1 : strtoull(seed, NULL, 10);
    uint64_t count = runs == NULL ? WORLDS : strtoull(runs, NULL, 10);
    arena_init(&arena, 0);
    for (uint64_t i = from; i < from + count; i++) {
        groupworld_make(world, &arena, i);
        for (uint64_t order = 0; order < ORDERS; order++) {
            char scope[64];
            snprintf(scope, sizeof(scope), "world %llu.%llu", (unsigned long long)i,
                     (unsigned long long)order);
            groupworld_shuffle(world, i + (order << 32));
            const char *fault = run_world(store, world, scope, i);
            if (fault != NULL)
                fail_msg("SEED=%llu RUNS=1: %s", (unsigned long long)i, fault);
        }
        arena_reset(&arena);
    }
    free(world);
    arena_release(&arena);
    store_close(store);
}

/* ---------------------------------------------------------------- what is read */

#define LATE_ALERTS 60
#define KEYS 2 /* of each alert below */

/* An alert somewhere in a history of one every 20 minutes, of 24 services with 3 hosts each. */
static struct work_record
alert_of_history(struct arena *arena, uint64_t *random, size_t number, size_t nodes)
{
    uint64_t service = world_random(random) % 24;
    struct work_record record = {
        .ms = (int64_t)(world_random(random) % (nodes * 20)) * 60000,
        .source = SV("am"),
        .uid = arena_printf(arena, "h%07zu", number),
        .role = NODE_ALERT,
        .severity = 17,
        .key_count = KEYS,
    };
    record.fingerprint = record.uid;
    record.keys[0] = (struct node_key){
        KEY_HOST, arena_printf(arena, "host-%d-%d", (int)service, (int)(world_random(random) % 3))};
    record.keys[1] =
        (struct node_key){KEY_SERVICE, arena_printf(arena, "service-%d", (int)service)};
    return record;
}

static void
store_history(struct step *step, const struct grouping *whole)
{
    struct groups *groups;
    struct stored stored;
    struct sv config;
    struct err err;
    assert_int_equal(store_begin(step->store, &err), 0);
    assert_int_equal(
        groups_open(step->store, step->arena, sv_from(step->scope), &groups, &config, &err), 0);
    stored_init(&stored, step->arena, groups_rows(groups));
    stored_fill(&stored, whole);
    assert_int_equal(stored_end(&stored, &err), 0);
    stored_release(&stored);
    assert_int_equal(store_end(step->store, &err), 0);
}

/* Rows read for alerts that come late into a history of so many nodes. */
static size_t
rows_of_late_alerts(struct store *store, size_t nodes)
{
    struct arena arena, scratch;
    struct correlation_config config;
    struct grouping whole, nothing = {0}, one;
    uint64_t random = nodes;
    size_t rows = 0, statements = 0;
    char scope[32];
    arena_init(&arena, 1 << 20);
    arena_init(&scratch, 0);
    correlation_config_default(&config);
    snprintf(scope, sizeof(scope), "history of %zu", nodes);
    struct step step = {.store = store, .arena = &scratch, .config = &config, .scope = scope};
    struct work_record *records = ARENA_ARRAY(&arena, struct work_record, nodes + LATE_ALERTS);
    for (size_t i = 0; i < nodes + LATE_ALERTS; i++)
        records[i] = alert_of_history(&arena, &random, i, nodes);
    struct work_record *late = ARENA_ARRAY(&arena, struct work_record, LATE_ALERTS);
    memcpy(late, records + nodes, LATE_ALERTS * sizeof(*late));
    grouping_run(&arena, &config, NULL, NULL, records, nodes, &whole);
    store_history(&step, &whole);
    for (size_t i = 0; i < LATE_ALERTS; i++) {
        arena_reset(&scratch);
        grouping_run(&arena, &config, NULL, NULL, &late[i], 1, &one);
        assert_int_equal(take_step(&step, &nothing, &one), 0);
        /* each list of neighbours once a side and node, before and after; each node once */
        size_t near = (size_t)4 * KEYS, keys = step.count.key_rows, read = step.count.node_rows;
        assert_true(keys <= near * (8 + 3 * near + 2 * step.result.full));
        assert_true(read <= keys + step.result.full + 2);
        rows += keys + read;
        statements += step.count.statements;
    }
    memcpy(records + nodes, late, LATE_ALERTS * sizeof(*late));
    grouping_run(&arena, &config, NULL, NULL, records, nodes + LATE_ALERTS, &whole);
    arena_reset(&scratch);
    const char *fault = compare(&step, &whole);
    if (fault != NULL)
        fail_msg("%zu nodes: %s", nodes, fault);
    printf("an alert among %zu nodes: %.1f rows read by %.1f statements\n", nodes,
           (double)rows / LATE_ALERTS, (double)statements / LATE_ALERTS);
    arena_release(&scratch);
    arena_release(&arena);
    return rows;
}

static void
what_is_read_does_not_grow_with_the_scope(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_correlate");
    size_t small = rows_of_late_alerts(store, 10000), large = rows_of_late_alerts(store, 100000);
    assert_true(small > 0);
    assert_true(large * 10 <= small * 12);
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_groups_are_those_of_the_whole),
        cmocka_unit_test(what_is_read_does_not_grow_with_the_scope),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
