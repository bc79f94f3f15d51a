/*
 * Grouping: from records to incidents. The definitions (docs/correlation.md) are numbered there and
 * here alike. Input is a set of records without doubles; output are nodes in order of their id,
 * each opening node with its incident, each attaching node with the opening node it hangs on.
 * Integers only: milliseconds and thousandths. One pass over the whole set, for one scope; memory
 * is the arena's.
 */
#ifndef CORRELATE_GROUP_GROUPING_H
#define CORRELATE_GROUP_GROUPING_H

#include "correlate/group/graph.h"
#include "correlate/group/nodes.h"

#define LEVELS_MAX CORRELATION_LEVELS_MAX

struct phrase_rules;

struct node_link {
    size_t a, b; /* earlier, later */
    int scores[LEVELS_MAX + 1];
    int64_t gap_ms;
    bool by_bounds; /* an alert inside declared bounds; holds at every level */
};

struct key_row {
    const struct node_key *key;
    size_t node;
};

struct grouping {
    struct arena *arena;
    const struct correlation_config *config;
    const struct service_graph *graph; /* or NULL */
    const struct phrase_rules *rules;  /* of talk; NULL: none is judged */
    struct work_node *nodes;           /* in order of id */
    size_t node_count;
    struct key_row *index; /* keys of opening nodes, by (key, node) */
    size_t index_count;
    struct node_link *links;
    size_t link_count;
    size_t *around; /* links of node n: around[around_at[n]] .. around_at[n + 1] */
    size_t *around_at;
    struct work_node *const *named; /* opening nodes with a group_id, by (group_id, node) */
    size_t named_count;
};

/*
 * The whole of it: definitions 1 to 8. `records` is sorted in place; `graph` and `rules` may be
 * NULL, the texts of the configuration are not looked at.
 */
void grouping_run(struct arena *arena, const struct correlation_config *config,
                  const struct service_graph *graph, const struct phrase_rules *rules,
                  struct work_record *records, size_t count, struct grouping *ret_grouping);

#endif
