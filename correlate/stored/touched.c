/*
 * Which incidents are touched by what is written: see held.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/held.h"

static void
add(struct stored *stored, const struct group_label *label)
{
    struct touched *touched = &stored->touched;
    touched->labels = memory_grow(touched->labels, &touched->label_size, touched->label_count + 1,
                                  sizeof(*touched->labels));
    touched->labels[touched->label_count++] = *label;
}

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
        add(stored, &label);
    } else if (is->rooted) { /* in whatever incident that node is now, or was */
        touched->roots = memory_grow(touched->roots, &touched->root_size, touched->root_count + 1,
                                     sizeof(*touched->roots));
        touched->roots[touched->root_count++] = is->root;
    }
}

static int
label_order(const void *left, const void *right)
{
    return group_labels_cmp(left, right);
}

const struct group_label *
stored_touched(struct stored *stored, size_t *ret_count)
{
    struct touched *touched = &stored->touched;
    stored_load(stored, true, touched->roots, touched->root_count);
    for (size_t i = 0; i < touched->root_count; i++) {
        struct group_state state;
        if (stored->opening.state(stored, &touched->roots[i], &state))
            add(stored, &state.label);
    }
    touched->root_count = 0;
    if (touched->label_count > 1)
        qsort(touched->labels, touched->label_count, sizeof(*touched->labels), label_order);
    struct group_label *labels =
        ARENA_ARRAY(stored->arena, struct group_label, touched->label_count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < touched->label_count; i++)
        if (kept == 0 || label_order(&labels[kept - 1], &touched->labels[i]) != 0)
            labels[kept++] = touched->labels[i];
    *ret_count = kept;
    return labels;
}
