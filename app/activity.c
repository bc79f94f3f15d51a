/*
 * Counts around an incident: see activity.h.
 */
#include "app/activity.h"

#include "hindcast/counts.h"
#include "report/chart/chart.h"

/* Whole steps that cover what the chart shows. */
static void
set_steps(const struct incident *incident, struct activity *activity)
{
    int64_t from, to;
    chart_window(incident, &from, &to);
    from = from < TIME_MIN_NS ? TIME_MIN_NS : from;
    to = to > TIME_MAX_NS ? TIME_MAX_NS : to;
    activity->step_ns = chart_step_ns(from, to);
    activity->from_ns = from / activity->step_ns * activity->step_ns;
    int64_t steps = (to - activity->from_ns) / activity->step_ns + 1;
    activity->to_ns = activity->from_ns + steps * activity->step_ns;
}

static bool
has_lines(const struct minute_counts *minutes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (int severity = 0; severity <= SEVERITY_MAX; severity++)
            if (minutes[i].logs[severity] > 0)
                return true;
    return false;
}

static int
read_minutes(struct store *store, struct arena *arena, const struct stored_incident *stored,
             struct activity *activity, struct err *err)
{
    const struct incident *incident = &stored->incident;
    struct minute_question question = {.scope = stored->scope,
                                       .from_ns = activity->from_ns,
                                       .to_ns = activity->to_ns,
                                       .step_minutes = activity->step_ns / NS_PER_MINUTE};
    struct minute_counts *all, *own = NULL;
    size_t all_count, own_count = 0;
    if (counts_minutes(store, arena, &question, &all, &all_count, err) != 0)
        return -1;
    question.services = incident->services;
    question.service_count = incident->service_count;
    if (incident->service_count > 0 &&
        counts_minutes(store, arena, &question, &own, &own_count, err) != 0)
        return -1;
    activity->of_services = has_lines(own, own_count);
    activity->logs = activity->of_services ? own : all;
    activity->log_count = activity->of_services ? own_count : all_count;
    activity->sources = all;
    activity->source_count = all_count;
    return 0;
}

int
activity_read(struct store *store, struct arena *arena, const struct stored_incident *stored,
              bool nameless, struct activity *ret_activity, struct err *err)
{
    struct activity activity = {0};
    struct record_gap *gaps;
    set_steps(&stored->incident, &activity);
    if (read_minutes(store, arena, stored, &activity, err) != 0 ||
        counts_duplicates(store, stored->scope, activity.from_ns, activity.to_ns,
                          &activity.duplicates, err) != 0 ||
        counts_gaps(store, arena, activity.from_ns, activity.to_ns, &gaps, &activity.gap_count,
                    err) != 0)
        return -1;
    for (size_t i = 0; i < activity.gap_count && nameless; i++)
        gaps[i].topic = SV_NONE;
    activity.gaps = gaps;
    *ret_activity = activity;
    return 0;
}
