/*
 * Incidents in the order in which they deserve a look: see worth.h. Called by incidents and draft.
 */
#include "app/worth.h"

#include <stdlib.h>

int
worth_order(const void *left, const void *right)
{
    const struct stored_incident *a = left, *b = right;
    int64_t start_a = incident_start(&a->incident), start_b = incident_start(&b->incident);
    if (a->incident.rank.score != b->incident.rank.score)
        return a->incident.rank.score > b->incident.rank.score ? -1 : 1;
    if (start_a != start_b)
        return start_a < start_b ? -1 : 1;
    int order = sv_cmp(a->scope, b->scope);
    return order != 0 ? order : sv_cmp(a->incident.incident_key, b->incident.incident_key);
}

/* Moves those that pass to the front; within both parts by rank. */
static size_t
part(struct stored_incident *incidents, size_t count, bool worth)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!incidents[i].incident.raised || (worth && !incidents[i].incident.rank.worth))
            continue;
        struct stored_incident moved = incidents[i];
        incidents[i] = incidents[kept];
        incidents[kept++] = moved;
    }
    if (kept > 1)
        qsort(incidents, kept, sizeof(*incidents), worth_order);
    if (count - kept > 1)
        qsort(incidents + kept, count - kept, sizeof(*incidents), worth_order);
    return kept;
}

size_t
worth_first(struct stored_incident *incidents, size_t count)
{
    size_t kept = part(incidents, count, true);
    return kept > 0 ? kept : part(incidents, count, false);
}
