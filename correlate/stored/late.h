/*
 * Records that wait to be taken into an incident of very many (hindcast/floods.h), as rows that are
 * kept apart from those of the groups: each is a node of its own, opening or attaching as its
 * record says, so that what comes behind it finds it by keys and by its series. Its label is the
 * name of the flood. Private to correlate/stored/; memory and errors are those of stored.h.
 */
#ifndef CORRELATE_STORED_LATE_H
#define CORRELATE_STORED_LATE_H

#include "correlate/stored/held.h"
#include "hindcast/floods.h"

/* By what records of a flood are found. */
struct sv late_name(struct arena *arena, const struct group_label *label);
struct group_label late_label(const struct group_flood *flood);
/* The name of the flood that this record waits for; absent: it does not wait. */
struct sv late_of(struct stored *late, const struct work_record *record);
/* It waits from now on. `node`: of this record alone. */
void late_put(struct stored *late, const struct work_node *node, const struct work_record *record,
              struct sv name);
/* All that wait for this flood, which do so no longer; in no order. */
const struct work_record **late_take(struct stored *late, struct sv name, size_t *ret_count);

#endif
