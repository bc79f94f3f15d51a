/*
 * Which nodes the incidents of kept groups have: those of the group, and those that hang on them.
 * Private to correlate/stored/; what is handed out lives as long as what is held.
 */
#ifndef CORRELATE_STORED_MEMBERS_H
#define CORRELATE_STORED_MEMBERS_H

#include "correlate/stored/held.h"

/* Members of one incident, in order of id. */
struct kept_incident {
    struct group_label label;
    const struct held **nodes;
    size_t count; /* 0: there is no such incident (any more) */
};

/* Into `ret_incidents`, one for each label. Writes what has gathered before. */
void kept_incidents(struct stored *stored, const struct group_label *labels, size_t count,
                    struct kept_incident *ret_incidents);
/* The incident that a node is in. False: none, or there is no such node. */
bool kept_label(struct stored *stored, const struct node_id *id, struct group_label *ret_label);

#endif
