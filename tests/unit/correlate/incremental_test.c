/*
 * Grouping by what changed (correlate/incremental) gives what grouping of the whole set gives: in
 * random worlds, after every batch, in several orders. RUNS=N worlds from SEED=S on. Each rule that
 * may not be left out is left out, and noticed. What is read for an alert is counted: it does not
 * grow with the scope.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "correlate/group/grouping.h"
#include "correlate/incremental/reattach.h"
#include "correlate/stored/content.h"
#include "tests/lib/attachstore.h"
#include "tests/lib/groupstore.h"
#include "tests/lib/groupworld.h"

#define ALL_RULES (REGROUP_RULES | REATTACH_RULES << WORLD_REATTACH_SHIFT)
#define ORDERS 3
#define WORLDS 60

/* ------------------------------------------------------------------ one step */

struct step {
    struct arena *arena, *scratch;
    const struct correlation_config *config;
    unsigned rules; /* of regroup(), and above them those of reattach() */
    const struct phrase_rules *phrases;
    struct groupstore *store;
    struct attachstore *attaching; /* or NULL */
    struct regroup_result result;
};

static bool
alike(const struct work_node *a, const struct work_node *b)
{
    struct strbuf one, two;
    strbuf_init(&one, 0);
    strbuf_init(&two, 0);
    content_write(a, &one);
    content_write(b, &two);
    bool same = sv_eq(strbuf_view(&one), strbuf_view(&two)) && a->record_count == b->record_count;
    for (size_t i = 0; same && i < a->record_count; i++)
        same = sv_eq(a->records[i]->uid, b->records[i]->uid);
    strbuf_release(&one);
    strbuf_release(&two);
    return same;
}

/* From the nodes that are stored to those that there are now. */
static size_t
find_changes(const struct step *step, const struct grouping *now, struct regroup_change *changes)
{
    size_t count = 0, was = 0;
    for (size_t is = 0; is <= now->node_count; is++) {
        const struct work_node *node = is < now->node_count ? &now->nodes[is] : NULL;
        if (node != NULL && !node_opens(node))
            continue;
        for (; was < step->store->node_count &&
               (node == NULL || node_id_cmp(&step->store->nodes[was]->node, node) < 0);
             was++)
            changes[count++] = (struct regroup_change){&step->store->nodes[was]->node, NULL};
        if (node == NULL)
            break;
        if (was == step->store->node_count ||
            node_id_cmp(&step->store->nodes[was]->node, node) != 0)
            changes[count++] = (struct regroup_change){NULL, node};
        else if (!alike(&step->store->nodes[was++]->node, node))
            changes[count++] = (struct regroup_change){&step->store->nodes[was - 1]->node, node};
    }
    return count;
}

static size_t
find_attaching(const struct step *step, const struct grouping *now, struct regroup_change *changes)
{
    size_t count = 0;
    const struct attachstore *store = step->attaching;
    for (size_t i = 0; i < store->node_count; i++) {
        size_t at = 0;
        while (at < now->node_count && (node_opens(&now->nodes[at]) ||
                                        node_id_cmp(&now->nodes[at], &store->nodes[i]->node) != 0))
            at++;
        if (at == now->node_count)
            changes[count++] = (struct regroup_change){&store->nodes[i]->node, NULL};
    }
    for (size_t n = 0; n < now->node_count; n++) {
        struct node_id id = node_id_of(&now->nodes[n]);
        const struct stored_attach *was = attachstore_find(store, &id);
        if (!node_opens(&now->nodes[n]) && (was == NULL || !alike(&was->node, &now->nodes[n])))
            changes[count++] =
                (struct regroup_change){was == NULL ? NULL : &was->node, &now->nodes[n]};
    }
    return count;
}

static void
take_step(struct step *step, const struct grouping *now)
{
    struct regroup by = {.arena = step->scratch,
                         .config = step->config,
                         .store = &step->store->store,
                         .rules = step->rules & REGROUP_RULES};
    size_t most = now->node_count + step->store->node_count + 1;
    struct regroup_change *changes = ARENA_ARRAY(step->scratch, struct regroup_change, most);
    struct reattach re = {&by, NULL, step->rules >> WORLD_REATTACH_SHIFT, step->phrases};
    struct attach_list list = {0};
    size_t count = find_changes(step, now, changes);
    if (step->attaching != NULL) {
        re.store = &step->attaching->store;
        reattach_before(&re, changes, count, &list);
    }
    regroup(&by, changes, count, &step->result);
    if (step->attaching == NULL)
        return;
    most = now->node_count + step->attaching->node_count + 1;
    struct regroup_change *attaching = ARENA_ARRAY(step->scratch, struct regroup_change, most);
    size_t attaching_count = find_attaching(step, now, attaching);
    reattach(&re, changes, count, &step->result, attaching, attaching_count, &list);
}

