/*
 * Attachment by what changed: see reattach.h. attach_nodes() of the batch form chooses, among the
 * nearest opening nodes and declarations of the nodes that are looked at again.
 */
#include "correlate/incremental/reattach.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "correlate/group/attach.h"
#include "correlate/group/links.h"

static void
node_list_add(struct attach_list *list, const struct work_node *node)
{
    list->at = memory_grow(list->at, &list->size, list->count + 1, sizeof(*list->at));
    list->at[list->count++] = node;
}

static void
take_node(void *context, size_t spot, const struct work_node *node)
{
    (void)spot;
    node_list_add(context, node);
}

static int
node_order(const void *left, const void *right)
{
    return node_id_cmp(*(const struct work_node *const *)left,
                       *(const struct work_node *const *)right);
}

/* In order, each once. */
static void
node_list_sort(struct attach_list *list)
{
    size_t kept = 0;
    if (list->count > 1)
        qsort(list->at, list->count, sizeof(*list->at), node_order);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || node_id_cmp(list->at[kept - 1], list->at[i]) != 0)
            list->at[kept++] = list->at[i];
    list->count = kept;
}

/* -------------------------------------------------------- who is looked at again */

static int64_t
widest_gap(const struct correlation_config *config, const struct work_node *node, int64_t gap)
{
    for (size_t k = 0; node != NULL && k < node->key_count; k++)
        if (config->gap_ms[node->keys[k].kind] > gap)
            gap = config->gap_ms[node->keys[k].kind];
    return gap;
}

static int64_t
later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/*
 * Who has this node among its nearest of this key, as the store stands: between its fourth
 * neighbours, as far as it or whom it takes the place of can reach. What is found by one key may
 * score by another, so the widest gap of all of them counts.
 */
static void
add_around(const struct reattach *re, const struct work_node *node, const struct node_key *key,
           struct attach_list *again)
{
    const struct correlation_config *config = re->by->config;
    const struct group_store *store = re->by->store;
    struct attach_list early = {0}, late = {0};
    struct key_spot spot = {key, node_id_of(node)};
    size_t most = (size_t)config->neighbours;
    store->nearest(store->context, &spot, 1, STORE_BEFORE, most, take_node, &early);
    store->nearest(store->context, &spot, 1, STORE_AFTER, most, take_node, &late);
    int64_t gap = widest_gap(config, node, 0), last = node->last_ms;
    for (size_t i = 0; i < early.count; i++) {
        gap = widest_gap(config, early.at[i], gap);
        last = later(last, early.at[i]->last_ms);
    }
    for (size_t i = 0; i < late.count; i++)
        gap = widest_gap(config, late.at[i], gap);
    int64_t from = node->first_ms - config->reach_ms - later(gap, config->look_back_ms);
    int64_t to = last + gap;
    if (early.count == most)
        from = later(from, early.at[most - 1]->first_ms);
    if (late.count == most && late.at[most - 1]->first_ms < to)
        to = late.at[most - 1]->first_ms;
    if (from <= to)
        re->store->with_key(re->store->context, key, from, to, take_node, again);
    free(early.at);
    free(late.at);
}

static void
add_within_bounds(const struct reattach *re, const struct work_node *declared,
                  struct attach_list *again)
{
    const struct correlation_config *config = re->by->config;
    if (declared == NULL || declared->declaration == NULL || (re->rules & REATTACH_BOUNDS) == 0)
        return;
    int64_t after = later(config->bounds_after_ms, config->bounds_after_change_ms);
    int64_t to = declared->declaration->to_ns == TIME_NONE
                     ? declared->first_ms + config->bounds_open_ms
                     : declared->last_ms + after;
    re->store->alive(re->store->context, declared->first_ms - config->bounds_before_ms, to,
                     take_node, again);
}

static void
add_all_around(const struct reattach *re, const struct work_node *node, struct attach_list *again)
{
    bool keys = node != NULL && (re->rules & REATTACH_KEYS) != 0;
    for (size_t k = 0; keys && k < node->key_count; k++)
        add_around(re, node, &node->keys[k], again);
    add_within_bounds(re, node, again);
}

void
reattach_before(const struct reattach *re, const struct regroup_change *opening,
                size_t opening_count, struct attach_list *ret_list)
{
    bool looks = (re->rules & REATTACH_BEFORE) != 0;
    for (size_t i = 0; looks && i < opening_count; i++)
        add_all_around(re, opening[i].was, ret_list);
}

/* ------------------------------------------------------------------ what they see */

/* Nearest opening nodes of each key on both sides, and declarations that may hold it. */
static void
read_around(const struct reattach *re, const struct work_node *node, struct attach_list *seen)
{
    const struct correlation_config *config = re->by->config;
    const struct group_store *store = re->by->store;
    struct key_spot *spots = ARENA_ARRAY(re->by->arena, struct key_spot, node->key_count + 1);
    for (size_t k = 0; k < node->key_count; k++)
        spots[k] = (struct key_spot){&node->keys[k], node_id_of(node)};
    for (enum store_side side = STORE_BEFORE; side <= STORE_AFTER; side++)
        store->nearest(store->context, spots, node->key_count, side, (size_t)config->neighbours,
                       take_node, seen);
    int64_t after = later(config->bounds_open_ms,
                          later(config->bounds_after_ms, config->bounds_after_change_ms));
    const struct time_range near = {node->first_ms - after,
                                    node->last_ms + config->bounds_before_ms};
    store->declared_within(store->context, &near, 1, take_node, seen);
    const struct work_node *head =
        node->explicit_id.len == 0 ? NULL : store->head(store->context, node->explicit_id);
    if (head != NULL)
        node_list_add(seen, head);
}

