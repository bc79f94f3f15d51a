/*
 * Closure and ring: see closure.h. Called by regroup().
 */
#include "correlate/incremental/closure.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "correlate/group/links.h"
#include "correlate/incremental/regroup.h"

void
closure_init(struct closure *closure, struct arena *arena, const struct correlation_config *config,
             const struct group_store *store, unsigned rules)
{
    *closure = (struct closure){
        .arena = arena, .config = config, .store = store, .rules = rules, .stale = true};
}

void
closure_release(struct closure *closure)
{
    free(closure->at);
    closure->at = NULL;
}

/* -------------------------------------------------------------------- nodes */

static size_t
place_of(const struct closure *closure, const struct node_id *id)
{
    size_t low = 0, high = closure->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (node_ids_cmp(&closure->at[middle]->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct seen *
closure_find(const struct closure *closure, const struct node_id *id)
{
    size_t at = place_of(closure, id);
    return at < closure->count && node_ids_cmp(&closure->at[at]->id, id) == 0 ? closure->at[at]
                                                                              : NULL;
}

struct seen *
closure_add(struct closure *closure, const struct work_node *node)
{
    struct node_id id = node_id_of(node);
    struct seen *seen = closure_find(closure, &id);
    assert(node_opens(node));
    if (seen != NULL)
        return seen;
    size_t at = place_of(closure, &id);
    seen = ARENA_NEW(closure->arena, struct seen);
    *seen = (struct seen){.node = node, .id = id};
    closure->at =
        memory_grow(closure->at, &closure->size, closure->count + 1, sizeof(*closure->at));
    memmove(closure->at + at + 1, closure->at + at, (closure->count - at) * sizeof(*closure->at));
    closure->at[at] = seen;
    closure->count++;
    closure->stale = true;
    return seen;
}

/* --------------------------------------------------------------------- ring */

struct taker {
    struct closure *closure;
    const struct key_spot *spots;
    enum store_side side;
    struct seen **later; /* what came after, for closure_ring() */
    size_t later_count, later_size;
};

/* Beyond gap and reach no link of this key is possible, nor behind what lies there. */
static void
take_near(void *context, size_t spot, const struct work_node *node)
{
    struct taker *taker = context;
    const struct correlation_config *config = taker->closure->config;
    const struct key_spot *from = &taker->spots[spot];
    int64_t window = config->gap_ms[from->key->kind] + config->reach_ms;
    int64_t distance = taker->side == STORE_BEFORE ? from->from.first_ms - node->first_ms
                                                   : node->first_ms - from->from.first_ms;
    if (distance > window)
        return;
    struct seen *seen = closure_add(taker->closure, node);
    if (taker->side == STORE_BEFORE)
        return;
    taker->later = memory_grow(taker->later, &taker->later_size, taker->later_count + 1,
                               sizeof(struct seen *));
    taker->later[taker->later_count++] = seen;
}

static void
take_any(void *context, size_t spot, const struct work_node *node)
{
    struct taker *taker = context;
    (void)spot;
    closure_add(taker->closure, node);
}

/* Neighbours of all of these on one side, in one question. */
static void
read_side(struct closure *closure, struct seen *const *seen, size_t count, struct taker *taker)
{
    size_t keys = 0, used = 0;
    for (size_t i = 0; i < count; i++)
        keys += seen[i]->node->key_count;
    if (keys == 0)
        return;
    struct key_spot *spots = ARENA_ARRAY(closure->arena, struct key_spot, keys);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < seen[i]->node->key_count; k++)
            spots[used++] = (struct key_spot){&seen[i]->node->keys[k], seen[i]->id};
    taker->spots = spots;
    closure->store->nearest(closure->store->context, spots, keys, taker->side,
                            (size_t)closure->config->neighbours, take_near, taker);
}

void
closure_back(struct closure *closure, struct seen *const *seen, size_t count)
{
    struct taker taker = {.closure = closure, .side = STORE_BEFORE};
    struct seen **anew = ARENA_ARRAY(closure->arena, struct seen *, count + 1);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (!seen[i]->backed)
            anew[used++] = seen[i];
        seen[i]->backed = true;
    }
    read_side(closure, anew, used, &taker);
}

/* Of so many keys of a kind not all candidates count, so which do is known with all of them only.
 */
static bool
has_many_keys(const struct work_node *node)
{
    size_t count = 0;
    for (enum key_kind kind = 0; kind < KEY_KINDS && count <= CANDIDATE_KEYS; kind++)
        node_keys_of(node, kind, &count);
    return count > CANDIDATE_KEYS;
}

/* Later neighbours of very many keys have all their candidates here, too. */
static void
back_many(struct closure *closure, struct seen **later, size_t count)
{
    size_t used = 0;
    for (size_t i = 0; (closure->rules & REGROUP_MANY_KEYS) != 0 && i < count; i++)
        if (has_many_keys(later[i]->node))
            later[used++] = later[i];
    closure_back(closure, later, used);
}

static void
read_bounds(struct closure *closure, struct seen *const *seen, size_t count, struct taker *taker)
{
    const struct group_store *store = closure->store;
    struct time_range *starts = ARENA_ARRAY(closure->arena, struct time_range, count + 1);
    size_t alerts = 0;
    if ((closure->rules & REGROUP_BOUNDS) == 0)
        return;
    for (size_t i = 0; i < count; i++)
        if (seen[i]->node->role == NODE_ALERT)
            starts[alerts++] = (struct time_range){seen[i]->id.first_ms, seen[i]->id.first_ms};
        else if (seen[i]->node->declaration != NULL)
            store->alerts_within(store->context, seen[i]->node->first_ms, seen[i]->node->last_ms,
                                 take_any, taker);
    if (alerts > 0)
        store->declared_within(store->context, starts, alerts, take_any, taker);
}

void
closure_ring(struct closure *closure, struct seen *const *seen, size_t count)
{
    struct taker taker = {.closure = closure, .side = STORE_AFTER};
    struct seen **anew = ARENA_ARRAY(closure->arena, struct seen *, count + 1);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (!seen[i]->full)
            anew[used++] = seen[i];
        seen[i]->full = true;
    }
    closure_back(closure, anew, used);
    read_side(closure, anew, used, &taker);
    back_many(closure, taker.later, taker.later_count);
    free(taker.later);
    read_bounds(closure, anew, used, &taker);
}

