/*
 * The store of correlate/incremental in memory: see groupstore.h.
 */
#include "tests/lib/groupstore.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ------------------------------------------------------------------ places */

static size_t
node_place(const struct groupstore *store, const struct node_id *id)
{
    size_t low = 0, high = store->node_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct node_id there = node_id_of(&store->nodes[middle]->node);
        if (node_ids_cmp(&there, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct stored_node *
find(const struct groupstore *store, const struct node_id *id)
{
    size_t at = node_place(store, id);
    if (at == store->node_count)
        return NULL;
    struct node_id there = node_id_of(&store->nodes[at]->node);
    return node_ids_cmp(&there, id) == 0 ? store->nodes[at] : NULL;
}

const struct stored_node *
groupstore_find(const struct groupstore *store, const struct node_id *id)
{
    return find(store, id);
}

static int
key_place_cmp(const struct stored_key *a, const struct node_key *key, const struct node_id *id)
{
    struct node_id there = node_id_of(&a->node->node);
    int order = node_key_cmp(a->key, key);
    return order != 0 ? order : node_ids_cmp(&there, id);
}

static size_t
key_place(const struct groupstore *store, const struct node_key *key, const struct node_id *id)
{
    size_t low = 0, high = store->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key_place_cmp(&store->keys[middle], key, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ------------------------------------------------------------------ reading */

static void
nearest_of(struct groupstore *store, const struct key_spot *spots, size_t spot,
           enum store_side side, size_t limit, store_take *take, void *taker)
{
    const struct key_spot *from = &spots[spot];
    size_t at = key_place(store, from->key, &from->from);
    if (side == STORE_AFTER && at < store->key_count &&
        key_place_cmp(&store->keys[at], from->key, &from->from) == 0)
        at++;
    for (size_t i = 0; i < limit; i++) {
        if (side == STORE_BEFORE ? at == 0 : at == store->key_count)
            return;
        const struct stored_key *there = &store->keys[side == STORE_BEFORE ? --at : at++];
        if (node_key_cmp(there->key, from->key) != 0)
            return;
        store->key_rows++;
        store->node_rows++;
        take(taker, spot, &there->node->node);
    }
}

static void
nearest(void *context, const struct key_spot *spots, size_t count, enum store_side side,
        size_t limit, store_take *take, void *taker)
{
    for (size_t spot = 0; spot < count; spot++)
        nearest_of(context, spots, spot, side, limit, take, taker);
}

static const struct work_node *
node(void *context, const struct node_id *id)
{
    struct groupstore *store = context;
    struct stored_node *found = find(store, id);
    store->node_rows += found != NULL;
    return found == NULL ? NULL : &found->node;
}

static void
declared_within(void *context, const struct time_range *ranges, size_t count, store_take *take,
                void *taker)
{
    struct groupstore *store = context;
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0;
             i < store->node_count && store->nodes[i]->node.first_ms <= ranges[r].to_ms; i++) {
            const struct work_node *there = &store->nodes[i]->node;
            if (there->declaration == NULL || there->last_ms < ranges[r].from_ms)
                continue;
            store->node_rows++;
            take(taker, r, there);
        }
}

static void
alerts_within(void *context, int64_t from_ms, int64_t to_ms, store_take *take, void *taker)
{
    struct groupstore *store = context;
    struct node_id from = {.first_ms = from_ms};
    for (size_t i = node_place(store, &from);
         i < store->node_count && store->nodes[i]->node.first_ms <= to_ms; i++) {
        if (store->nodes[i]->node.role != NODE_ALERT)
            continue;
        store->node_rows++;
        take(taker, 0, &store->nodes[i]->node);
    }
}

static bool
state(void *context, const struct node_id *id, struct group_state *ret_state)
{
    struct groupstore *store = context;
    struct stored_node *found = find(store, id);
    if (found == NULL || !found->has_state)
        return false;
    store->state_rows++;
    *ret_state = found->state;
    return true;
}

static void
members(void *context, const struct node_id *component, store_take *take, void *taker)
{
    struct groupstore *store = context;
    for (size_t i = 0; i < store->node_count; i++) {
        struct stored_node *there = store->nodes[i];
        if (!there->has_state || node_ids_cmp(&there->state.component, component) != 0)
            continue;
        store->node_rows++;
        take(taker, 0, &there->node);
    }
}

static const struct work_node *
head(void *context, struct sv explicit_id)
{
    struct groupstore *store = context;
    for (size_t i = 0; i < store->node_count; i++) {
        struct stored_node *there = store->nodes[i];
        if (!there->has_state || !sv_eq(there->state.label.explicit_id, explicit_id))
            continue;
        store->node_rows++;
        return &there->node;
    }
    return NULL;
}

/* ------------------------------------------------------------------ writing */

static void
drop_keys(struct groupstore *store, const struct stored_node *gone)
{
    struct node_id id = node_id_of(&gone->node);
    for (size_t k = 0; k < gone->node.key_count; k++) {
        size_t at = key_place(store, &gone->node.keys[k], &id);
        assert(at < store->key_count && store->keys[at].node == gone);
        memmove(store->keys + at, store->keys + at + 1,
                (store->key_count - at - 1) * sizeof(*store->keys));
        store->key_count--;
    }
}

static void
put_keys(struct groupstore *store, struct stored_node *there)
{
    struct node_id id = node_id_of(&there->node);
    for (size_t k = 0; k < there->node.key_count; k++) {
        size_t at = key_place(store, &there->node.keys[k], &id);
        store->keys =
            memory_grow(store->keys, &store->key_size, store->key_count + 1, sizeof(*store->keys));
        memmove(store->keys + at + 1, store->keys + at,
                (store->key_count - at) * sizeof(*store->keys));
        store->keys[at] = (struct stored_key){&there->node.keys[k], there};
        store->key_count++;
    }
}

static void
put_node(void *context, const struct work_node *put)
{
    struct groupstore *store = context;
    struct node_id id = node_id_of(put);
    size_t at = node_place(store, &id);
    struct stored_node *was = find(store, &id), *is = ARENA_NEW(&store->arena, struct stored_node);
    store->writes++;
    if (was != NULL) {
        drop_keys(store, was);
        *is = *was;
    } else {
        store->nodes = memory_grow(store->nodes, &store->node_size, store->node_count + 1,
                                   sizeof(struct stored_node *));
        memmove(store->nodes + at + 1, store->nodes + at,
                (store->node_count - at) * sizeof(struct stored_node *));
        store->node_count++;
    }
    is->node = *put;
    store->nodes[at] = is;
    put_keys(store, is);
}

static void
drop_node(void *context, const struct node_id *id)
{
    struct groupstore *store = context;
    size_t at = node_place(store, id);
    struct stored_node *gone = find(store, id);
    assert(gone != NULL);
    store->writes++;
    drop_keys(store, gone);
    memmove(store->nodes + at, store->nodes + at + 1,
            (store->node_count - at - 1) * sizeof(struct stored_node *));
    store->node_count--;
}

static void
put_state(void *context, const struct node_id *id, const struct group_state *put)
{
    struct groupstore *store = context;
    struct stored_node *there = find(store, id);
    assert(there != NULL);
    store->writes++;
    there->state = *put;
    there->state.reason = arena_copy(&store->arena, put->reason);
    there->has_state = true;
}

/* --------------------------------------------------------------------- all */

void
groupstore_init(struct groupstore *store)
{
    *store = (struct groupstore){.store = {.context = store,
                                           .nearest = nearest,
                                           .node = node,
                                           .declared_within = declared_within,
                                           .alerts_within = alerts_within,
                                           .state = state,
                                           .members = members,
                                           .head = head,
                                           .put_node = put_node,
                                           .drop_node = drop_node,
                                           .put_state = put_state}};
    arena_init(&store->arena, 0);
}

void
groupstore_release(struct groupstore *store)
{
    arena_release(&store->arena);
    free(store->nodes);
    free(store->keys);
}

static int
node_order(const void *left, const void *right)
{
    const struct stored_node *a = *(struct stored_node *const *)left;
    const struct stored_node *b = *(struct stored_node *const *)right;
    return node_id_cmp(&a->node, &b->node);
}

static int
key_order(const void *left, const void *right)
{
    const struct stored_key *a = left, *b = right;
    struct node_id id = node_id_of(&b->node->node);
    return key_place_cmp(a, b->key, &id);
}

void
groupstore_fill(struct groupstore *store, const struct work_node *nodes,
                const struct group_state *states, size_t count)
{
    assert(store->node_count == 0);
    store->nodes = memory_grow(NULL, &store->node_size, count, sizeof(struct stored_node *));
    for (size_t i = 0; i < count; i++) {
        struct stored_node *there = ARENA_NEW(&store->arena, struct stored_node);
        *there = (struct stored_node){nodes[i], states[i], true};
        store->nodes[store->node_count++] = there;
        for (size_t k = 0; k < nodes[i].key_count; k++) {
            store->keys = memory_grow(store->keys, &store->key_size, store->key_count + 1,
                                      sizeof(*store->keys));
            store->keys[store->key_count++] = (struct stored_key){&there->node.keys[k], there};
        }
    }
    if (store->node_count > 1)
        qsort(store->nodes, store->node_count, sizeof(struct stored_node *), node_order);
    if (store->key_count > 1)
        qsort(store->keys, store->key_count, sizeof(*store->keys), key_order);
}