/* The opening node that it hangs on; of an incident with an explicit id the one that opens it. */
static bool
hangs_on(const struct step *step, const struct attach_state *state, struct node_id *ret_id)
{
    *ret_id = state->to;
    if (state->explicit_id.len == 0)
        return state->attached;
    const struct work_node *head = step->store->store.head(step->store, state->explicit_id);
    if (head != NULL)
        *ret_id = node_id_of(head);
    return head != NULL;
}

static const char *
compare_attaching(const struct step *step, const struct grouping *whole)
{
    size_t attaching = 0;
    for (size_t n = 0; n < whole->node_count; n++) {
        const struct work_node *node = &whole->nodes[n];
        if (node_opens(node))
            continue;
        struct node_id id = node_id_of(node), to;
        const struct stored_attach *there = attachstore_find(step->attaching, &id);
        attaching++;
        if (there == NULL || !there->has_state)
            return "it is not known what a node hangs on";
        bool hangs = hangs_on(step, &there->state, &to);
        if (hangs != (node->attached_to != NO_NODE))
            return "a node is attached, or is not";
        if (hangs) {
            struct node_id wanted = node_id_of(&whole->nodes[node->attached_to]);
            if (node_ids_cmp(&to, &wanted) != 0)
                return "a node hangs on another one";
        }
        if (!sv_eq(there->state.reason, node->reason))
            return "a node hangs there for another reason";
    }
    return attaching == step->attaching->node_count ? NULL : "an attaching node is left over";
}

/* What differs, for people; NULL: nothing. */
static const char *
compare(const struct step *step, const struct grouping *whole)
{
    size_t opening = 0;
    for (size_t n = 0; n < whole->node_count; n++) {
        const struct work_node *node = &whole->nodes[n];
        if (!node_opens(node))
            continue;
        struct node_id id = node_id_of(node), opener = node_id_of(&whole->nodes[node->incident]);
        const struct stored_node *there = groupstore_find(step->store, &id);
        opening++;
        if (there == NULL || !there->has_state)
            return "a node has no group";
        if (!sv_eq(there->state.label.explicit_id, node->group_id))
            return "a group has another explicit id";
        struct node_id head = there->state.label.root;
        if (node->group_id.len > 0)
            head = node_id_of(step->store->store.head(step->store, node->group_id));
        if (node_ids_cmp(&head, &opener) != 0)
            return "a node is in another incident";
        if (!sv_eq(there->state.reason, node->reason))
            return "a node has another reason";
    }
    return opening == step->store->node_count ? NULL : "a node is left over";
}

/* Components are no result, but the next step reads them: those of one step from nothing. */
static const char *
compare_components(const struct step *step, const struct grouping *whole)
{
    struct groupstore fresh;
    groupstore_init(&fresh);
    struct step once = *step;
    once.store = &fresh;
    once.attaching = NULL;
    once.rules = ALL_RULES;
    take_step(&once, whole);
    const char *fault = NULL;
    for (size_t n = 0; n < fresh.node_count && fault == NULL; n++)
        if (node_ids_cmp(&fresh.nodes[n]->state.component,
                         &step->store->nodes[n]->state.component) != 0)
            fault = "a node is in another component";
    groupstore_release(&fresh);
    return fault;
}

/* ----------------------------------------------------------------- one world */

/* What the worlds have of talk that is judged. */
static struct {
    size_t about, goes_on, aside;
} talk;

static void
count_talk(const struct grouping *whole)
{
    for (size_t n = 0; n < whole->node_count; n++) {
        struct sv reason = whole->nodes[n].reason;
        talk.about += sv_find(reason, SV("talk of ")) != SIZE_MAX;
        talk.goes_on += sv_find(reason, SV("goes on")) != SIZE_MAX;
        talk.aside += sv_find(reason, SV("talks of something else")) != SIZE_MAX;
    }
}

