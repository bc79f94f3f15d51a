/*
 * Attachment: definition 8. Needs settle_groups().
 */
#ifndef CORRELATE_GROUP_ATTACH_H
#define CORRELATE_GROUP_ATTACH_H

#include "correlate/group/grouping.h"

void attach_nodes(struct grouping *grouping);

#endif
