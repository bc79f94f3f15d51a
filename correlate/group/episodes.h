/*
 * Episodes: definitions 1 and 2. From records to nodes in order of their id. `records` is sorted in
 * place.
 */
#ifndef CORRELATE_GROUP_EPISODES_H
#define CORRELATE_GROUP_EPISODES_H

#include "correlate/group/grouping.h"

void episodes_build(struct grouping *grouping, struct work_record *records, size_t count);

#endif
