/*
 * Grouping by what changed: see regroup.h. The steps of the batch form (correlate/group/) do the
 * work, on the nodes that the closure reads.
 */
#include "correlate/incremental/regroup.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "correlate/group/settle.h"
#include "correlate/incremental/work.h"

struct seed_taker {
    struct work *work;
    struct seen **at;
    size_t count, size;
};

static void
take_seed(void *context, size_t spot, const struct work_node *node)
{
    struct seed_taker *taker = context;
    (void)spot;
    taker->at = memory_grow(taker->at, &taker->size, taker->count + 1, sizeof(struct seen *));
    taker->at[taker->count++] = closure_add(&taker->work->closure, node);
}

/* All that is reached is made full anyway: those that are known are, at once. */
static void
settle_seeds(struct work *work)
{
    const struct group_store *store = work->by->store;
    struct seed_taker seeds = {.work = work};
    for (size_t i = 0; i < work->seeds.count; i++) {
        const struct work_node *node = store->node(store->context, &work->seeds.at[i]);
        if (node != NULL)
            take_seed(&seeds, 0, node);
    }
    for (size_t i = 0; obeys(work, REGROUP_OLD_COMPONENT) && i < work->components.count; i++)
        store->members(store->context, &work->components.at[i], take_seed, &seeds);
    closure_ring(&work->closure, seeds.at, seeds.count);
    closure_settle(&work->closure, seeds.at, seeds.count);
    free(seeds.at);
    closure_link(&work->closure);
    settle_groups(&work->closure.grouping);
    for (size_t i = 0; i < work->closure.count; i++) {
        struct seen *seen = work->closure.at[i];
        const struct work_node *node = &work->closure.grouping.nodes[i];
        if (seen->settled)
            seen->label = (struct group_label){node->group_id, work->closure.at[node->group]->id};
    }
}

static const struct node_id *
tell_ids(struct arena *arena, struct id_list *list, size_t *ret_count)
{
    id_list_sort(list);
    struct node_id *ids = ARENA_ARRAY(arena, struct node_id, list->count + 1);
    if (list->count > 0)
        memcpy(ids, list->at, list->count * sizeof(*ids));
    *ret_count = list->count;
    return ids;
}

static void
tell_result(struct work *work, struct regroup_result *ret_result)
{
    struct arena *arena = work->by->arena;
    struct sv *labels = ARENA_ARRAY(arena, struct sv, work->touched_count + 1);
    if (work->touched_count > 0)
        memcpy(labels, work->touched, work->touched_count * sizeof(*labels));
    *ret_result = (struct regroup_result){
        .labels = labels, .label_count = work->touched_count, .read = work->closure.count};
    ret_result->moved = tell_ids(arena, &work->moved, &ret_result->moved_count);
    ret_result->relabelled = tell_ids(arena, &work->relabelled, &ret_result->relabelled_count);
    for (size_t i = 0; i < work->closure.count; i++) {
        ret_result->full += work->closure.at[i]->full;
        ret_result->settled += work->closure.at[i]->settled;
    }
}

void
regroup(const struct regroup *by, const struct regroup_change *changes, size_t count,
        struct regroup_result *ret_result)
{
    struct work work = {.by = by};
    struct regroup_change *hard = ARENA_ARRAY(by->arena, struct regroup_change, count + 1);
    size_t hard_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct work_node *was = changes[i].was, *is = changes[i].is;
        if (was == NULL || is == NULL || !links_alike(by->config, was, is))
            hard[hard_count++] = changes[i];
        else
            by->store->put_node(by->store->context, is);
    }
    work.labels = ARENA_ARRAY(by->arena, struct group_label, hard_count + 1);
    for (size_t i = 0; i < by->again_count; i++)
        id_list_add(&work.components, by->again[i]);
    closure_init(&work.closure, by->arena, by->config, by->store, by->rules);
    work_find_seeds(&work, hard, hard_count);
    settle_seeds(&work);
    work_save(&work);
    tell_result(&work, ret_result);
    id_list_release(&work.dirty);
    id_list_release(&work.seeds);
    id_list_release(&work.components);
    id_list_release(&work.moved);
    id_list_release(&work.relabelled);
    closure_release(&work.closure);
    free(work.touched);
}