static const char *
run_world(const struct groupworld *world, unsigned rules)
{
    struct arena arena, scratch;
    struct groupstore store;
    struct attachstore attaching;
    const char *fault = NULL;
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    groupstore_init(&store);
    attachstore_init(&attaching);
    struct step step = {.arena = &arena,
                        .scratch = &scratch,
                        .config = &world->config,
                        .rules = rules,
                        .phrases = groupworld_rules(),
                        .store = &store,
                        .attaching = &attaching};
    for (size_t i = 0; i < world->count && fault == NULL; i++) {
        if (!world->deliveries[i].ends_batch)
            continue;
        struct grouping whole;
        struct work_record *records = ARENA_ARRAY(&arena, struct work_record, WORLD_DELIVERIES_MAX);
        size_t count = groupworld_records(world, i + 1, records);
        grouping_run(&arena, step.config, NULL, step.phrases, records, count, &whole);
        take_step(&step, &whole);
        fault = compare(&step, &whole);
        if (fault == NULL)
            fault = compare_attaching(&step, &whole);
        store.writes = attaching.writes = 0;
        take_step(&step, &whole);
        if (fault == NULL && store.writes + attaching.writes > 0)
            fault = "something is written where nothing differs";
        if (fault == NULL && i + 1 == world->count)
            fault = compare_components(&step, &whole);
        if (i + 1 == world->count)
            count_talk(&whole);
        arena_reset(&scratch);
    }
    groupstore_release(&store);
    attachstore_release(&attaching);
    arena_release(&scratch);
    arena_release(&arena);
    return fault;
}

static unsigned shrunk_with; /* rules */

static bool
fails(const struct groupworld *world)
{
    return run_world(world, shrunk_with) != NULL;
}

/* KEEP=FOLDER: a world that failed, shrunk, to be put into tests/fixtures/group_worlds. */
static void
keep(struct groupworld *world, unsigned rules, uint64_t seed)
{
    char path[512];
    const char *folder = getenv("KEEP");
    if (folder == NULL)
        return;
    snprintf(path, sizeof(path), "%s/%llu-%u.tsv", folder, (unsigned long long)seed,
             ALL_RULES & ~rules);
    shrunk_with = rules;
    groupworld_shrink(world, fails);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    groupworld_write(world, ALL_RULES & ~rules, out);
    assert_int_equal(fclose(out), 0);
    printf("kept %s: %zu deliveries\n", path, world->count);
}

/* The seed in which it was noticed that these rules are not all; -1: in none. */
static int64_t
run_worlds(uint64_t seed, uint64_t count, unsigned rules, const char **ret_fault)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct groupworld *world = malloc(sizeof(*world));
    int64_t noticed = -1;
    for (uint64_t i = 0; i < count && noticed < 0; i++) {
        groupworld_make(world, &arena, seed + i);
        for (uint64_t order = 0; order < ORDERS && noticed < 0; order++) {
            groupworld_shuffle(world, seed + i + (order << 32));
            *ret_fault = run_world(world, rules);
            noticed = *ret_fault != NULL ? (int64_t)(seed + i) : -1;
            if (noticed >= 0)
                keep(world, rules, seed + i);
        }
        arena_reset(&arena);
    }
    free(world);
    arena_release(&arena);
    return noticed;
}

static uint64_t
number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void
every_order_gives_the_groups_of_the_whole(void **state)
{
    (void)state;
    const char *fault = NULL;
    int64_t seed = run_worlds(number_of("SEED", 1), number_of("RUNS", WORLDS), ALL_RULES, &fault);
    if (seed >= 0)
        fail_msg("SEED=%lld RUNS=1: %s", (long long)seed, fault);
    printf("talk: %zu about something, %zu that goes on, %zu of something else\n", talk.about,
           talk.goes_on, talk.aside);
    if (number_of("RUNS", WORLDS) >= WORLDS)
        assert_true(talk.about > 0 && talk.goes_on > 0 && talk.aside > 0);
}

static void
each_rule_left_out_is_noticed(void **state)
{
    (void)state;
    for (unsigned rule = 1; rule <= ALL_RULES; rule *= 2) {
        if ((rule & ALL_RULES) == 0)
            continue;
        const char *fault = NULL;
        int64_t seed = run_worlds(1, 10 * WORLDS, ALL_RULES & ~rule, &fault);
        printf("rule %u left out: %s, seed %lld\n", rule, fault == NULL ? "not noticed" : fault,
               (long long)seed);
        if (seed < 0)
            fail_msg("nobody notices that rule %u is left out", rule);
    }
}

