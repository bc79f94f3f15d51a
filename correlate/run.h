/*
 * The steps of a run between input and output; private to correlate/.
 */
#ifndef CORRELATE_RUN_H
#define CORRELATE_RUN_H

#include "correlate/group/quiet.h"
#include "correlate/group/suppress.h"
#include "correlate/story/rows.h"

/*
 * group/dedup.c: one observation per uid, in order of uid. Of deliveries that differ the highest
 * version counts, then the smallest digest, then the smallest content (headers tell as well), then
 * the smallest coordinates. `deliveries` tells of the uids that more than one observation has.
 */
struct deduped {
    const struct observation **kept;
    size_t count;
    const struct delivery *deliveries;
    size_t delivery_count;
};
void dedup(struct arena *arena, const struct correlation_input *input, struct deduped *ret_deduped);

/*
 * group/records.c: what grouping sees of an observation or declaration. False: no part of any node
 * (reactions, log lines that are not notable).
 */
bool
record_of(struct arena *arena, const struct quiet_alerts *quiet,
          const struct observation *observation, struct sv scope, struct work_record *ret_record);
void record_of_declaration(struct arena *arena, const struct declaration *declaration,
                           struct sv scope, struct work_record *ret_record);
/*
 * declarations.c: the records of all declarations that nobody took back, of each id one (the
 * smallest content); how many. There is room for as many as there are declarations.
 */
struct deciding;
size_t records_of_declarations(struct arena *arena, const struct correlation_input *input,
                               const struct deciding *deciding, struct work_record *ret_records);
struct sv observation_text(const struct observation *observation);

/* story/rows.c: rows of nodes. */
void node_rows(struct arena *arena, const struct phrase_rules *rules, const struct work_node *node,
               struct row **ret_rows, size_t *ret_count);
int row_order(const void *left, const void *right); /* of struct row * */
/* Bytes that sort rows of equal time as row_order() does. */
struct sv row_tie(struct arena *arena, const struct row *row);

/* story/entries.c: scored rows as entries and milestones of an incident. */
void entries_build(struct story *story, struct sv scope, struct incident *incident);

#endif
