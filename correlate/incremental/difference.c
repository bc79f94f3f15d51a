/*
 * Links before and after a change: see difference.h. Called by regroup().
 */
#include "correlate/incremental/difference.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "correlate/incremental/closure.h"

void
id_list_add(struct id_list *list, struct node_id id)
{
    list->at = memory_grow(list->at, &list->size, list->count + 1, sizeof(*list->at));
    list->at[list->count++] = id;
}

static int
id_order(const void *left, const void *right)
{
    return node_ids_cmp(left, right);
}

void
id_list_sort(struct id_list *list)
{
    size_t kept = 0;
    if (list->count > 1)
        qsort(list->at, list->count, sizeof(*list->at), id_order);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || node_ids_cmp(&list->at[kept - 1], &list->at[i]) != 0)
            list->at[kept++] = list->at[i];
    list->count = kept;
}

void
id_list_release(struct id_list *list)
{
    free(list->at);
    *list = (struct id_list){0};
}

void
link_list_release(struct link_list *list)
{
    free(list->at);
    *list = (struct link_list){0};
}

void
links_of(const struct regroup *by, const struct id_list *ids, struct link_list *ret_links)
{
    struct closure closure;
    closure_init(&closure, by->arena, by->config, by->store, by->rules);
    struct seen **all = ARENA_ARRAY(by->arena, struct seen *, ids->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < ids->count; i++) {
        const struct work_node *node = by->store->node(by->store->context, &ids->at[i]);
        if (node != NULL)
            all[count++] = closure_add(&closure, node);
    }
    closure_back(&closure, all, count);
    closure_link(&closure);
    const struct grouping *grouping = &closure.grouping;
    for (size_t i = 0; i < grouping->link_count; i++) {
        const struct node_link *link = &grouping->links[i];
        if (link->by_bounds || !closure.at[link->b]->backed)
            continue;
        ret_links->at = memory_grow(ret_links->at, &ret_links->size, ret_links->count + 1,
                                    sizeof(*ret_links->at));
        struct found_link *found = &ret_links->at[ret_links->count++];
        *found = (struct found_link){.a = closure.at[link->a]->id, .b = closure.at[link->b]->id};
        memcpy(found->scores, link->scores, sizeof(found->scores));
        found->gap_ms = link->gap_ms;
    }
    closure_release(&closure);
}

static int
link_order(const void *left, const void *right)
{
    const struct found_link *a = left, *b = right;
    int order = node_ids_cmp(&a->a, &b->a);
    if (order == 0)
        order = node_ids_cmp(&a->b, &b->b);
    if (order == 0)
        order = memcmp(a->scores, b->scores, sizeof(a->scores));
    return order != 0 ? order : a->gap_ms < b->gap_ms ? -1 : a->gap_ms > b->gap_ms;
}

static void
add_ends(struct id_list *ends, const struct found_link *link)
{
    id_list_add(ends, link->a);
    id_list_add(ends, link->b);
}

void
links_differ(struct link_list *was, struct link_list *is, struct id_list *ends)
{
    size_t i = 0, k = 0;
    if (was->count > 1)
        qsort(was->at, was->count, sizeof(*was->at), link_order);
    if (is->count > 1)
        qsort(is->at, is->count, sizeof(*is->at), link_order);
    while (i < was->count || k < is->count) {
        int order = i == was->count ? 1 : k == is->count ? -1 : link_order(&was->at[i], &is->at[k]);
        if (order < 0)
            add_ends(ends, &was->at[i]);
        else if (order > 0)
            add_ends(ends, &is->at[k]);
        i += order <= 0;
        k += order >= 0;
    }
}
