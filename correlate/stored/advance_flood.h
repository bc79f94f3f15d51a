/*
 * Incidents of very many records while what is new is correlated: which new records wait for them,
 * what of that is taken in now, and what is kept of it. Files flood_look.c (which incident a record
 * is of), advance_flood.c (what waits) and flood_kept.c (what is kept of it). Private to
 * correlate/stored/.
 *
 * What waits is in no kept group and nothing of it is saved, so groups and tables are those of the
 * records that do not wait, whichever these are. Of a flood that only its surroundings or links
 * among its own nodes changed the rows stay as they were saved, until it is told or settled again.
 */
#ifndef CORRELATE_STORED_ADVANCE_FLOOD_H
#define CORRELATE_STORED_ADVANCE_FLOOD_H

#include "correlate/incremental/difference.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/floods.h"
#include "correlate/stored/late.h"

/* Of which flood a new record is: its number, or SIZE_MAX. */
struct flooded {
    const struct work_record *record;
    size_t flood;
};

/* Numbers among advance->floods; SIZE_MAX: it is none of them. */
size_t flood_labelled(const struct advance *advance, const struct group_label *label);
size_t flood_named(const struct advance *advance, struct sv name);
size_t flood_of_node(struct advance *advance, const struct node_id *id);
struct flood *flood_add(struct advance *advance, const struct group_flood *kept);
/* Something of it waits from now on, or still does. */
void flood_waits_now(const struct advance *advance, struct flood *flood);

/* True if nothing of this record is taken in yet. */
bool advance_waits(const struct advance *advance, struct sv uid);
/* Reads what waits, keeps back what comes for a flood, adds what is to be taken in. */
void advance_floods(struct advance *advance);
/* Stored components of a flood, added and sorted. */
void
flood_components(struct advance *advance, const struct flood *flood, struct id_list *components);
/* Links among its nodes changed, it was not settled. */
void flood_unsettled(struct advance *advance, size_t flood);
/* From the labels of what looks at something that changed takes out those that wait for that. */
void flood_context(struct advance *advance);
/* An incident is told; one of this name is no more. */
void flood_told(struct advance *advance, const struct kept_incident *incident,
                const struct node_id *name);
void flood_gone(struct advance *advance, const struct group_label *label);
/* What is kept of floods. */
void floods_save(struct advance *advance);

/* flood_look.c: into room for as many as there are records, in another order. */
void flood_look(struct advance *advance, const struct work_record *const *records, size_t count,
                struct flooded *ret_flooded);

#endif
