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
#include "correlate/stored/content.h"
#include "correlate/stored/step.h"
#include "store/pg/conn.h"
#include "tests/lib/failingrows.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/pgtest.h"

#define WORLDS 12
#define ORDERS 2
#define TABLES                                                                                     \
    "SELECT md5(coalesce(string_agg(v.x, ',' ORDER BY v.x), '')) FROM ("                           \
    "SELECT 'n' || (to_jsonb(g) - 'scope_no')::text AS x FROM correlate.group_node g JOIN "        \
    "correlate.group_scope s USING (scope_no) WHERE s.scope = '%s' UNION ALL "                     \
    "SELECT 'r' || (to_jsonb(r) - 'scope_no')::text FROM correlate.group_record r JOIN "           \
    "correlate.group_scope s USING (scope_no) WHERE s.scope = '%s' UNION ALL "                     \
    "SELECT 'k' || (to_jsonb(k) - 'scope_no')::text FROM correlate.group_key k JOIN "              \
    "correlate.group_scope s USING (scope_no) WHERE s.scope = '%s') v"

/* ------------------------------------------------------------------ one step */

/* What counts, and the whole that is made of it. */
struct state {
    struct work_record *records; /* in any order */
    size_t count;
    struct grouping whole;
};

struct step {
    struct store *store;
    struct arena *arena; /* of one step */
    const struct correlation_config *config;
    const char *scope;
    size_t fails_at, calls;
    struct groups_count count;
    struct group_step_result result;
};

static const struct work_record *
record_with(const struct state *state, struct sv uid)
{
    for (size_t i = 0; i < state->count; i++)
        if (sv_eq(state->records[i].uid, uid))
            return &state->records[i];
    return NULL;
}

/* Of records that were not there, or were others; none goes. What they were the rows tell. */
static size_t
find_changes(struct stored *stored, const struct state *before, const struct state *now,
             struct record_change *changes)
{
    size_t count = 0;
    struct sv *uids = ARENA_ARRAY(stored->arena, struct sv, now->count + 1);
    const struct work_record **was =
        ARENA_ARRAY(stored->arena, const struct work_record *, now->count + 1);
    for (size_t i = 0; i < now->count; i++) {
        const struct work_record *old = record_with(before, now->records[i].uid);
        if (old != NULL && memcmp(old, &now->records[i], sizeof(*old)) == 0)
            continue;
        uids[count] = now->records[i].uid;
        changes[count++].is = &now->records[i];
    }
    stored_records(stored, uids, count, was);
    for (size_t i = 0; i < count; i++)
        changes[i].was = was[i];
    return count;
}

static int
write_step(struct step *step, const struct group_rows *rows, const struct state *before,
           const struct state *now, struct err *err)
{
    struct stored stored;
    stored_init(&stored, step->arena, rows);
    struct group_step by = {step->arena, step->config, NULL, &stored, groupworld_rules()};
    struct record_change *changes = ARENA_ARRAY(step->arena, struct record_change, now->count + 1);
    size_t count = find_changes(&stored, before, now, changes);
    group_step(&by, changes, count, &step->result);
    int status = stored_end(&stored, err);
    stored_release(&stored);
    return status;
}

/* One transaction, which is rolled back where it fails. */
static int
take_step(struct step *step, const struct state *before, const struct state *now)
{
    struct groups *groups;
    struct sv config;
    struct err err;
    assert_int_equal(store_begin(step->store, &err), 0);
    if (groups_open(step->store, step->arena, sv_from(step->scope), &groups, &config, &err) != 0)
        fail_msg("%s", err.message);
    struct failing failing;
    failing_init(&failing, groups_rows(groups), step->fails_at);
    int status = write_step(step, &failing.rows, before, now, &err);
    step->calls = failing.calls;
    step->count = groups_counted(groups);
    if (status == 0 && store_end(step->store, &err) == 0)
        return 0;
    if (err.code != ERR_DB_DOWN || strcmp(err.message, FAILING_MESSAGE) != 0)
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
    snprintf(sql, sizeof(sql), TABLES, scope, scope, scope);
    return pgtest_value(sql);
}

/* Written at once, as a rebuild does: the same rows. */
static const char *
compare_filled(struct step *step, const struct state *now)
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
    stored_fill(&stored, &now->whole, NULL);
    stored_fill_records(&stored, now->records, now->count);
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

/* ------------------------------------------------------------------ what is touched */

