/*
 * What the steps of regroup() hand on to each other; private to correlate/incremental/.
 */
#ifndef CORRELATE_INCREMENTAL_WORK_H
#define CORRELATE_INCREMENTAL_WORK_H

#include "correlate/incremental/closure.h"
#include "correlate/incremental/difference.h"

struct work {
    const struct regroup *by;
    struct id_list dirty;       /* who has or had what changed among its candidates */
    struct id_list seeds;       /* from where components are settled anew */
    struct id_list components;  /* stored ones that may fall apart */
    struct group_label *labels; /* of before, of nodes that changed or went; room for each change */
    size_t label_count;
    struct closure closure;
    struct id_list moved;      /* whose state was written */
    struct id_list relabelled; /* whose label became another */
    struct sv *touched;        /* explicit ids of labels that nodes left or got */
    size_t touched_count, touched_size;
};

static inline bool
obeys(const struct work *work, enum regroup_rule rule)
{
    return (work->by->rules & rule) != 0;
}

/* seeds.c: true if no link can be another one because of this. */
bool links_alike(const struct correlation_config *config, const struct work_node *a,
                 const struct work_node *b);
/*
 * seeds.c: writes the nodes, and finds seeds and components: ends of links that differ, what came,
 * and what is bound to it.
 */
void work_find_seeds(struct work *work, const struct regroup_change *changes, size_t count);
/* late.c: takes out seeds that are in what is late. */
void late_leave(struct work *work);
/* saving.c: labels, then reasons, of what is settled in the closure and of whom that concerns. */
void work_save(struct work *work);

#endif
