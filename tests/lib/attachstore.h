/*
 * The store of attaching nodes in memory, as tests/lib/groupstore.h has those that open incidents:
 * one array in order of id, which is searched from its beginning. Counts what is written.
 */
#ifndef TESTS_LIB_ATTACHSTORE_H
#define TESTS_LIB_ATTACHSTORE_H

#include "correlate/incremental/reattach.h"

struct stored_attach {
    struct work_node node;
    struct attach_state state;
    bool has_state;
};

struct attachstore {
    struct attach_store store; /* what reattach() is given */
    struct arena arena;
    struct stored_attach **nodes;
    size_t node_count, node_size;
    size_t writes;
};

void attachstore_init(struct attachstore *store);
void attachstore_release(struct attachstore *store);
/* NULL: there is none. */
const struct stored_attach *
attachstore_find(const struct attachstore *store, const struct node_id *id);

#endif
