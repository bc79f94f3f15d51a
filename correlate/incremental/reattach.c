/*
 * Attachment by what changed: see reattach.h. Who is looked at again; what they hang on then
 * attach_choose() tells.
 */
#include "correlate/incremental/reattach.h"

#include <stdlib.h>

#include "correlate/incremental/reattach_work.h"

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

/* A key of a node, and what was seen of its neighbours. */
struct near_key {
    const struct work_node *node;
    int64_t gap, last;       /* the widest, the latest */
    size_t early, late;      /* how many */
    int64_t first_ms, to_ms; /* of the last one on each side, where there are as many as count */
};

struct near_keys {
    const struct reattach *re;
    struct key_spot *spots;
    struct near_key *at;
    size_t count;
};

static bool
is_farthest(const struct near_keys *keys, size_t seen)
{
    return seen == (size_t)keys->re->by->config->neighbours;
}

static void
take_early(void *context, size_t spot, const struct work_node *node)
{
    const struct near_keys *keys = context;
    struct near_key *key = &keys->at[spot];
    key->gap = widest_gap(keys->re->by->config, node, key->gap);
    key->last = later(key->last, node->last_ms);
    if (is_farthest(keys, ++key->early))
        key->first_ms = node->first_ms;
}

static void
take_late(void *context, size_t spot, const struct work_node *node)
{
    const struct near_keys *keys = context;
    struct near_key *key = &keys->at[spot];
    key->gap = widest_gap(keys->re->by->config, node, key->gap);
    if (is_farthest(keys, ++key->late))
        key->to_ms = node->first_ms;
}

/*
 * Who has this node among its nearest of this key, as the store stands: between its fourth
 * neighbours, as far as it or whom it takes the place of can reach. What is found by one key may
 * score by another, so the widest gap of all of them counts.
 */
static struct time_range
range_around(const struct near_keys *keys, const struct near_key *key)
{
    const struct correlation_config *config = keys->re->by->config;
    struct time_range range = {key->node->first_ms - config->reach_ms -
                                   later(key->gap, config->look_back_ms),
                               key->last + key->gap};
    if (is_farthest(keys, key->early))
        range.from_ms = later(range.from_ms, key->first_ms);
    if (is_farthest(keys, key->late) && key->to_ms < range.to_ms)
        range.to_ms = key->to_ms;
    return range;
}

static int
range_order(const void *left, const void *right)
{
    const struct key_range *a = left, *b = right;
    int order = node_key_cmp(a->key, b->key);
    if (order != 0)
        return order;
    return a->within.from_ms < b->within.from_ms ? -1 : a->within.from_ms > b->within.from_ms;
}

/* Ranges of one key that meet become one, so that nobody is read twice by it. */
static size_t
join_ranges(struct key_range *ranges, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(ranges, count, sizeof(*ranges), range_order);
    for (size_t i = 0; i < count; i++) {
        struct key_range *last = kept == 0 ? NULL : &ranges[kept - 1];
        if (last == NULL || node_key_cmp(last->key, ranges[i].key) != 0 ||
            ranges[i].within.from_ms > last->within.to_ms)
            ranges[kept++] = ranges[i];
        else
            last->within.to_ms = later(last->within.to_ms, ranges[i].within.to_ms);
    }
    return kept;
}

static void
add_near(const struct near_keys *keys, struct attach_list *again)
{
    const struct reattach *re = keys->re;
    const struct group_store *store = re->by->store;
    size_t most = (size_t)re->by->config->neighbours, count = 0;
    struct key_range *ranges = ARENA_ARRAY(re->by->arena, struct key_range, keys->count + 1);
    if (keys->count == 0)
        return;
    store->nearest(store->context, keys->spots, keys->count, STORE_BEFORE, most, take_early,
                   (void *)keys);
    store->nearest(store->context, keys->spots, keys->count, STORE_AFTER, most, take_late,
                   (void *)keys);
    for (size_t i = 0; i < keys->count; i++) {
        struct time_range within = range_around(keys, &keys->at[i]);
        if (within.from_ms <= within.to_ms)
            ranges[count++] = (struct key_range){keys->spots[i].key, within};
    }
    count = join_ranges(ranges, count);
    re->store->with_keys(re->store->context, ranges, count, attach_list_take, again);
}

static void
add_within_bounds(const struct reattach *re, const struct work_node *declared,
                  struct attach_list *again)
{
    const struct correlation_config *config = re->by->config;
    if (declared == NULL || declared->declaration == NULL || !reattach_obeys(re, REATTACH_BOUNDS))
        return;
    int64_t after = later(config->bounds_after_ms, config->bounds_after_change_ms);
    int64_t to = declared->declaration->to_ns == TIME_NONE
                     ? declared->first_ms + config->bounds_open_ms
                     : declared->last_ms + after;
    re->store->alive(re->store->context, declared->first_ms - config->bounds_before_ms, to,
                     attach_list_take, again);
}

