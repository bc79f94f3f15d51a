/*
 * Attachment: definition 8. Needs settle_groups(), and threads_find() or else `thread` of all that
 * attach.
 */
#ifndef CORRELATE_GROUP_ATTACH_H
#define CORRELATE_GROUP_ATTACH_H

#include "correlate/group/grouping.h"

/* What has a reason is known already, and stays. */
void attach_nodes(struct grouping *grouping);

#endif
