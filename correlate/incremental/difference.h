/*
 * Which links are others than before. Lists of ids and of links, and the comparison. Private to
 * correlate/incremental/.
 */
#ifndef CORRELATE_INCREMENTAL_DIFFERENCE_H
#define CORRELATE_INCREMENTAL_DIFFERENCE_H

#include "correlate/incremental/regroup.h"

struct id_list {
    struct node_id *at;
    size_t count, size;
};

void id_list_add(struct id_list *list, struct node_id id);
/* In order, each once. */
void id_list_sort(struct id_list *list);
void id_list_release(struct id_list *list);

struct found_link {
    struct node_id a, b; /* earlier, later */
    int scores[LEVELS_MAX + 1];
    int64_t gap_ms;
};

struct link_list {
    struct found_link *at;
    size_t count, size;
};

/*
 * Links of these nodes to earlier ones, as the store stands now. Those by declared bounds are left
 * out: regroup() knows their ends.
 */
void links_of(const struct regroup *by, const struct id_list *ids, struct link_list *ret_links);
/* Adds the ends of links that are in one list only. Sorts both. */
void links_differ(struct link_list *was, struct link_list *is, struct id_list *ends);
void link_list_release(struct link_list *list);

#endif
