/*
 * When floods are taken in: see floods.h.
 */
#include "correlate/stored/floods.h"

const struct flood_limits flood_limits_default = {.records = FLOOD_RECORDS,
                                                  .growth = FLOOD_GROWTH,
                                                  .quiet_costs = FLOOD_QUIET_COSTS,
                                                  .wait_costs = FLOOD_WAIT_COSTS};

static int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

bool
flood_has_grown(const struct flood_limits *limits, const struct group_flood *flood, int64_t more)
{
    int64_t waiting = flood->waiting + more;
    return waiting > 0 && waiting * limits->growth >= flood->records;
}

int64_t
flood_due_ms(const struct flood_limits *limits, const struct group_flood *flood)
{
    int64_t cost = least(flood->cost_ms < 1 ? 1 : flood->cost_ms, FLOOD_COST_MS);
    if (!flood_waits(flood))
        return INT64_MAX;
    if (flood_has_grown(limits, flood, 0))
        return flood->last_ms;
    return least(flood->last_ms + limits->quiet_costs * cost,
                 flood->first_ms + limits->wait_costs * cost);
}

/* A clock that was set back says nothing. */
bool
flood_is_due(const struct flood_limits *limits, const struct group_flood *flood, int64_t now_ms)
{
    return flood_waits(flood) && (now_ms >= flood_due_ms(limits, flood) || now_ms < flood->last_ms);
}
