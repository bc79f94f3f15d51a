/*
 * Labels and reasons after a change: see work.h. Called by regroup().
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/group/settle.h"
#include "correlate/incremental/work.h"

struct saving {
    struct work *work;
    struct seen **again; /* whose reasons may be others */
    size_t count, size;
};

static void
touch_label(struct work *work, const struct group_label *label)
{
    for (size_t i = 0; i < work->touched_count; i++)
        if (sv_eq(work->touched[i], label->explicit_id))
            return;
    if (label->explicit_id.len == 0)
        return;
    work->touched =
        memory_grow(work->touched, &work->touched_size, work->touched_count + 1, sizeof(struct sv));
    work->touched[work->touched_count++] = label->explicit_id;
}

static void
tell_again(struct saving *saving, struct seen *seen)
{
    saving->again =
        memory_grow(saving->again, &saving->size, saving->count + 1, sizeof(struct seen *));
    saving->again[saving->count++] = seen;
}

static void
tell_heads_again(struct saving *saving)
{
    const struct group_store *store = saving->work->by->store;
    for (size_t i = 0; obeys(saving->work, REGROUP_FAR_OPENER) && i < saving->work->touched_count;
         i++) {
        const struct work_node *head = store->head(store->context, saving->work->touched[i]);
        if (head != NULL)
            tell_again(saving, closure_add(&saving->work->closure, head));
    }
}

/* Neighbours that are not settled, and share or shared the label of an explicit id. */
static void
tell_partners_again(struct saving *saving, const struct seen *seen, const struct group_state *was)
{
    struct closure *closure = &saving->work->closure;
    const struct group_store *store = saving->work->by->store;
    const struct grouping *grouping = &closure->grouping;
    for (size_t i = grouping->around_at[seen->place]; i < grouping->around_at[seen->place + 1];
         i++) {
        const struct node_link *link = &grouping->links[grouping->around[i]];
        struct seen *other = closure->at[link->a == seen->place ? link->b : link->a];
        struct group_state state;
        if (!other->settled && store->state(store->context, &other->id, &state) &&
            state.label.explicit_id.len > 0 &&
            (group_labels_eq(&state.label, &seen->label) ||
             (was != NULL && group_labels_eq(&state.label, &was->label))))
            tell_again(saving, other);
    }
}

static void
put_state(struct work *work, const struct node_id *id, const struct group_state *state)
{
    work->by->store->put_state(work->by->store->context, id, state);
    if (work->moved.count == 0 || node_ids_cmp(&work->moved.at[work->moved.count - 1], id) != 0)
        id_list_add(&work->moved, *id);
}

static void
save_labels(struct saving *saving)
{
    struct work *work = saving->work;
    size_t settled = 0;
    struct seen **all = ARENA_ARRAY(work->by->arena, struct seen *, work->closure.count + 1);
    struct group_state *states =
        ARENA_ARRAY(work->by->arena, struct group_state, work->closure.count + 1);
    bool *had = ARENA_ARRAY(work->by->arena, bool, work->closure.count + 1);
    for (size_t i = 0; i < work->label_count; i++)
        touch_label(work, &work->labels[i]);
    for (size_t i = 0; i < work->closure.count; i++) {
        struct seen *seen = work->closure.at[i];
        if (!seen->settled)
            continue;
        all[settled] = seen;
        had[settled] =
            work->by->store->state(work->by->store->context, &seen->id, &states[settled]);
        if (had[settled])
            touch_label(work, &states[settled].label);
        touch_label(work, &seen->label);
        if (obeys(work, REGROUP_FAR_PARTNER))
            tell_partners_again(saving, seen, had[settled] ? &states[settled] : NULL);
        settled++;
    }
    tell_heads_again(saving); /* who opened until now */
    for (size_t i = 0; i < settled; i++) {
        struct group_state *was = &states[i];
        tell_again(saving, all[i]);
        if (had[i] && node_ids_cmp(&was->component, &all[i]->component) == 0 &&
            group_labels_eq(&was->label, &all[i]->label))
            continue;
        if (had[i] && !group_labels_eq(&was->label, &all[i]->label))
            id_list_add(&work->relabelled, all[i]->id);
        struct group_state is = {all[i]->component, all[i]->label, had[i] ? was->reason : SV_NONE};
        put_state(work, &all[i]->id, &is);
    }
    tell_heads_again(saving); /* and who does now */
}

static bool
opens_incident(const struct work *work, const struct node_id *id, const struct group_label *label)
{
    const struct group_store *store = work->by->store;
    if (label->explicit_id.len == 0)
        return node_ids_cmp(id, &label->root) == 0;
    const struct work_node *head = store->head(store->context, label->explicit_id);
    if (head == NULL) /* the store failed, and notes it */
        return false;
    struct node_id first = node_id_of(head);
    return node_ids_cmp(id, &first) == 0;
}

/* Numbers of incidents here tell this node's from others, and no more. */
static void
save_reason(struct work *work, const struct seen *seen)
{
    const struct group_store *store = work->by->store;
    struct grouping *grouping = &work->closure.grouping;
    size_t n = seen->place, own;
    struct group_state state, other;
    if (!store->state(store->context, &seen->id, &state))
        return;
    own = opens_incident(work, &seen->id, &state.label) ? n : grouping->node_count;
    grouping->nodes[n].incident = own;
    for (size_t i = grouping->around_at[n]; i < grouping->around_at[n + 1]; i++) {
        const struct node_link *link = &grouping->links[grouping->around[i]];
        size_t there = link->a == n ? link->b : link->a;
        bool same = store->state(store->context, &work->closure.at[there]->id, &other) &&
                    group_labels_eq(&other.label, &state.label);
        grouping->nodes[there].incident = same ? own : NO_NODE;
    }
    struct sv reason = settle_reason(grouping, n);
    if (sv_eq(reason, state.reason))
        return;
    state.reason = reason;
    put_state(work, &seen->id, &state);
}

void
work_save(struct work *work)
{
    struct saving saving = {.work = work};
    save_labels(&saving);
    closure_ring(&work->closure, saving.again, saving.count);
    closure_link(&work->closure);
    for (size_t i = 0; i < saving.count; i++)
        save_reason(work, saving.again[i]);
    free(saving.again);
}
