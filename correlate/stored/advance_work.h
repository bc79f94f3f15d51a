/*
 * What the files of advance.h share. Private to correlate/stored/.
 */
#ifndef CORRELATE_STORED_ADVANCE_WORK_H
#define CORRELATE_STORED_ADVANCE_WORK_H

#include "correlate/candidate/window.h"
#include "correlate/given.h"
#include "correlate/stored/advance.h"
#include "correlate/stored/members.h"
#include "correlate/stored/step.h"

#define ADVANCE_RECORDS_MAX 20000 /* that candidates are looked for in; further ones: whole */

/* A node as it is told, and why it is where it is. */
struct told_node {
    const struct work_node *node;
    struct sv reason;
};

/* An incident that is told again: of a group, or a candidate. */
struct told_again {
    struct node_id name; /* of the node that names it */
    const struct told_node *nodes;
    size_t count;
    int64_t first_ms;       /* when its head begins */
    struct time_range span; /* of all of it */
};

/* Times at which candidates are to be found again. */
struct spots {
    struct candidate_dirt *at;
    size_t count, size;
};

struct advance {
    const struct advancing *in;
    struct arena *arena;
    struct stored stored;
    struct deduped deduped;
    struct deciding deciding; /* for declarations alone */
    struct deciding none;     /* what is told again is told as without decisions */
    const struct record_change *changes;
    size_t change_count;
    struct group_step_result step;
    struct label_list labels; /* incidents that are told again */
    struct sv *near;          /* near what changed, as they were saved */
    size_t near_count, near_size;
    struct spots candidates; /* of those that are of no group, and what else candidates look at */
    struct told_again *told;
    size_t told_count, told_size;
    struct told_node *loose; /* that belong to nothing, and are saved */
    size_t loose_count, loose_size;
    const char *whole; /* why the scope is to be computed whole */
    struct err err;    /* of the reader, or of the rows */
    bool failed;
};

/* advance_records.c: what came, went or became another since the rows were written. */
void advance_records(struct advance *advance);

/* advance_around.c: which incidents look at what changed, by what lies around them. `before` the
 * step and after it. */
struct around {
    int64_t *hours; /* in which something changed */
    bool *occupied; /* before */
    size_t hour_count;
};
void around_before(struct advance *advance, struct around *ret_around);
void around_touched(struct advance *advance, const struct around *around);

/*
 * advance_beside.c: sorts these alerts, all that changed; of each, when the nearest ones begin
 * before it (or with it) and after it that are none of them, looked for within `back_ms`
 * (milliseconds): how far that is where there are none.
 */
const struct time_range *advance_beside(struct advance *advance, const struct work_node **alerts,
                                        size_t count, int64_t back_ms);

/* advance_given.c: nodes and their records, and what lies around them, for given_input(). */
void advance_given(struct advance *advance, struct given *ret_given);

/* advance_candidates.c: what talk and changes that belong to nothing open now. */
void advance_candidates(struct advance *advance);
void spots_add(struct spots *spots, enum node_role role, int64_t from_ms, int64_t to_ms);
/* advance_decided.c: why the scope is to be computed whole for what people decided, or NULL. */
const char *advance_decided(struct advance *advance);
/* "TIME/SOURCE/UID" as an id. */
bool advance_id(struct sv key, struct node_id *ret_id);
/* Sorted, each once, without absent ones; returns how many. */
size_t advance_texts(struct sv *texts, size_t count);
/* Nodes that were written and belong to nothing, to be saved: what candidates could be of, where
 * nothing opens one; and quiet alerts. */
void advance_untold(struct advance *advance);
void advance_quiet(struct advance *advance);
/* advance_look.c: records of these places, in their order. */
struct work_record *advance_look(struct advance *advance, enum group_record_question question,
                                 const struct group_place *places, size_t asked, size_t *ret_count);
void told_again_add(struct advance *advance, const struct told_again *told);
void loose_add(struct advance *advance, const struct told_node *node);

/* The first error counts. */
static inline void
advance_note(struct advance *advance, int status, const struct err *err)
{
    if (status == 0 || advance->failed)
        return;
    advance->failed = true;
    advance->err = *err;
}

static inline bool
advance_heeds(const struct advance *advance, enum advance_rule rule)
{
    return (advance->in->rules & rule) != 0;
}

static inline bool
advance_failed(const struct advance *advance)
{
    return advance->failed || advance->stored.failed;
}

#endif
