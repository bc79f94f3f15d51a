/*
 * Grouping of a scope by what changed: from nodes that came, went or became others to components,
 * labels and reasons of the nodes that open incidents, as grouping_run() gives them for the whole
 * set, in any order and batching. What is read follows the change and not the scope. Definitions 3
 * to 7; episodes (1, 2) come before, attachments (8) after. Pure but for the store; memory is the
 * arena's. docs/decisions/0015-closure-and-ring.md says why it is right.
 */
#ifndef CORRELATE_INCREMENTAL_REGROUP_H
#define CORRELATE_INCREMENTAL_REGROUP_H

#include "correlate/group/grouping.h"
#include "correlate/incremental/store.h"

/* Of one id, `was` as the store has it; NULL: it comes, or goes. Both open incidents. */
struct regroup_change {
    const struct work_node *was, *is;
};

/* What may not be left out; tests leave out one at a time, and must notice. */
enum regroup_rule {
    REGROUP_SUCCESSORS = 1,    /* the next neighbours of what changed have other candidates */
    REGROUP_OLD_COMPONENT = 2, /* what was connected may be no more */
    REGROUP_BOUNDS = 4,        /* declarations and the alerts inside belong to the ring */
    REGROUP_MANY_KEYS = 8,     /* candidates of a later node of very many keys */
    REGROUP_FAR_OPENER = 16,   /* another node opens the incident of an explicit id */
    REGROUP_FAR_PARTNER = 32,  /* a neighbour elsewhere has the same explicit id now, or no more */
    REGROUP_BOUND_ENDS = 64,   /* what lay with the other end of new bounds may not any more */
    REGROUP_RULES = 127
};

/*
 * Incidents that are too large to be settled again each time: their nodes are no seeds where links
 * of theirs differ, and `ret_left` says so. Whoever asks settles their components later (`again`),
 * and at once where a node of theirs is written; until then nothing may be told of them.
 */
struct regroup_late {
    const struct group_label *labels;
    size_t count;
    bool *ret_left; /* of each; false before */
};

struct regroup {
    struct arena *arena;
    const struct correlation_config *config;
    const struct group_store *store;
    unsigned rules;                  /* REGROUP_RULES */
    const struct regroup_late *late; /* NULL: none is */
    const struct node_id *again;     /* stored components that are settled again, too */
    size_t again_count;
};

struct regroup_result {
    const struct node_id *moved; /* nodes whose state was written */
    size_t moved_count;
    const struct node_id
        *relabelled; /* of these, those whose incident is another one than before */
    size_t relabelled_count;
    const struct sv *labels; /* explicit ids whose incidents may have changed, each once */
    size_t label_count;
    size_t read, full, settled; /* nodes that were looked at, made full, grouped anew */
};

/* Each id once in `changes`. Nothing is written where nothing differs. */
void regroup(const struct regroup *regroup, const struct regroup_change *changes, size_t count,
             struct regroup_result *ret_result);

#endif
