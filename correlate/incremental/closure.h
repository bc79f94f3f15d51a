/*
 * The part of a scope that grouping has to look at: nodes read from a store, in order of their id,
 * and the links that links_build() finds among them. A node is *full* when its nearest neighbours
 * of each key on both sides, and its pairs with declared bounds, are there: then its links are
 * those that it has in the whole scope. Links of two nodes that are not full may be wrong. Private
 * to correlate/incremental/; memory is the arena's, nodes stay the store's.
 */
#ifndef CORRELATE_INCREMENTAL_CLOSURE_H
#define CORRELATE_INCREMENTAL_CLOSURE_H

#include "correlate/group/grouping.h"
#include "correlate/incremental/store.h"

struct seen {
    const struct work_node *node;
    struct node_id id;
    bool full;
    bool backed;  /* its nearest earlier neighbours are there */
    bool settled; /* its component is whole, and known: `component` */
    size_t walk;  /* number of the last walk that came here */
    size_t place; /* in the grouping */
    struct node_id component;
    struct group_label label; /* of a settled node */
};

struct closure {
    struct arena *arena;
    const struct correlation_config *config;
    const struct group_store *store;
    unsigned rules;   /* of regroup.h */
    struct seen **at; /* in order of id */
    size_t count, size;
    struct grouping grouping; /* of these nodes, in the same order; see closure_link() */
    bool stale;               /* nodes came since */
    size_t walks;
};

void
closure_init(struct closure *closure, struct arena *arena, const struct correlation_config *config,
             const struct group_store *store, unsigned rules);
void closure_release(struct closure *closure);
/* The node as it is here now, read or not. */
struct seen *closure_add(struct closure *closure, const struct work_node *node);
/* NULL: it is not here. */
struct seen *closure_find(const struct closure *closure, const struct node_id *id);
/* Reads the nearest earlier neighbours of these: then their links to earlier nodes are known. */
void closure_back(struct closure *closure, struct seen *const *seen, size_t count);
/* Makes these full. */
void closure_ring(struct closure *closure, struct seen *const *seen, size_t count);
/* Links of all nodes that are here; nothing to do where none came since. */
void closure_link(struct closure *closure);
/*
 * Reads on from each of these until its component is whole: walks along links of full nodes, level
 * by level as definition 5 takes components apart. They and all nodes of their components are
 * settled then.
 */
void closure_settle(struct closure *closure, struct seen **seeds, size_t count);

#endif
