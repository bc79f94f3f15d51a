/*
 * Lists of attaching nodes: see reattach_work.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/incremental/reattach_work.h"

void
attach_list_add(struct attach_list *list, const struct work_node *node)
{
    list->at = memory_grow(list->at, &list->size, list->count + 1, sizeof(*list->at));
    list->at[list->count++] = node;
}

void
attach_list_take(void *list, size_t spot, const struct work_node *node)
{
    (void)spot;
    attach_list_add(list, node);
}

static int
node_order(const void *left, const void *right)
{
    return node_id_cmp(*(const struct work_node *const *)left,
                       *(const struct work_node *const *)right);
}

void
attach_list_sort(struct attach_list *list)
{
    size_t kept = 0;
    if (list->count > 1)
        qsort(list->at, list->count, sizeof(*list->at), node_order);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || node_id_cmp(list->at[kept - 1], list->at[i]) != 0)
            list->at[kept++] = list->at[i];
    list->count = kept;
}

static int
id_against_node(const void *id, const void *entry)
{
    struct node_id there = node_id_of(*(const struct work_node *const *)entry);
    return node_ids_cmp(id, &there);
}

const struct work_node *const *
attach_list_find(const struct attach_list *list, const struct node_id *id)
{
    return list->count == 0
               ? NULL
               : bsearch(id, list->at, list->count, sizeof(*list->at), id_against_node);
}

void
attach_list_release(struct attach_list *list)
{
    free(list->at);
    *list = (struct attach_list){0};
}
