/*
 * One step over kept rows: see step.h.
 */
#include "correlate/stored/step.h"

#include "correlate/stored/held.h"

/* All that changed at once, where they would be asked for one by one. */
static void
load_changed(const struct group_step *step, bool opens, const struct regroup_change *changes,
             size_t count)
{
    struct node_id *ids = ARENA_ARRAY(step->arena, struct node_id, 2 * count + 1);
    size_t asked = 0;
    for (size_t i = 0; i < count; i++) {
        if (changes[i].was != NULL)
            ids[asked++] = node_id_of(changes[i].was);
        if (changes[i].is != NULL)
            ids[asked++] = node_id_of(changes[i].is);
    }
    stored_load(step->stored, opens, ids, asked);
}

void
group_step(const struct group_step *step, const struct record_change *changes, size_t count,
           struct group_step_result *ret_result)
{
    struct stored *stored = step->stored;
    struct series series = {step->arena, step->config, step->graph, &stored->series};
    struct regroup by = {.arena = step->arena,
                         .config = step->config,
                         .store = &stored->opening,
                         .rules = REGROUP_RULES & ~step->regroup_less,
                         .late = step->late,
                         .again = step->again,
                         .again_count = step->again_count};
    struct reattach re = {&by, &stored->attaching, REATTACH_RULES & ~step->reattach_less,
                          step->rules};
    struct attach_list list = {0};
    *ret_result = (struct group_step_result){.attached = 0};
    series_apply(&series, changes, count, &ret_result->series);
    const struct series_result *nodes = &ret_result->series;
    load_changed(step, true, nodes->opening, nodes->opening_count);
    load_changed(step, false, nodes->attaching, nodes->attaching_count);
    reattach_before(&re, nodes->opening, nodes->opening_count, &list);
    regroup(&by, nodes->opening, nodes->opening_count, &ret_result->groups);
    ret_result->attached = reattach(&re, nodes->opening, nodes->opening_count, &ret_result->groups,
                                    nodes->attaching, nodes->attaching_count, &list);
    ret_result->touched = stored_touched(stored, &ret_result->touched_count);
}