/* All that is known of an incident: its nodes as they are kept, and their reasons. */
static char *
told(const struct grouping *whole, const struct work_node *head)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t n = 0; n < whole->node_count; n++) {
        const struct work_node *node = &whole->nodes[n];
        if (node->incident == NO_NODE || &whole->nodes[node->incident] != head)
            continue;
        content_write(node, &out);
        strbuf_add_sv(&out, node->uid);
        strbuf_add_sv(&out, node->reason);
    }
    struct sha256 digest;
    char *hex = malloc(SHA256_HEX + 1);
    sha256_of(out.ptr, out.len, &digest);
    sha256_hex(&digest, hex);
    strbuf_release(&out);
    return hex;
}

/* The node that opens the incident of this name. */
static const struct work_node *
head_of(const struct grouping *whole, const struct group_label *label)
{
    for (size_t n = 0; n < whole->node_count; n++) {
        const struct work_node *node = &whole->nodes[n];
        struct node_id id = node_id_of(node);
        if (node->incident == n && sv_eq(node->group_id, label->explicit_id) &&
            (label->explicit_id.len > 0 || node_ids_cmp(&id, &label->root) == 0))
            return node;
    }
    return NULL;
}

static bool
is_touched(const struct step *step, const struct group_label *label)
{
    for (size_t i = 0; i < step->result.touched_count; i++)
        if (group_labels_eq(&step->result.touched[i], label))
            return true;
    return false;
}

/* Incidents of one state that are not the same in the other and are not told to be touched. */
static bool
misses(const struct step *step, const struct grouping *one, const struct grouping *other)
{
    bool missed = false;
    for (size_t n = 0; n < one->node_count && !missed; n++) {
        const struct work_node *node = &one->nodes[n];
        if (node->incident != n)
            continue;
        struct group_label label = {node->group_id, node_id_of(node)};
        const struct work_node *there = head_of(other, &label);
        char *a = told(one, node), *b = told(other, there);
        missed = strcmp(a, b) != 0 && !is_touched(step, &label);
        free(a);
        free(b);
    }
    return missed;
}

/* ----------------------------------------------------------------- one world */

static void
state_of(struct arena *arena, const struct groupworld *world, size_t count, struct state *state)
{
    struct work_record *records = ARENA_ARRAY(arena, struct work_record, WORLD_DELIVERIES_MAX);
    state->records = ARENA_ARRAY(arena, struct work_record, WORLD_DELIVERIES_MAX);
    state->count = groupworld_records(world, count, records);
    memcpy(state->records, records, state->count * sizeof(*records));
    grouping_run(arena, &world->config, NULL, groupworld_rules(), records, state->count,
                 &state->whole);
}

/* Each batch is stored, some fail at a statement first. */
static const char *
run_world(struct store *store, const struct groupworld *world, const char *scope, uint64_t seed)
{
    struct arena arena, scratch;
    const char *fault = NULL;
    uint64_t random = seed;
    struct state before = {0};
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    struct step step = {
        .store = store, .arena = &scratch, .config = &world->config, .scope = scope};
    for (size_t i = 0; i < world->count && fault == NULL; i++) {
        struct state now;
        if (!world->deliveries[i].ends_batch)
            continue;
        state_of(&arena, world, i + 1, &now);
        step.fails_at = world_random(&random) % 3 == 0 ? 1 + world_random(&random) % 16 : 0;
        if (take_step(&step, &before, &now) != 0) {
            step.fails_at = 0;
            assert_int_equal(take_step(&step, &before, &now), 0);
        }
        if (misses(&step, &now.whole, &before.whole) || misses(&step, &before.whole, &now.whole))
            fault = "an incident is another one and not touched";
        if (fault == NULL)
            fault = compare(&step, &now.whole);
        before = now;
        arena_reset(&scratch);
    }
    if (fault == NULL)
        fault = compare_filled(&step, &before);
    step.fails_at = 0;
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

#define LATE 60 /* alerts and messages */
#define KEYS 3  /* of each alert below */

static const char *const services[] = {"checkout", "payments", "search", "login", "carts", "mail"};

static struct observation *
words_at(struct arena *arena, const struct work_record *record)
{
    struct observation *observation = ARENA_NEW(arena, struct observation);
    groupworld_name(observation, record);
    return observation;
}

/* A message of the one channel, about one of the services or about nothing. */
static struct work_record
message_of_history(struct arena *arena, uint64_t *random, struct work_record record)
{
    static const char *const says[] = {"is down again", "looks fine to me", "is slow"};
    record.role = NODE_CHAT;
    record.source = SV("chat");
    record.fingerprint = SV("chat:engineering");
    record.key_count = 1;
    struct observation *observation = words_at(arena, &record);
    observation->event.channel = SV("engineering");
    observation->event.phase = PHASE_POST;
    observation->event.actor = SV("ana");
    observation->event.title = arena_printf(
        arena, "%s %s", world_random(random) % 3 == 0 ? "this" : services[world_random(random) % 6],
        says[world_random(random) % 3]);
    record.observation = observation;
    return record;
}

/*
 * An alert somewhere in a history of one record every 20 minutes, of 24 services with 3 hosts each;
 * every fourth record is a message.
 */
static struct work_record
record_of_history(struct arena *arena, uint64_t *random, size_t number, size_t nodes)
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
    record.keys[0] = (struct node_key){KEY_SCOPE, SV("default")};
    if (number % 4 == 3)
        return message_of_history(arena, random, record);
    record.keys[1] = (struct node_key){
        KEY_HOST, arena_printf(arena, "host-%d-%d", (int)service, (int)(world_random(random) % 3))};
    record.keys[2] =
        (struct node_key){KEY_SERVICE, arena_printf(arena, "service-%d", (int)service)};
    struct observation *observation = words_at(arena, &record);
    observation->event.title = SV("error rate");
    observation->event.service = sv_from(services[service % 6]);
    record.observation = observation;
    return record;
}

