/*
 * Where grouping has to begin again after a change: see work.h. Called by regroup().
 */
#include "correlate/incremental/work.h"

static bool
same_keys(const struct work_node *a, const struct work_node *b)
{
    if (a->key_count != b->key_count)
        return false;
    for (size_t k = 0; k < a->key_count; k++)
        if (node_key_cmp(&a->keys[k], &b->keys[k]) != 0)
            return false;
    return true;
}

/* All that links depend on. Beyond its reach it does not matter how long an alert fires. */
bool
links_alike(const struct correlation_config *config, const struct work_node *a,
            const struct work_node *b)
{
    int64_t reach = a->first_ms + config->reach_ms;
    if (a->declaration != NULL || b->declaration != NULL || a->role != b->role)
        return false;
    return (a->last_ms < reach ? a->last_ms : reach) == (b->last_ms < reach ? b->last_ms : reach) &&
           sv_eq(a->explicit_id, b->explicit_id) && same_keys(a, b);
}

struct successors {
    struct work *work;
    const struct key_spot *spots;
};

static void
take_successor(void *context, size_t spot, const struct work_node *node)
{
    struct successors *successors = context;
    const struct correlation_config *config = successors->work->by->config;
    const struct key_spot *from = &successors->spots[spot];
    if (node->first_ms - from->from.first_ms <= config->gap_ms[from->key->kind] + config->reach_ms)
        id_list_add(&successors->work->dirty, node_id_of(node));
}

/* What changed, and the next neighbours of it. */
static void
mark_dirty(struct work *work, const struct work_node *const *nodes, size_t count)
{
    const struct group_store *store = work->by->store;
    size_t most = 0, asked = 0;
    for (size_t i = 0; i < count; i++) {
        id_list_add(&work->dirty, node_id_of(nodes[i]));
        most += nodes[i]->key_count;
    }
    if (!obeys(work, REGROUP_SUCCESSORS))
        return;
    struct key_spot *spots = ARENA_ARRAY(work->by->arena, struct key_spot, most + 1);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < nodes[i]->key_count; k++)
            spots[asked++] = (struct key_spot){&nodes[i]->keys[k], node_id_of(nodes[i])};
    struct successors successors = {work, spots};
    if (asked > 0)
        store->nearest(store->context, spots, asked, STORE_AFTER,
                       (size_t)work->by->config->neighbours, take_successor, &successors);
}

/* Their state as it was, before it goes with them. */
static void
remember(struct work *work, const struct work_node *node)
{
    struct node_id id = node_id_of(node);
    struct group_state state;
    if (!work->by->store->state(work->by->store->context, &id, &state))
        return;
    id_list_add(&work->components, state.component);
    work->labels[work->label_count++] = state.label;
}

static void
replace_nodes(struct work *work, const struct regroup_change *changes, size_t count)
{
    const struct group_store *store = work->by->store;
    for (size_t i = 0; i < count; i++) {
        if (changes[i].is != NULL) {
            store->put_node(store->context, changes[i].is);
        } else if (changes[i].was != NULL) {
            struct node_id id = node_id_of(changes[i].was);
            store->drop_node(store->context, &id);
        }
    }
}

static void
take_bound(void *context, size_t spot, const struct work_node *node)
{
    struct work *work = context;
    (void)spot;
    id_list_add(&work->seeds, node_id_of(node));
}

/*
 * Bounds hold at every level, so both ends are in one component now; but what else was in that of
 * the other end may be so no more. What was within bounds is in a component that is remembered.
 */
static void
add_bounds(struct work *work, const struct regroup_change *changes, size_t count)
{
    const struct group_store *store = work->by->store;
    struct time_range *starts = ARENA_ARRAY(work->by->arena, struct time_range, count + 1);
    size_t alerts = 0;
    for (size_t i = 0; i < count; i++) {
        const struct work_node *is = changes[i].is;
        if (is == NULL)
            continue;
        id_list_add(&work->seeds, node_id_of(is));
        if (!obeys(work, REGROUP_BOUND_ENDS))
            continue;
        if (is->role == NODE_ALERT)
            starts[alerts++] = (struct time_range){is->first_ms, is->first_ms};
        else if (is->declaration != NULL)
            store->alerts_within(store->context, is->first_ms, is->last_ms, take_bound, work);
    }
    if (alerts > 0)
        store->declared_within(store->context, starts, alerts, take_bound, work);
}

/* Ends of links that differ, new nodes, and what their stored components hold. */
void
work_find_seeds(struct work *work, const struct regroup_change *changes, size_t count)
{
    const struct group_store *store = work->by->store;
    struct link_list was = {0}, is = {0};
    const struct work_node **nodes =
        ARENA_ARRAY(work->by->arena, const struct work_node *, 2 * count + 1);
    size_t node_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (changes[i].was != NULL)
            nodes[node_count++] = changes[i].was;
        if (changes[i].is != NULL)
            nodes[node_count++] = changes[i].is;
        if (changes[i].was != NULL)
            remember(work, changes[i].was);
    }
    mark_dirty(work, nodes, node_count);
    id_list_sort(&work->dirty);
    links_of(work->by, &work->dirty, &was);
    replace_nodes(work, changes, count);
    links_of(work->by, &work->dirty, &is);
    add_bounds(work, changes, count);
    links_differ(&was, &is, &work->seeds);
    link_list_release(&was);
    link_list_release(&is);
    id_list_sort(&work->seeds);
    late_leave(work);
    for (size_t i = 0; i < work->seeds.count; i++) {
        struct group_state state;
        if (store->state(store->context, &work->seeds.at[i], &state))
            id_list_add(&work->components, state.component);
    }
    id_list_sort(&work->components);
}
