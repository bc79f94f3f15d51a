/*
 * Settling: definitions 5 to 7. From links to groups and incidents. Needs links_build().
 */
#ifndef CORRELATE_GROUP_SETTLE_H
#define CORRELATE_GROUP_SETTLE_H

#include "correlate/group/grouping.h"

void settle_groups(struct grouping *grouping);
/* Why this opening node is in its incident; needs `incident` of it and of those it is linked to. */
struct sv settle_reason(const struct grouping *grouping, size_t n);

#endif
