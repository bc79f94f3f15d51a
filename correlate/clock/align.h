/*
 * A timeline by clocks that are known to be off: a view of the same entries, nothing that is stored
 * changes. Times that a clock's own source told lose the clock's offset where that is not zero for
 * certain; the rows are put into the order of the new times, and what of that order is established
 * is asked again, of the intervals. Pure; memory is the arena's.
 */
#ifndef CORRELATE_CLOCK_ALIGN_H
#define CORRELATE_CLOCK_ALIGN_H

#include "correlate/clock/offsets.h"
#include "hindcast/incident.h"

struct clock_alignment {
    struct incident incident;             /* a copy with other entries and milestones */
    const struct clock_interval **clocks; /* whose times are corrected in it, by name */
    size_t clock_count;
    size_t moved; /* entries whose time is another */
};

void clock_align(struct arena *arena, const struct clock_offsets *offsets,
                 const struct incident *incident, struct clock_alignment *ret_alignment);

#endif
