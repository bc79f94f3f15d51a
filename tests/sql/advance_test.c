/*
 * What comes is correlated by the groups that are kept, against a real PostgreSQL: random worlds
 * come record by record; after each step the tables are those that the whole leaves (which, saved
 * afterwards, writes no row), whether the step was taken in a part or had to be taken whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "correlate/stored/advance.h"
#include "correlate/stored/stored.h"
#include "hindcast/part.h"
#include "store/pg/conn.h"
#include "tests/lib/casetables.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/tellworld.h"

#define WORLDS 6
#define STEPS 14

/* The whole of what has come so far. */
struct state {
    struct arena arena;
    struct teller teller;
    struct grouping_texts texts;
    struct grouped grouped;
    struct told told;
    struct correlation correlation;
    size_t count, decision_count, declaration_count;
};

static struct tellworld world;
static struct correlation_config config;
static struct store *store;
static struct err err;
static size_t parts, wholes;
static unsigned rules = ADVANCE_RULES;

/* False: something else, where a rule is left out; else that fails. */
static bool
is_stored(const struct state *state, uint64_t seed, size_t step)
{
    struct strbuf stored, computed;
    bool same = casetables_compare(store, &state->correlation, &stored, &computed);
    if (!same && rules == ADVANCE_RULES) {
        print_message("SEED=%llu RUNS=1, step %zu\n", (unsigned long long)seed, step);
        casetables_same(stored.ptr, computed.ptr);
    }
    strbuf_release(&stored);
    strbuf_release(&computed);
    return same;
}

/* ------------------------------------------------------------------ the whole */

static void
compute(struct state *state, size_t count, size_t decision_count, size_t declaration_count)
{
    struct correlation_input input = tellworld_input(&world);
    struct tell_input all;
    struct arena *arena = &state->arena;
    arena_init(arena, 0);
    state->count = input.count = count;
    state->decision_count = input.decision_count = decision_count;
    state->declaration_count = input.declaration_count = declaration_count;
    assert_int_equal(teller_init(arena, &config, input.scope, &state->teller, &err), 0);
    assert_int_equal(grouping_texts_read(arena, &config, &state->texts, &err), 0);
    assert_int_equal(grouped_make(arena, &state->teller, &input, &state->grouped, &err), 0);
    grouped_input(arena, &state->grouped, &all);
    tell_incidents(arena, &state->teller, &all, &state->told);
    state->correlation = (struct correlation){
        .scope = input.scope,
        .nodes = state->told.nodes,
        .node_count = all.node_count,
        .incidents = state->told.incidents,
        .incident_count = state->told.incident_count,
        .deliveries = state->grouped.deduped.deliveries,
        .delivery_count = state->grouped.deduped.delivery_count,
    };
    state->correlation.node_count +=
        decide_loose(&state->grouped.deciding, state->told.nodes + state->correlation.node_count);
}

/* ------------------------------------------------------------------ what the store tells */

struct reading {
    const struct state *before;
    size_t count; /* rows that have come */
};

static bool
same_uid(const struct observation *a, const struct observation *b)
{
    return memcmp(a->event.uid, b->event.uid, UID_BYTES) == 0;
}

static int
deliveries(void *context, struct arena *arena, const struct work_record *const *records,
           size_t count, const struct observation **ret_observations, size_t *ret_count,
           struct err *ret_err)
{
    const struct reading *reading = context;
    struct observation *found = ARENA_ARRAY(arena, struct observation, reading->count + 1);
    (void)ret_err;
    *ret_count = 0;
    for (size_t i = 0; i < reading->count; i++) {
        bool wanted = false;
        for (size_t k = 0; k < count && !wanted; k++)
            wanted = same_uid(&world.rows[i], records[k]->observation);
        if (wanted)
            found[(*ret_count)++] = world.rows[i];
    }
    *ret_observations = found;
    return 0;
}

static int
incidents_within(void *context, struct arena *arena, int64_t from_ms, int64_t to_ms,
                 struct sv **ret_keys, size_t *ret_count, struct err *ret_err)
{
    const struct correlation *before = &((const struct reading *)context)->before->correlation;
    struct sv *keys = ARENA_ARRAY(arena, struct sv, before->incident_count + 1);
    (void)ret_err;
    *ret_count = 0;
    for (size_t i = 0; i < before->incident_count; i++)
        if (before->incidents[i].first_ns / NS_PER_MS <= to_ms &&
            before->incidents[i].last_ns / NS_PER_MS >= from_ms)
            keys[(*ret_count)++] = before->incidents[i].incident_key;
    *ret_keys = keys;
    return 0;
}