static void
store_history(struct step *step, const struct grouping *whole, const struct work_record *records,
              size_t count)
{
    struct groups *groups;
    struct stored stored;
    struct sv config;
    struct err err;
    assert_int_equal(store_begin(step->store, &err), 0);
    assert_int_equal(
        groups_open(step->store, step->arena, sv_from(step->scope), &groups, &config, &err), 0);
    stored_init(&stored, step->arena, groups_rows(groups));
    stored_fill(&stored, whole, NULL);
    stored_fill_records(&stored, records, count);
    assert_int_equal(stored_end(&stored, &err), 0);
    stored_release(&stored);
    assert_int_equal(store_end(step->store, &err), 0);
}

/* Rows read for alerts and messages that come late into a history of so many nodes. */
static size_t
rows_of_late_records(struct store *store, size_t nodes)
{
    struct arena arena, scratch;
    struct correlation_config config;
    struct grouping whole;
    struct state nothing = {0};
    uint64_t random = nodes;
    size_t rows = 0, statements = 0;
    char scope[32];
    arena_init(&arena, 1 << 20);
    arena_init(&scratch, 0);
    correlation_config_default(&config);
    snprintf(scope, sizeof(scope), "history of %zu", nodes);
    struct step step = {.store = store, .arena = &scratch, .config = &config, .scope = scope};
    struct work_record *records = ARENA_ARRAY(&arena, struct work_record, nodes + LATE);
    for (size_t i = 0; i < nodes + LATE; i++)
        records[i] = record_of_history(&arena, &random, i, nodes);
    struct work_record *late = ARENA_ARRAY(&arena, struct work_record, LATE);
    memcpy(late, records + nodes, LATE * sizeof(*late));
    grouping_run(&arena, &config, NULL, groupworld_rules(), records, nodes, &whole);
    store_history(&step, &whole, records, nodes);
    for (size_t i = 0; i < LATE; i++) {
        arena_reset(&scratch);
        struct state one = {.records = &late[i], .count = 1};
        assert_int_equal(take_step(&step, &nothing, &one), 0);
        /* each list of neighbours once a side and node, before and after; each node once; around
         * a message its channel's episodes; of an attaching node that is looked at again the
         * episodes beside it, and what those hang on */
        size_t near = (size_t)4 * KEYS, keys = step.count.key_rows, read = step.count.node_rows;
        size_t beside = 2 * ((size_t)config.familiar_count + 2) + 3 * step.result.attached;
        assert_true(keys <= near * (8 + 3 * near + 2 * step.result.groups.full));
        assert_true(read <= keys + step.result.groups.full + beside + 2);
        rows += keys + read + step.count.record_rows;
        statements += step.count.statements;
    }
    memcpy(records + nodes, late, LATE * sizeof(*late));
    grouping_run(&arena, &config, NULL, groupworld_rules(), records, nodes + LATE, &whole);
    arena_reset(&scratch);
    const char *fault = compare(&step, &whole);
    if (fault != NULL)
        fail_msg("%zu nodes: %s", nodes, fault);
    printf("an alert or message among %zu nodes: %.1f rows read by %.1f statements\n", nodes,
           (double)rows / LATE, (double)statements / LATE);
    arena_release(&scratch);
    arena_release(&arena);
    return rows;
}

static void
what_is_read_does_not_grow_with_the_scope(void **state)
{
    (void)state;
    struct store *store = pgtest_open("hindcast_correlate");
    size_t small = rows_of_late_records(store, 10000), large = rows_of_late_records(store, 100000);
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
