/*
 * One step over kept rows: see step.h.
 */
#include "correlate/stored/step.h"

#include "correlate/stored/held.h"

void
group_step(const struct group_step *step, const struct record_change *changes, size_t count,
           struct group_step_result *ret_result)
{
    struct stored *stored = step->stored;
    struct series series = {step->arena, step->config, step->graph, &stored->series};
    struct regroup by = {step->arena, step->config, &stored->opening,
                         REGROUP_RULES & ~step->regroup_less};
    struct reattach re = {&by, &stored->attaching, REATTACH_RULES & ~step->reattach_less,
                          step->rules};
    struct attach_list list = {0};
    *ret_result = (struct group_step_result){.attached = 0};
    series_apply(&series, changes, count, &ret_result->series);
    const struct series_result *nodes = &ret_result->series;
    reattach_before(&re, nodes->opening, nodes->opening_count, &list);
    regroup(&by, nodes->opening, nodes->opening_count, &ret_result->groups);
    ret_result->attached = reattach(&re, nodes->opening, nodes->opening_count, &ret_result->groups,
                                    nodes->attaching, nodes->attaching_count, &list);
    ret_result->touched = stored_touched(stored, &ret_result->touched_count);
}