static int
incidents_of(void *context, struct arena *arena, const struct sv *node_keys, size_t count,
             struct sv *ret_keys, struct err *ret_err)
{
    const struct correlation *before = &((const struct reading *)context)->before->correlation;
    (void)arena;
    (void)ret_err;
    for (size_t i = 0; i < count; i++) {
        ret_keys[i] = SV_NONE;
        for (size_t n = 0; n < before->node_count; n++)
            if (sv_eq(before->nodes[n].node_key, node_keys[i]))
                ret_keys[i] = before->nodes[n].incident_key;
    }
    return 0;
}

static int
nodes_of(void *context, struct arena *arena, const struct sv *incident_keys, size_t count,
         struct sv **ret_node_keys, size_t *ret_count, struct err *ret_err)
{
    const struct correlation *before = &((const struct reading *)context)->before->correlation;
    struct sv *keys = ARENA_ARRAY(arena, struct sv, before->node_count + 1);
    (void)ret_err;
    *ret_count = 0;
    for (size_t n = 0; n < before->node_count; n++)
        for (size_t i = 0; i < count; i++)
            if (sv_eq(before->nodes[n].incident_key, incident_keys[i]))
                keys[(*ret_count)++] = before->nodes[n].node_key;
    *ret_node_keys = keys;
    return 0;
}

/* ------------------------------------------------------------------ one step */

/* All deliveries of what came. */
static const struct observation *
news(struct arena *arena, const struct state *before, const struct state *now, size_t *ret_count)
{
    struct observation *found = ARENA_ARRAY(arena, struct observation, now->count + 1);
    *ret_count = 0;
    for (size_t i = 0; i < now->count; i++) {
        bool wanted = i >= before->count;
        for (size_t k = before->count; k < now->count && !wanted; k++)
            wanted = same_uid(&world.rows[i], &world.rows[k]);
        if (wanted)
            found[(*ret_count)++] = world.rows[i];
    }
    return found;
}

static void
fill(struct arena *arena, const struct state *now)
{
    struct groups *groups;
    struct stored stored;
    struct sv digest;
    assert_int_equal(store_begin(store, &err), 0);
    assert_int_equal(groups_open(store, arena, SV("default"), &groups, &digest, &err), 0);
    assert_int_equal(groups_clear(groups, &err), 0);
    stored_init(&stored, arena, groups_rows(groups));
    stored_fill(&stored, &now->grouped.grouping, now->grouped.reasons);
    stored_fill_records(&stored, now->grouped.records, now->grouped.record_count);
    if (stored_end(&stored, &err) != 0)
        fail_msg("%s", err.message);
    stored_release(&stored);
    assert_int_equal(groups_whole(groups, SV("digest"), &err), 0);
    assert_int_equal(store_end(store, &err), 0);
}

static void
save_part(struct part *part, const struct advanced *advanced, int64_t seq)
{
    const struct casebook_part changed = {.correlation = &advanced->correlation,
                                          .keys = advanced->keys,
                                          .key_count = advanced->key_count,
                                          .gone_nodes = advanced->gone_nodes,
                                          .gone_node_count = advanced->gone_node_count,
                                          .uids = advanced->uids,
                                          .uid_count = advanced->uid_count};
    casetables_save_part(part, &changed, seq);
}

/* False: the scope is to be computed whole. */
static bool
take_part(struct arena *arena, const struct state *before, const struct state *now, int64_t seq)
{
    struct part *part;
    struct groups *groups;
    struct sv digest;
    struct advanced advanced;
    struct reading reading = {before, now->count};
    const struct scope_reader reader = {&reading, deliveries, incidents_within, incidents_of,
                                        nodes_of};
    assert_int_equal(part_open(store, arena, SV("default"), &part, &err), 0);
    assert_int_equal(groups_open(store, arena, SV("default"), &groups, &digest, &err), 0);
    struct advancing advancing = {.rules = rules,
                                  .arena = arena,
                                  .teller = &now->teller,
                                  .texts = &now->texts,
                                  .rows = groups_rows(groups),
                                  .reader = &reader,
                                  .declarations = world.declarations,
                                  .declaration_count = now->declaration_count,
                                  .decisions = world.decisions,
                                  .decision_count = now->decision_count,
                                  .decided = before->decision_count != now->decision_count ||
                                             before->declaration_count != now->declaration_count};
    advancing.observations = news(arena, before, now, &advancing.count);
    if (advance(&advancing, &advanced, &err) != 0)
        fail_msg("%s", err.message);
    if (advanced.whole != NULL) {
        part_abort(part);
        if (getenv("SEED") != NULL)
            print_message("whole: %s\n", advanced.whole);
        return false;
    }
    save_part(part, &advanced, seq);
    return true;
}

