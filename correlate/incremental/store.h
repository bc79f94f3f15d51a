/*
 * What regrouping reads and writes, as functions: tables of a database, or arrays of a test. Nodes
 * are those that open incidents; whoever gives one out keeps what it points to until the call of
 * regroup() ends. Every row that is handed out is one that a database would read: an
 * implementation counts them. None of the functions can fail: what a database cannot answer ends
 * the transaction around the call, which the implementation notes for whoever began it.
 */
#ifndef CORRELATE_INCREMENTAL_STORE_H
#define CORRELATE_INCREMENTAL_STORE_H

#include "correlate/group/nodes.h"
#include "hindcast/groups.h"

/* Nodes of one incident have one label: the explicit id, else the smallest node of the group. */
struct group_label {
    struct sv explicit_id; /* absent: none */
    struct node_id root;   /* where there is no explicit id */
};

/* What is derived of a node. */
struct group_state {
    struct node_id component; /* smallest node of what was connected when it was short enough */
    struct group_label label;
    struct sv reason;
};

/* Where to look: at the nodes that have this key, from a node on. */
struct key_spot {
    const struct node_key *key;
    struct node_id from;
};

/* Both ends belong to it. */
struct time_range {
    int64_t from_ms, to_ms;
};

enum store_side { STORE_BEFORE, STORE_AFTER };

/* Takes what is found, one after the other. */
typedef void store_take(void *taker, size_t spot, const struct work_node *node);

struct group_store {
    void *context;
    /* Of each spot the `limit` nearest nodes on one side, nearest first; never the node itself. */
    void (*nearest)(void *context, const struct key_spot *spots, size_t count, enum store_side side,
                    size_t limit, store_take *take, void *taker);
    /* NULL: there is none. */
    const struct work_node *(*node)(void *context, const struct node_id *id);
    /* Of each range (which is the spot) the declarations with bounds that hold a time within. */
    void (*declared_within)(void *context, const struct time_range *ranges, size_t count,
                            store_take *take, void *taker);
    /* Alerts that begin within. Spot: 0. */
    void (*alerts_within)(void *context, int64_t from_ms, int64_t to_ms, store_take *take,
                          void *taker);
    /* False: nothing is derived of this node yet. */
    bool (*state)(void *context, const struct node_id *id, struct group_state *ret_state);
    void (*members)(void *context, const struct node_id *component, store_take *take, void *taker);
    /* The smallest node whose label has this explicit id; NULL: none has. */
    const struct work_node *(*head)(void *context, struct sv explicit_id);

    /* With its keys; replaces the node of the same id, whose state stays. */
    void (*put_node)(void *context, const struct work_node *node);
    /* With its keys and its state. */
    void (*drop_node)(void *context, const struct node_id *id);
    void (*put_state)(void *context, const struct node_id *id, const struct group_state *state);
};

static inline struct node_id
node_id_of(const struct work_node *node)
{
    return (struct node_id){node->first_ms, node->source, node->uid};
}

static inline int
node_ids_cmp(const struct node_id *a, const struct node_id *b)
{
    if (a->first_ms != b->first_ms)
        return a->first_ms < b->first_ms ? -1 : 1;
    int order = sv_cmp(a->source, b->source);
    return order != 0 ? order : sv_cmp(a->uid, b->uid);
}

static inline int
group_labels_cmp(const struct group_label *a, const struct group_label *b)
{
    bool named = a->explicit_id.len > 0 || b->explicit_id.len > 0;
    return named ? sv_cmp(a->explicit_id, b->explicit_id) : node_ids_cmp(&a->root, &b->root);
}

static inline bool
group_labels_eq(const struct group_label *a, const struct group_label *b)
{
    return group_labels_cmp(a, b) == 0;
}

#endif
