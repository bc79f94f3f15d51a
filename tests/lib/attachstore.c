/*
 * The store of attaching nodes in memory: see attachstore.h.
 */
#include "tests/lib/attachstore.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "correlate/group/episodes.h"

static size_t
place_of(const struct attachstore *store, const struct node_id *id)
{
    size_t at = 0;
    for (; at < store->node_count; at++) {
        struct node_id there = node_id_of(&store->nodes[at]->node);
        if (node_ids_cmp(&there, id) >= 0)
            break;
    }
    return at;
}

static struct stored_attach *
find(const struct attachstore *store, const struct node_id *id)
{
    size_t at = place_of(store, id);
    if (at == store->node_count)
        return NULL;
    struct node_id there = node_id_of(&store->nodes[at]->node);
    return node_ids_cmp(&there, id) == 0 ? store->nodes[at] : NULL;
}

const struct stored_attach *
attachstore_find(const struct attachstore *store, const struct node_id *id)
{
    return find(store, id);
}

static void
with_keys(void *context, const struct key_range *ranges, size_t count, store_take *take,
          void *taker)
{
    struct attachstore *store = context;
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < store->node_count; i++) {
            const struct work_node *there = &store->nodes[i]->node;
            if (there->first_ms >= ranges[r].within.from_ms &&
                there->first_ms <= ranges[r].within.to_ms && node_has_key(there, ranges[r].key))
                take(taker, r, there);
        }
}

static void
alive(void *context, int64_t from_ms, int64_t to_ms, store_take *take, void *taker)
{
    struct attachstore *store = context;
    for (size_t i = 0; i < store->node_count; i++)
        if (store->nodes[i]->node.last_ms >= from_ms && store->nodes[i]->node.first_ms <= to_ms)
            take(taker, 0, &store->nodes[i]->node);
}

static void
naming(void *context, struct sv explicit_id, store_take *take, void *taker)
{
    struct attachstore *store = context;
    for (size_t i = 0; i < store->node_count; i++)
        if (sv_eq(store->nodes[i]->node.explicit_id, explicit_id))
            take(taker, 0, &store->nodes[i]->node);
}

static void
hanging(void *context, const struct node_id *ids, size_t count, store_take *take, void *taker)
{
    struct attachstore *store = context;
    for (size_t n = 0; n < count; n++)
        for (size_t i = 0; i < store->node_count; i++) {
            const struct stored_attach *there = store->nodes[i];
            if (there->has_state && there->state.attached && there->state.explicit_id.len == 0 &&
                node_ids_cmp(&there->state.to, &ids[n]) == 0)
                take(taker, n, &there->node);
        }
}

static bool
is_beside(const struct work_node *node, const struct work_node *other, enum store_side side)
{
    return record_same_series(node->records[0], other->records[0]) &&
           (side == STORE_BEFORE ? other->first_ms < node->first_ms
                                 : other->first_ms > node->first_ms);
}

static void
beside(void *context, const struct work_node *const *nodes, size_t count, enum store_side side,
       store_take *take, void *taker)
{
    struct attachstore *store = context;
    for (size_t n = 0; n < count; n++) {
        const struct work_node *best = NULL;
        for (size_t i = 0; i < store->node_count; i++) {
            const struct work_node *there = &store->nodes[i]->node;
            if (is_beside(nodes[n], there, side) && (side == STORE_BEFORE || best == NULL))
                best = there;
        }
        if (best != NULL)
            take(taker, n, best);
    }
}

static const struct work_node *
holding(void *context, struct sv uid)
{
    struct attachstore *store = context;
    for (size_t i = 0; i < store->node_count; i++) {
        const struct work_node *there = &store->nodes[i]->node;
        for (size_t k = 0; there->role == NODE_CHAT && k < there->record_count; k++)
            if (sv_eq(there->records[k]->uid, uid))
                return there;
    }
    return NULL;
}

static const struct work_node *
node(void *context, const struct node_id *id)
{
    struct stored_attach *found = find(context, id);
    return found == NULL ? NULL : &found->node;
}

static bool
state(void *context, const struct node_id *id, struct attach_state *ret_state)
{
    struct stored_attach *found = find(context, id);
    if (found == NULL || !found->has_state)
        return false;
    *ret_state = found->state;
    return true;
}

static void
put_node(void *context, const struct work_node *put)
{
    struct attachstore *store = context;
    struct node_id id = node_id_of(put);
    size_t at = place_of(store, &id);
    struct stored_attach *was = find(store, &id),
                         *is = ARENA_NEW(&store->arena, struct stored_attach);
    store->writes++;
    if (was != NULL) {
        *is = *was;
    } else {
        store->nodes = memory_grow(store->nodes, &store->node_size, store->node_count + 1,
                                   sizeof(struct stored_attach *));
        memmove(store->nodes + at + 1, store->nodes + at,
                (store->node_count - at) * sizeof(struct stored_attach *));
        store->node_count++;
    }
    is->node = *put;
    store->nodes[at] = is;
}

static void
drop_node(void *context, const struct node_id *id)
{
    struct attachstore *store = context;
    size_t at = place_of(store, id);
    assert(find(store, id) != NULL);
    store->writes++;
    memmove(store->nodes + at, store->nodes + at + 1,
            (store->node_count - at - 1) * sizeof(struct stored_attach *));
    store->node_count--;
}

static void
put_state(void *context, const struct node_id *id, const struct attach_state *put)
{
    struct attachstore *store = context;
    struct stored_attach *there = find(store, id);
    assert(there != NULL);
    store->writes++;
    there->state = *put;
    there->state.reason = arena_copy(&store->arena, put->reason);
    there->has_state = true;
}

void
attachstore_init(struct attachstore *store)
{
    *store = (struct attachstore){.store = {.context = store,
                                            .with_keys = with_keys,
                                            .alive = alive,
                                            .naming = naming,
                                            .hanging = hanging,
                                            .beside = beside,
                                            .holding = holding,
                                            .node = node,
                                            .state = state,
                                            .put_node = put_node,
                                            .drop_node = drop_node,
                                            .put_state = put_state}};
    arena_init(&store->arena, 0);
}

void
attachstore_release(struct attachstore *store)
{
    arena_release(&store->arena);
    free(store->nodes);
}