static void
take_step(const struct state *before, const struct state *now, int64_t seq)
{
    struct arena arena;
    arena_init(&arena, 0);
    if (before->count > 0 && take_part(&arena, before, now, seq)) {
        parts++;
    } else {
        wholes++;
        casetables_save(store, &now->correlation, seq);
        fill(&arena, now);
    }
    arena_release(&arena);
}

/* Only alerts in one of three worlds; no candidates and decisions in another. */
static void
choose_rows(uint64_t seed)
{
    size_t kept = 0;
    for (size_t i = 0; i < world.count; i++)
        if (seed % 3 != 0 || world.rows[i].event.kind == EVENT_ALERT)
            world.rows[kept++] = world.rows[i];
    world.count = kept;
    world.decision_count = seed % 3 == 2 ? world.decision_count : 0;
    config.candidates = seed % 3 == 1 ? SV("# nothing opens one\n") : SV_NONE;
}

/* False: a step left something else than the whole does. */
static bool
replay(uint64_t seed)
{
    bool same = true;
    const struct correlation nothing = {.scope = SV("default")};
    struct arena arena;
    struct state states[2] = {0};
    arena_init(&arena, 0);
    tellworld_make(&world, &arena, seed);
    tellworld_shuffle(&world, seed);
    choose_rows(seed);
    casetables_forget(store, SV("default"));
    struct state *before = &states[0], *now = &states[1];
    before->correlation = nothing;
    arena_init(&before->arena, 0);
    for (size_t step = 1; step <= STEPS && same; step++) {
        compute(now, world.count * step / STEPS, world.decision_count * (step / 3) / (STEPS / 3),
                world.declaration_count * step / STEPS);
        take_step(before, now, (int64_t)step);
        same = is_stored(now, seed, step);
        if (same)
            casetables_whole(store, &now->correlation, (int64_t)step);
        arena_release(&before->arena);
        struct state *other = before;
        before = now;
        now = other;
    }
    arena_release(&before->arena);
    arena_release(&arena);
    return same;
}

static void
test_parts_leave_what_the_whole_leaves(void **state)
{
    (void)state;
    store = pgtest_open("hindcast_correlate");
    correlation_config_default(&config);
    casetables_stream();
    const char *first = getenv("SEED"), *runs = getenv("RUNS");
    uint64_t seed = first == NULL ? 1 : strtoull(first, NULL, 10);
    uint64_t end = seed + (runs == NULL ? WORLDS : strtoull(runs, NULL, 10));
    for (; seed < end; seed++)
        assert_true(replay(seed));
    print_message("%zu steps taken in parts, %zu whole\n", parts, wholes);
    assert_true(parts > 0);
    store_close(store);
}

static void
test_no_rule_can_be_left_out(void **state)
{
    static const struct {
        enum advance_rule rule;
        uint64_t seed;
    } noticed[] = {
        {ADVANCE_CHANGES, 4}, {ADVANCE_HOURS, 1}, {ADVANCE_NEXT, 1}, {ADVANCE_DECIDED, 2}};
    (void)state;
    store = pgtest_open("hindcast_correlate");
    correlation_config_default(&config);
    for (size_t i = 0; i < sizeof(noticed) / sizeof(noticed[0]); i++) {
        rules = ADVANCE_RULES & ~(unsigned)noticed[i].rule;
        if (replay(noticed[i].seed))
            fail_msg("without rule %u world %llu is the same", noticed[i].rule,
                     (unsigned long long)noticed[i].seed);
    }
    rules = ADVANCE_RULES;
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parts_leave_what_the_whole_leaves),
                                       cmocka_unit_test(test_no_rule_can_be_left_out)};
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
