/*
 * What nodes hang on now: see reattach_work.h. attach_nodes() of the batch form chooses, among the
 * nearest opening nodes and declarations of the nodes that are looked at again.
 */
#include <assert.h>
#include <stdlib.h>

#include "correlate/group/attach.h"
#include "correlate/group/links.h"
#include "correlate/incremental/reattach_work.h"

/* Nearest opening nodes of each key on both sides. */
static void
read_near(const struct reattach *re, const struct attach_list *again, struct attach_list *seen)
{
    const struct group_store *store = re->by->store;
    size_t most = 0, count = 0;
    for (size_t i = 0; i < again->count; i++)
        most += again->at[i]->key_count;
    struct key_spot *spots = ARENA_ARRAY(re->by->arena, struct key_spot, most + 1);
    for (size_t i = 0; i < again->count; i++)
        for (size_t k = 0; k < again->at[i]->key_count; k++)
            spots[count++] = (struct key_spot){&again->at[i]->keys[k], node_id_of(again->at[i])};
    for (enum store_side side = STORE_BEFORE; side <= STORE_AFTER && count > 0; side++)
        store->nearest(store->context, spots, count, side, (size_t)re->by->config->neighbours,
                       attach_list_take, seen);
}

/* Those, declarations that may hold one, and the opener of the explicit id that one names. */
static void
read_around(const struct reattach *re, const struct attach_list *again, struct attach_list *seen)
{
    const struct correlation_config *config = re->by->config;
    const struct group_store *store = re->by->store;
    struct time_range *near = ARENA_ARRAY(re->by->arena, struct time_range, again->count + 1);
    int64_t after = config->bounds_open_ms;
    after = config->bounds_after_ms > after ? config->bounds_after_ms : after;
    after = config->bounds_after_change_ms > after ? config->bounds_after_change_ms : after;
    for (size_t i = 0; i < again->count; i++)
        near[i] = (struct time_range){again->at[i]->first_ms - after,
                                      again->at[i]->last_ms + config->bounds_before_ms};
    read_near(re, again, seen);
    store->declared_within(store->context, near, again->count, attach_list_take, seen);
    for (size_t i = 0; i < again->count; i++) {
        struct sv id = again->at[i]->explicit_id;
        const struct work_node *head = id.len == 0 ? NULL : store->head(store->context, id);
        if (head != NULL)
            attach_list_add(seen, head);
    }
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

/* ------------------------------------------------------------------ what is known of others */

struct labelled {
    struct group_label label;
    size_t node;
};

static int
labelled_order(const void *left, const void *right)
{
    const struct labelled *a = left, *b = right;
    int order = group_labels_cmp(&a->label, &b->label);
    return order != 0 ? order : a->node < b->node ? -1 : a->node > b->node;
}

/* Those of one incident have one number, which tells them from others and no more. */
static void
number_incidents(const struct reattach *re, struct grouping *grouping)
{
    const struct group_store *store = re->by->store;
    struct labelled *all = ARENA_ARRAY(re->by->arena, struct labelled, grouping->node_count + 1);
    size_t count = 0;
    for (size_t n = 0; n < grouping->node_count; n++) {
        struct node_id id = node_id_of(&grouping->nodes[n]);
        struct group_state state;
        if (node_opens(&grouping->nodes[n]) && store->state(store->context, &id, &state))
            all[count++] = (struct labelled){state.label, n};
    }
    if (count > 1)
        qsort(all, count, sizeof(*all), labelled_order);
    for (size_t i = 0; i < count; i++)
        grouping->nodes[all[i].node].incident =
            i > 0 && group_labels_eq(&all[i - 1].label, &all[i].label)
                ? grouping->nodes[all[i - 1].node].incident
                : all[i].node;
}

static size_t
place_of(const struct attach_list *seen, const struct work_node *node)
{
    struct node_id id = node_id_of(node);
    const struct work_node *const *found = attach_list_find(seen, &id);
    return found == NULL ? NO_NODE : (size_t)(found - seen->at);
}

/* An episode before that is not looked at again: it stays on what it hangs on. */
static void
keep(const struct reattach *re, const struct attach_list *seen, struct work_node *node)
{
    struct node_id id = node_id_of(node);
    struct attach_state state;
    if (!re->store->state(re->store->context, &id, &state))
        return;
    const struct work_node *to = attach_hangs_on(re, &state);
    node->reason = state.reason;
    node->attached_to = to == NULL ? NO_NODE : place_of(seen, to);
}

/* ------------------------------------------------------------------ choosing */

/* Returns whether it hangs on something else than before. */
static bool
save_one(const struct reattach *re, const struct grouping *grouping, const struct work_node *node)
{
    struct node_id id = node_id_of(node);
    struct attach_state was,
        is = {.attached = node->attached_to != NO_NODE, .reason = node->reason};
    if (node->follows) { /* in whatever way that one hangs there; it was saved before */
        struct node_id before = node_id_of(&grouping->nodes[node->thread]);
        re->store->state(re->store->context, &before, &is);
        is.reason = node->reason;
    } else if (is.attached) {
        const struct work_node *to = &grouping->nodes[node->attached_to];
        bool named = node->explicit_id.len > 0 && sv_eq(to->group_id, node->explicit_id);
        if (named)
            is.explicit_id = node->explicit_id;
        else
            is.to = node_id_of(to);
    }
    bool same = re->store->state(re->store->context, &id, &was) && was.attached == is.attached &&
                sv_eq(was.explicit_id, is.explicit_id) && node_ids_cmp(&was.to, &is.to) == 0;
    if (!same || !sv_eq(was.reason, is.reason))
        re->store->put_state(re->store->context, &id, &is);
    return !same;
}

/* What it follows in its thread, and what that hangs on. */
static const struct work_node *
read_followed(const struct reattach *re, const struct work_node *node, struct attach_list *seen)
{
    const struct work_node *before = attach_followed(re, node);
    struct attach_state state;
    if (before == NULL)
        return NULL;
    struct node_id id = node_id_of(before);
    const struct work_node *to =
        re->store->state(re->store->context, &id, &state) ? attach_hangs_on(re, &state) : NULL;
    attach_list_add(seen, before);
    if (to != NULL)
        attach_list_add(seen, to);
    return before;
}

/* `ret_followed`: of each of `again`. False: no talk that is judged is among them. */
static bool
read_all(const struct reattach *re, const struct attach_list *again, struct attach_list *seen,
         const struct work_node **ret_followed)
{
    read_around(re, again, seen);
    for (size_t i = 0; i < again->count; i++) {
        assert(!node_opens(again->at[i]));
        attach_list_add(seen, again->at[i]);
        ret_followed[i] = read_followed(re, again->at[i], seen);
    }
    bool talk = attach_add_before(re, again, seen);
    attach_list_sort(seen);
    return talk;
}

/* As they are before anything is chosen: those of `again` hang on nothing. */
static struct work_node *
begin_nodes(const struct reattach *re, const struct attach_list *again,
            const struct attach_list *seen, const struct work_node *const *followed)
{
    struct work_node *nodes = ARENA_ARRAY(re->by->arena, struct work_node, seen->count + 1);
    for (size_t i = 0; i < seen->count; i++) {
        struct node_id id = node_id_of(seen->at[i]);
        nodes[i] = *seen->at[i];
        nodes[i].group = nodes[i].incident = nodes[i].attached_to = nodes[i].thread = NO_NODE;
        nodes[i].group_id = nodes[i].reason = SV_NONE;
        nodes[i].follows = false;
        const struct work_node *const *found =
            node_opens(&nodes[i]) ? NULL : attach_list_find(again, &id);
        if (found == NULL && !node_opens(&nodes[i]))
            keep(re, seen, &nodes[i]);
        else if (found != NULL && followed[found - again->at] != NULL)
            nodes[i].thread = place_of(seen, followed[found - again->at]);
    }
    return nodes;
}

void
attach_choose(const struct reattach *re, const struct attach_list *again,
              struct attach_list *ret_changed)
{
    struct arena *arena = re->by->arena;
    struct attach_list seen = {0};
    const struct work_node **followed =
        ARENA_ARRAY(arena, const struct work_node *, again->count + 1);
    bool talk = read_all(re, again, &seen, followed);
    struct work_node *nodes = begin_nodes(re, again, &seen, followed);
    struct grouping grouping = {.arena = arena,
                                .config = re->by->config,
                                .rules = re->phrases,
                                .nodes = nodes,
                                .node_count = seen.count};
    links_build(&grouping);
    name_heads(re, &grouping, again);
    if (talk)
        number_incidents(re, &grouping);
    attach_nodes(&grouping);
    for (size_t i = 0; i < seen.count; i++) {
        struct node_id id = node_id_of(&nodes[i]);
        if (!node_opens(&nodes[i]) && attach_list_find(again, &id) != NULL &&
            save_one(re, &grouping, &nodes[i]))
            attach_list_add(ret_changed, &nodes[i]);
    }
    attach_list_release(&seen);
}
