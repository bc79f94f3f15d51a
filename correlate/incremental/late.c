/*
 * Incidents that are settled later: see regroup.h and work.h. Called by regroup().
 */
#include "correlate/incremental/work.h"

static size_t
late_place(const struct work *work, const struct node_id *id)
{
    const struct group_store *store = work->by->store;
    const struct regroup_late *late = work->by->late;
    struct group_state state;
    if (!store->state(store->context, id, &state))
        return SIZE_MAX;
    for (size_t i = 0; i < late->count; i++)
        if (group_labels_eq(&late->labels[i], &state.label))
            return i;
    return SIZE_MAX;
}

void
late_leave(struct work *work)
{
    size_t kept = 0;
    for (size_t i = 0; work->by->late != NULL && i < work->seeds.count; i++) {
        struct node_id id = work->seeds.at[i];
        size_t place = late_place(work, &id);
        if (place == SIZE_MAX)
            work->seeds.at[kept++] = id;
        else
            work->by->late->ret_left[place] = true;
    }
    work->seeds.count = work->by->late == NULL ? work->seeds.count : kept;
}