static int
named_order(const void *left, const void *right)
{
    const struct work_node *a = *(const struct work_node *const *)left;
    const struct work_node *b = *(const struct work_node *const *)right;
    return sv_cmp(a->group_id, b->group_id);
}

/* The smallest node of each explicit id that is named here: what definition 8 asks of the groups.
 */
static void
name_heads(const struct reattach *re, struct grouping *grouping, const struct attach_list *again)
{
    const struct group_store *store = re->by->store;
    struct work_node **named = ARENA_ARRAY(re->by->arena, struct work_node *, again->count + 1);
    for (size_t i = 0; i < again->count; i++) {
        struct sv id = again->at[i]->explicit_id;
        const struct work_node *head = id.len == 0 ? NULL : store->head(store->context, id);
        for (size_t n = 0; head != NULL && n < grouping->node_count; n++) {
            struct work_node *node = &grouping->nodes[n];
            if (node->group_id.len > 0 || node_id_cmp(node, head) != 0)
                continue;
            node->group_id = id;
            named[grouping->named_count++] = node;
        }
    }
    if (grouping->named_count > 1)
        qsort(named, grouping->named_count, sizeof(struct work_node *), named_order);
    grouping->named = named;
}

static void
save_one(const struct reattach *re, const struct grouping *grouping, const struct work_node *node)
{
    struct node_id id = node_id_of(node);
    struct attach_state was,
        is = {.attached = node->attached_to != NO_NODE, .reason = node->reason};
    if (is.attached) {
        const struct work_node *to = &grouping->nodes[node->attached_to];
        bool named = node->explicit_id.len > 0 && sv_eq(to->group_id, node->explicit_id);
        if (named)
            is.explicit_id = node->explicit_id;
        else
            is.to = node_id_of(to);
    }
    if (re->store->state(re->store->context, &id, &was) && was.attached == is.attached &&
        sv_eq(was.explicit_id, is.explicit_id) && node_ids_cmp(&was.to, &is.to) == 0 &&
        sv_eq(was.reason, is.reason))
        return;
    re->store->put_state(re->store->context, &id, &is);
}

static void
choose_again(const struct reattach *re, const struct attach_list *again)
{
    struct arena *arena = re->by->arena;
    struct attach_list seen = {0};
    for (size_t i = 0; i < again->count; i++) {
        assert(!node_opens(again->at[i]));
        node_list_add(&seen, again->at[i]);
        read_around(re, again->at[i], &seen);
    }
    node_list_sort(&seen);
    struct work_node *nodes = ARENA_ARRAY(arena, struct work_node, seen.count + 1);
    for (size_t i = 0; i < seen.count; i++) {
        nodes[i] = *seen.at[i];
        nodes[i].group = nodes[i].incident = nodes[i].attached_to = NO_NODE;
        nodes[i].group_id = SV_NONE;
    }
    struct grouping grouping = {
        .arena = arena, .config = re->by->config, .nodes = nodes, .node_count = seen.count};
    links_build(&grouping);
    name_heads(re, &grouping, again);
    attach_nodes(&grouping);
    for (size_t i = 0; i < seen.count; i++)
        if (!node_opens(&nodes[i]))
            save_one(re, &grouping, &nodes[i]);
    free(seen.at);
}

static void
write_nodes(const struct reattach *re, const struct regroup_change *attaching, size_t count,
            struct attach_list *again)
{
    for (size_t i = 0; i < count; i++) {
        if (attaching[i].is != NULL) {
            re->store->put_node(re->store->context, attaching[i].is);
            node_list_add(again, attaching[i].is);
        } else if (attaching[i].was != NULL) {
            struct node_id id = node_id_of(attaching[i].was);
            re->store->drop_node(re->store->context, &id);
        }
    }
}

size_t
reattach(const struct reattach *re, const struct regroup_change *opening, size_t opening_count,
         const struct sv *labels, size_t label_count, const struct regroup_change *attaching,
         size_t attaching_count, struct attach_list *list)
{
    struct attach_list again = {0};
    write_nodes(re, attaching, attaching_count, &again);
    for (size_t i = 0; i < list->count; i++) { /* as they are now, where they are still there */
        struct node_id id = node_id_of(list->at[i]);
        const struct work_node *node = re->store->node(re->store->context, &id);
        if (node != NULL)
            node_list_add(&again, node);
    }
    for (size_t i = 0; i < opening_count; i++)
        add_all_around(re, opening[i].is, &again);
    for (size_t i = 0; i < label_count && (re->rules & REATTACH_NAMED) != 0; i++)
        re->store->naming(re->store->context, labels[i], take_node, &again);
    node_list_sort(&again);
    choose_again(re, &again);
    free(again.at);
    free(list->at);
    *list = (struct attach_list){0};
    return again.count;
}
