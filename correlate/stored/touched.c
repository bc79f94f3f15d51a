/*
 * Which incidents are touched by what is written: see held.h.
 */
#include "base/memory.h"
#include "correlate/stored/held.h"

void
stored_touch(struct stored *stored, struct held *held)
{
    struct touched *touched = &stored->touched;
    if (!held->touched) {
        held->touched = true;
        touched->nodes = memory_grow(touched->nodes, &touched->node_size, touched->node_count + 1,
                                     sizeof(*touched->nodes));
        touched->nodes[touched->node_count++] = held;
    }
    const struct group_derived *is = &held->is;
    struct group_label label = {is->label, is->root};
    if (!held->derived)
        return;
    if (held->opens || is->label.len > 0) {
        label_list_add(&touched->labels, &label);
    } else if (is->rooted) { /* in whatever incident that node is now, or was */
        touched->roots = memory_grow(touched->roots, &touched->root_size, touched->root_count + 1,
                                     sizeof(*touched->roots));
        touched->roots[touched->root_count++] = is->root;
    }
}

const struct group_label *
stored_touched(struct stored *stored, size_t *ret_count)
{
    struct touched *touched = &stored->touched;
    stored_load(stored, true, touched->roots, touched->root_count);
    for (size_t i = 0; i < touched->root_count; i++) {
        struct group_state state;
        if (stored->opening.state(stored, &touched->roots[i], &state))
            label_list_add(&touched->labels, &state.label);
    }
    touched->root_count = 0;
    label_list_sort(&touched->labels);
    *ret_count = touched->labels.count;
    struct group_label *labels =
        ARENA_ARRAY(stored->arena, struct group_label, touched->labels.count + 1);
    for (size_t i = 0; i < touched->labels.count; i++)
        labels[i] = touched->labels.at[i];
    return labels; /* what is gathered goes with `stored` */
}
