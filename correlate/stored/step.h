/*
 * One step: from records that came, went or became others to the nodes, groups and attachments that
 * they change, all of it written to the rows that are kept, and to the incidents that are touched.
 * What grouping_run() gives for the whole is there after it. Memory is the arena's; errors are
 * those of stored_end().
 */
#ifndef CORRELATE_STORED_STEP_H
#define CORRELATE_STORED_STEP_H

#include "correlate/stored/stored.h"

struct group_step {
    struct arena *arena;
    const struct correlation_config *config;
    const struct service_graph *graph; /* or NULL */
    struct stored *stored;
    const struct phrase_rules *rules; /* that talk is judged by; NULL: none is judged */
    const struct regroup_late *late;  /* see regroup.h; or NULL */
    const struct node_id *again;      /* components that are settled again, too */
    size_t again_count;
    unsigned regroup_less, reattach_less; /* rules of these that tests leave out */
};

struct group_step_result {
    /*
     * Incidents that had or have a node that came, went, changed or moved, by what names their
     * groups: an explicit id, or the smallest node.
     */
    const struct group_label *touched;
    size_t touched_count;
    struct series_result series;
    struct regroup_result groups;
    size_t attached; /* attaching nodes that were looked at again */
};

/* Each uid once; `was` as stored_records() tells it. */
void group_step(const struct group_step *step, const struct record_change *changes, size_t count,
                struct group_step_result *ret_result);

#endif
