/*
 * The store of correlate/incremental in memory: sorted arrays. Counts the rows that are handed out,
 * which is what a database would read, and those that are written. Nodes are copied, what they
 * point to is the caller's and outlives the store; whatever is replaced stays until the end.
 */
#ifndef TESTS_LIB_GROUPSTORE_H
#define TESTS_LIB_GROUPSTORE_H

#include "correlate/incremental/store.h"

struct stored_node {
    struct work_node node;
    struct group_state state;
    bool has_state;
};

struct stored_key {
    const struct node_key *key;
    struct stored_node *node;
};

struct groupstore {
    struct group_store store; /* what regroup() is given */
    struct arena arena;
    struct stored_node **nodes; /* in order of id */
    size_t node_count, node_size;
    struct stored_key *keys; /* by (key, id) */
    size_t key_count, key_size;
    size_t key_rows, node_rows, state_rows; /* read since the caller set them to 0 */
    size_t writes;
};

void groupstore_init(struct groupstore *store);
void groupstore_release(struct groupstore *store);
/* Many nodes and their states at once, into an empty store. */
void groupstore_fill(struct groupstore *store, const struct work_node *nodes,
                     const struct group_state *states, size_t count);
/* NULL: there is none. Counts nothing. */
const struct stored_node *groupstore_find(const struct groupstore *store, const struct node_id *id);

#endif
