/*
 * Replaying worlds in parts: see partreplay.h.
 */
#include "tests/lib/partreplay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "correlate/stored/whole.h"
#include "hindcast/part.h"
#include "store/pg/conn.h"
#include "tests/lib/casetables.h"

/* The whole of what has come so far. */
struct state {
    struct arena arena;
    struct teller teller;
    struct grouping_texts texts;
    struct grouped grouped;
    struct told told;
    struct correlation correlation;
    struct partworld_step come;
};

struct replaying {
    struct partreplay *replay;
    const struct partworld *world;
    unsigned rules;
    struct correlation_config config;
    struct err err;
    char fault[sizeof(((struct err *)NULL)->message)];
};

/* ------------------------------------------------------------------ the whole */

static void
compute(struct replaying *replaying, struct state *state, const struct partworld_step *come)
{
    struct correlation_input input = tellworld_input(&replaying->world->all);
    struct err *err = &replaying->err;
    struct tell_input all;
    struct arena *arena = &state->arena;
    arena_init(arena, 0);
    state->come = *come;
    input.count = come->rows;
    input.decision_count = come->decisions;
    input.declaration_count = come->declarations;
    if (teller_init(arena, &replaying->config, input.scope, &state->teller, err) != 0 ||
        grouping_texts_read(arena, &replaying->config, &state->texts, err) != 0 ||
        grouped_make(arena, &state->teller, &input, &state->grouped, err) != 0)
        fail_msg("%s", err->message);
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
    const struct observation *rows; /* that have come */
    size_t count;
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
            wanted = same_uid(&reading->rows[i], records[k]->observation);
        if (wanted)
            found[(*ret_count)++] = reading->rows[i];
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
news(const struct replaying *replaying, struct arena *arena, const struct partworld_step *before,
     const struct partworld_step *now, size_t *ret_count)
{
    const struct observation *rows = replaying->world->all.rows;
    struct observation *found = ARENA_ARRAY(arena, struct observation, now->rows + 1);
    *ret_count = 0;
    for (size_t i = 0; i < now->rows; i++) {
        bool wanted = i >= before->rows;
        for (size_t k = before->rows; k < now->rows && !wanted; k++)
            wanted = same_uid(&rows[i], &rows[k]);
        if (wanted)
            found[(*ret_count)++] = rows[i];
    }
    return found;
}

static const char *
error_of(struct replaying *replaying)
{
    snprintf(replaying->fault, sizeof(replaying->fault), "%s", replaying->err.message);
    return replaying->fault;
}

/* The groups of what was saved whole. */
static void
fill(struct replaying *replaying, struct arena *arena, const struct state *now)
{
    struct store *store = replaying->replay->store;
    struct err *err = &replaying->err;
    struct groups *groups;
    struct stored stored;
    struct sv digest;
    assert_int_equal(store_begin(store, err), 0);
    assert_int_equal(groups_open(store, arena, SV("default"), &groups, &digest, err), 0);
    assert_int_equal(groups_clear(groups, err), 0);
    stored_init(&stored, arena, groups_rows(groups));
    stored_fill_whole(&stored, &now->grouped);
    if (stored_end(&stored, err) != 0)
        fail_msg("%s", err->message);
    stored_release(&stored);
    assert_int_equal(groups_whole(groups, SV("digest"), err), 0);
    assert_int_equal(store_end(store, err), 0);
}

static int
run_advance(struct replaying *replaying, struct arena *arena, const struct state *before,
            const struct state *now, struct advanced *advanced)
{
    const struct tellworld *all = &replaying->world->all;
    struct groups *groups;
    struct sv digest;
    struct reading reading = {before, all->rows, now->come.rows};
    const struct scope_reader reader = {&reading, deliveries, incidents_within, incidents_of,
                                        nodes_of};
    if (groups_open(replaying->replay->store, arena, SV("default"), &groups, &digest,
                    &replaying->err) != 0)
        return -1;
    struct advancing advancing = {.rules = replaying->rules,
                                  .arena = arena,
                                  .teller = &now->teller,
                                  .texts = &now->texts,
                                  .rows = groups_rows(groups),
                                  .reader = &reader,
                                  .declarations = all->declarations,
                                  .declaration_count = now->come.declarations,
                                  .decisions = all->decisions,
                                  .decision_count = now->come.decisions};
    advancing.observations = news(replaying, arena, &before->come, &now->come, &advancing.count);
    return advance(&advancing, advanced, &replaying->err);
}

/* NULL: done, unless the scope is to be computed whole. */
static const char *
take_part(struct replaying *replaying, struct arena *arena, const struct state *before,
          const struct state *now, int64_t seq, bool *ret_whole)
{
    struct part *part;
    struct advanced advanced;
    *ret_whole = false;
    if (part_open(replaying->replay->store, arena, SV("default"), &part, &replaying->err) != 0)
        fail_msg("%s", replaying->err.message);
    if (run_advance(replaying, arena, before, now, &advanced) != 0) {
        part_abort(part);
        return error_of(replaying);
    }
    if (advanced.whole != NULL) {
        part_abort(part);
        if (replaying->replay->tells)
            print_message("batch %lld, whole: %s\n", (long long)seq, advanced.whole);
        *ret_whole = true;
        return NULL;
    }
    const struct casebook_part changed = {.correlation = &advanced.correlation,
                                          .keys = advanced.keys,
                                          .key_count = advanced.key_count,
                                          .gone_nodes = advanced.gone_nodes,
                                          .gone_node_count = advanced.gone_node_count,
                                          .uids = advanced.uids,
                                          .uid_count = advanced.uid_count};
    return casetables_save_part(part, &changed, seq, &replaying->err) == 0 ? NULL
                                                                           : error_of(replaying);
}

static const char *
take_step(struct replaying *replaying, const struct state *before, const struct state *now,
          int64_t seq)
{
    struct store *store = replaying->replay->store;
    struct arena arena;
    bool whole = true;
    const char *fault = NULL;
    arena_init(&arena, 0);
    if (before->come.rows > 0)
        fault = take_part(replaying, &arena, before, now, seq, &whole);
    if (whole) {
        casetables_save(store, &now->correlation, seq);
        fill(replaying, &arena, now);
    }
    arena_release(&arena);
    bool decided = before->come.rows > 0 && now->come.decisions > before->come.decisions;
    replaying->replay->decided_parts += decided && !whole ? 1 : 0;
    replaying->replay->decided_wholes += decided && whole ? 1 : 0;
    replaying->replay->parts += whole ? 0 : 1;
    replaying->replay->wholes += whole ? 1 : 0;
    fault = fault == NULL ? casetables_hold(store, &now->correlation) : fault;
    return fault == NULL ? casetables_whole(store, &now->correlation, seq) : fault;
}

const char *
partreplay_run(struct partreplay *replay, const struct partworld *world, unsigned rules,
               size_t *ret_step)
{
    struct replaying *replaying = calloc(1, sizeof(*replaying));
    struct state *states = calloc(2, sizeof(*states));
    static char told[sizeof(replaying->fault)];
    const char *fault = NULL;
    assert_true(replaying != NULL && states != NULL);
    replaying->replay = replay;
    replaying->world = world;
    replaying->rules = rules;
    correlation_config_default(&replaying->config);
    if (!world->opens_candidates)
        replaying->config.candidates = SV("# nothing opens one\n");
    casetables_forget(replay->store, SV("default"));
    struct state *before = &states[0], *now = &states[1];
    before->correlation = (struct correlation){.scope = SV("default")};
    arena_init(&before->arena, 0);
    for (*ret_step = 0; *ret_step < world->step_count && fault == NULL;) {
        compute(replaying, now, &world->steps[(*ret_step)++]);
        fault = take_step(replaying, before, now, (int64_t)*ret_step);
        arena_release(&before->arena);
        struct state *other = before;
        before = now;
        now = other;
    }
    arena_release(&before->arena);
    if (fault == replaying->fault) {
        snprintf(told, sizeof(told), "%s", fault);
        fault = told;
    }
    free(states);
    free(replaying);
    return fault;
}