/* Worlds that failed once, or that show why a rule is needed. */
static void
kept_worlds_are_as_the_whole(void **state)
{
    (void)state;
    struct arena arena;
    struct groupworld *world = malloc(sizeof(*world));
    glob_t found;
    assert_int_equal(glob("tests/fixtures/group_worlds/*.tsv", 0, NULL, &found), 0);
    arena_init(&arena, 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i], *fault;
        unsigned left_out;
        if (!groupworld_read(world, &arena, path, &left_out))
            fail_msg("%s cannot be read", path);
        fault = run_world(world, ALL_RULES);
        if (fault != NULL)
            fail_msg("%s: %s", path, fault);
        if (left_out != 0 && run_world(world, ALL_RULES & ~left_out) == NULL)
            fail_msg("%s does not notice that rule %u is left out", path, left_out);
    }
    globfree(&found);
    arena_release(&arena);
    free(world);
}

/* ---------------------------------------------------------------- what is read */

#define LATE_ALERTS 100
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

/* The history as it is stored; without explicit ids a group is all of its component. */
static void
store_history(struct arena *arena, const struct grouping *whole, struct groupstore *store)
{
    struct group_state *states = ARENA_ARRAY(arena, struct group_state, whole->node_count + 1);
    for (size_t n = 0; n < whole->node_count; n++) {
        struct node_id root = node_id_of(&whole->nodes[whole->nodes[n].group]);
        states[n] = (struct group_state){root, {SV_NONE, root}, whole->nodes[n].reason};
    }
    groupstore_fill(store, whole->nodes, states, whole->node_count);
}

/*
 * A late alert reads its neighbours once and those of its successors twice, before and after; each
 * node that is made full its neighbours on both sides, and the states around it. With K keys and 4
 * neighbours that is a key row and a node row for each.
 */
static size_t
most_rows(const struct regroup_result *result)
{
    size_t near = (size_t)4 * KEYS;
    return 2 * near + 2 * (1 + near) * (1 + 2 * near) + result->full * (6 * near + 8);
}

/* Rows read for 100 alerts that come late into a history of so many nodes. */
static size_t
rows_of_late_alerts(size_t nodes)
{
    struct arena arena, scratch;
    struct groupstore store;
    struct correlation_config config;
    struct grouping whole;
    uint64_t random = nodes;
    size_t rows = 0;
    arena_init(&arena, 1 << 20);
    arena_init(&scratch, 0);
    groupstore_init(&store);
    correlation_config_default(&config);
    struct work_record *records = ARENA_ARRAY(&arena, struct work_record, nodes + LATE_ALERTS);
    for (size_t i = 0; i < nodes + LATE_ALERTS; i++)
        records[i] = alert_of_history(&arena, &random, i, nodes);
    struct work_record *late = ARENA_ARRAY(&arena, struct work_record, LATE_ALERTS);
    memcpy(late, records + nodes, LATE_ALERTS * sizeof(*late));
    grouping_run(&arena, &config, NULL, NULL, records, nodes, &whole);
    store_history(&arena, &whole, &store);
    for (size_t i = 0; i < LATE_ALERTS; i++) {
        struct regroup_result result;
        struct regroup by = {
            .arena = &scratch, .config = &config, .store = &store.store, .rules = REGROUP_RULES};
        grouping_run(&arena, &config, NULL, NULL, &late[i], 1, &whole);
        const struct regroup_change change = {NULL, &whole.nodes[0]};
        size_t before = rows;
        store.key_rows = store.node_rows = store.state_rows = 0;
        regroup(&by, &change, 1, &result);
        rows += store.key_rows + store.node_rows + store.state_rows;
        assert_true(rows - before <= most_rows(&result));
        arena_reset(&scratch);
    }
    struct step step = {.config = &config, .store = &store};
    memcpy(records + nodes, late, LATE_ALERTS * sizeof(*late));
    grouping_run(&arena, &config, NULL, NULL, records, nodes + LATE_ALERTS, &whole);
    const char *fault = compare(&step, &whole);
    if (fault != NULL)
        fail_msg("%zu nodes: %s", nodes, fault);
    groupstore_release(&store);
    arena_release(&scratch);
    arena_release(&arena);
    return rows;
}

static void
what_is_read_does_not_grow_with_the_scope(void **state)
{
    (void)state;
    size_t small = rows_of_late_alerts(10000), large = rows_of_late_alerts(100000);
    printf("rows read for an alert: %.1f among 10,000 nodes, %.1f among 100,000\n",
           (double)small / LATE_ALERTS, (double)large / LATE_ALERTS);
    assert_true(small > 0);
    assert_true(large * 10 <= small * 12);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_gives_the_groups_of_the_whole),
        cmocka_unit_test(kept_worlds_are_as_the_whole),
        cmocka_unit_test(each_rule_left_out_is_noticed),
        cmocka_unit_test(what_is_read_does_not_grow_with_the_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