void
closure_link(struct closure *closure)
{
    if (!closure->stale)
        return;
    struct work_node *nodes = ARENA_ARRAY(closure->arena, struct work_node, closure->count + 1);
    for (size_t i = 0; i < closure->count; i++) {
        nodes[i] = *closure->at[i]->node;
        nodes[i].group = nodes[i].incident = nodes[i].attached_to = NO_NODE;
        closure->at[i]->place = i;
    }
    closure->grouping = (struct grouping){.arena = closure->arena,
                                          .config = closure->config,
                                          .nodes = nodes,
                                          .node_count = closure->count};
    links_build(&closure->grouping);
    closure->stale = false;
}

/* ----------------------------------------------------------------- settling */

struct walk {
    struct seen **part;
    size_t count, size;
    int64_t low_ms, high_ms;
};

static void
reach_node(struct closure *closure, struct walk *walk, struct seen *seen)
{
    if (seen->walk == closure->walks)
        return;
    seen->walk = closure->walks;
    walk->part = memory_grow(walk->part, &walk->size, walk->count + 1, sizeof(*walk->part));
    walk->part[walk->count++] = seen;
    walk->low_ms = seen->id.first_ms < walk->low_ms ? seen->id.first_ms : walk->low_ms;
    walk->high_ms = seen->id.first_ms > walk->high_ms ? seen->id.first_ms : walk->high_ms;
}

static bool
is_too_long(const struct correlation_config *config, const struct walk *walk, int level)
{
    int64_t soft =
        config->soft_span_ms < config->max_span_ms ? config->soft_span_ms : config->max_span_ms;
    int64_t span = level < config->levels ? soft : config->max_span_ms;
    return walk->high_ms - walk->low_ms > span && level <= config->levels;
}

/* False: it is too long for this level, what was reached may be less than all of it. */
static bool
walk_from(struct closure *closure, struct seen *seed, int level, struct walk *walk)
{
    size_t from = 0;
    closure->walks++;
    walk->count = 0;
    walk->low_ms = walk->high_ms = seed->id.first_ms;
    reach_node(closure, walk, seed);
    while (from < walk->count) {
        size_t to = walk->count;
        closure_ring(closure, walk->part + from, to - from);
        closure_link(closure);
        const struct grouping *grouping = &closure->grouping;
        for (; from < to; from++) {
            size_t here = walk->part[from]->place;
            for (size_t i = grouping->around_at[here]; i < grouping->around_at[here + 1]; i++) {
                const struct node_link *link = &grouping->links[grouping->around[i]];
                if (link_holds(grouping, link, level))
                    reach_node(closure, walk, closure->at[link->a == here ? link->b : link->a]);
            }
        }
        if (is_too_long(closure->config, walk, level))
            return false;
    }
    return true;
}

static void
settle_part(const struct seen *seed, const struct walk *walk)
{
    struct node_id smallest = seed->id;
    for (size_t i = 0; i < walk->count; i++)
        if (node_ids_cmp(&walk->part[i]->id, &smallest) < 0)
            smallest = walk->part[i]->id;
    for (size_t i = 0; i < walk->count; i++) {
        walk->part[i]->settled = true;
        walk->part[i]->component = smallest;
    }
}

void
closure_settle(struct closure *closure, struct seen **seeds, size_t count)
{
    struct walk walk = {0};
    closure_ring(closure, seeds, count); /* each is walked from: all are read at once */
    for (int level = 0; level <= closure->config->levels + 1; level++)
        for (size_t i = 0; i < count; i++)
            if (!seeds[i]->settled && walk_from(closure, seeds[i], level, &walk))
                settle_part(seeds[i], &walk);
    for (size_t i = 0; i < count; i++)
        assert(seeds[i]->settled);
    free(walk.part);
}