/* Around all of these nodes; NULL: there is none. */
static void
add_around(const struct reattach *re, const struct work_node *const *nodes, size_t count,
           struct attach_list *again)
{
    struct arena *arena = re->by->arena;
    struct near_keys keys = {.re = re};
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += nodes[i] == NULL ? 0 : nodes[i]->key_count;
    keys.spots = ARENA_ARRAY(arena, struct key_spot, most + 1);
    keys.at = ARENA_ARRAY(arena, struct near_key, most + 1);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; nodes[i] != NULL && k < nodes[i]->key_count; k++) {
            keys.spots[keys.count] = (struct key_spot){&nodes[i]->keys[k], node_id_of(nodes[i])};
            keys.at[keys.count++] =
                (struct near_key){.node = nodes[i],
                                  .gap = widest_gap(re->by->config, nodes[i], 0),
                                  .last = nodes[i]->last_ms};
        }
    if (reattach_obeys(re, REATTACH_KEYS))
        add_near(&keys, again);
    for (size_t i = 0; i < count; i++)
        add_within_bounds(re, nodes[i], again);
}

static void
add_around_changes(const struct reattach *re, const struct regroup_change *changes, size_t count,
                   bool was, struct attach_list *again)
{
    const struct work_node **nodes =
        ARENA_ARRAY(re->by->arena, const struct work_node *, count + 1);
    for (size_t i = 0; i < count; i++)
        nodes[i] = was ? changes[i].was : changes[i].is;
    add_around(re, nodes, count, again);
}

void
reattach_before(const struct reattach *re, const struct regroup_change *opening,
                size_t opening_count, struct attach_list *ret_list)
{
    bool looks = reattach_obeys(re, REATTACH_BEFORE);
    bool both = opening_count > 1 && reattach_obeys(re, REATTACH_BOTH);
    if (looks)
        add_around_changes(re, opening, opening_count, true, ret_list);
    if (both)
        add_around_changes(re, opening, opening_count, false, ret_list);
}

static void
write_nodes(const struct reattach *re, const struct regroup_change *attaching, size_t count,
            struct attach_list *again)
{
    for (size_t i = 0; i < count; i++) {
        if (attaching[i].is != NULL) {
            re->store->put_node(re->store->context, attaching[i].is);
            attach_list_add(again, attaching[i].is);
        } else if (attaching[i].was != NULL) {
            struct node_id id = node_id_of(attaching[i].was);
            re->store->drop_node(re->store->context, &id);
        }
    }
}

/* As they are now, where they are still there. */
static void
add_still_there(const struct reattach *re, const struct attach_list *list,
                struct attach_list *again)
{
    for (size_t i = 0; i < list->count; i++) {
        struct node_id id = node_id_of(list->at[i]);
        const struct work_node *node = re->store->node(re->store->context, &id);
        if (node != NULL)
            attach_list_add(again, node);
    }
}

/*
 * What talk hangs on the channel's next episode looks at: on and on, until no more hangs elsewhere.
 * Nodes only follow later ones, so this ends.
 */
static size_t
choose_on(const struct reattach *re, struct attach_list *again)
{
    size_t looked_at = 0;
    while (again->count > 0) {
        struct attach_list changed = {0};
        attach_list_sort(again);
        looked_at += again->count;
        attach_choose(re, again, &changed);
        again->count = 0;
        attach_add_next(re, &changed, again);
        attach_add_answers(re, &changed, again);
        attach_list_release(&changed);
    }
    return looked_at;
}

size_t
reattach(const struct reattach *re, const struct regroup_change *opening, size_t opening_count,
         const struct regroup_result *groups, const struct regroup_change *attaching,
         size_t attaching_count, struct attach_list *list)
{
    struct attach_list again = {0};
    write_nodes(re, attaching, attaching_count, &again);
    add_still_there(re, list, &again);
    bool both = opening_count > 1 && reattach_obeys(re, REATTACH_BOTH);
    add_around_changes(re, opening, opening_count, false, &again);
    if (both)
        add_around_changes(re, opening, opening_count, true, &again);
    for (size_t i = 0; i < groups->label_count && reattach_obeys(re, REATTACH_NAMED); i++)
        re->store->naming(re->store->context, groups->labels[i], attach_list_take, &again);
    attach_add_next_of_changes(re, attaching, attaching_count, &again);
    attach_add_answers_of_changes(re, attaching, attaching_count, &again);
    attach_add_moved(re, groups, &again);
    size_t looked_at = choose_on(re, &again);
    attach_list_release(&again);
    attach_list_release(list);
    return looked_at;
}
