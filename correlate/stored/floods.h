/*
 * When what waits is taken into an incident of very many records (hindcast/floods.h). Such an
 * incident is read whole each time; with these rules N records read about 9 N nodes in all, however
 * they come, and what reading takes is a small part of the time. The clock says when, never what.
 * Pure.
 */
#ifndef CORRELATE_STORED_FLOODS_H
#define CORRELATE_STORED_FLOODS_H

#include "hindcast/floods.h"

#define FLOOD_COST_MS 3600000 /* what costs more counts as this */

struct flood_limits {
    int64_t records;     /* incidents of more are floods */
    int64_t growth;      /* one part in so many more: taken in at once */
    int64_t quiet_costs; /* or nothing came for so many times what it cost last */
    int64_t wait_costs;  /* or something waits for so many times that */
};
/* What holds outside of tests. */
#define FLOOD_RECORDS 1000
#define FLOOD_GROWTH 8
#define FLOOD_QUIET_COSTS 20
#define FLOOD_WAIT_COSTS 100
extern const struct flood_limits flood_limits_default;

/* Something waits: records, or it is to be told or settled again. */
static inline bool
flood_waits(const struct group_flood *flood)
{
    return flood->waiting > 0 || flood->stale || flood->unsettled;
}

/* Grown by so many records more, it takes in what waits. */
bool
flood_has_grown(const struct flood_limits *limits, const struct group_flood *flood, int64_t more);
/* When what waits is to be taken in if nothing more comes, of the wall clock; INT64_MAX: nothing
 * waits. */
int64_t flood_due_ms(const struct flood_limits *limits, const struct group_flood *flood);
bool
flood_is_due(const struct flood_limits *limits, const struct group_flood *flood, int64_t now_ms);

#endif
