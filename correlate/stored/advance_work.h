/*
 * What the files of advance.h share. Private to correlate/stored/.
 */
#ifndef CORRELATE_STORED_ADVANCE_WORK_H
#define CORRELATE_STORED_ADVANCE_WORK_H

#include "correlate/candidate/window.h"
#include "correlate/decide/reach.h"
#include "correlate/given.h"
#include "correlate/stored/advance.h"
#include "correlate/stored/members.h"
#include "correlate/stored/step.h"
#include "correlate/stored/ties.h"
#include "hindcast/floods.h"

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

/* A loose node of what is proven of candidates. */
struct found_node {
    const struct work_node *node;
    struct sv key;
    struct sv is; /* key of its candidate; absent: it is on none */
};

/* What a decision names (tie_names()), and where that is. */
struct named {
    size_t decision; /* place in `deciding` */
    struct decision_row row;
    const struct held *node; /* NULL: it is not there */
    int64_t ns;              /* of its record, as deciding_find() gives it */
    bool by_shape;           /* looked for by its shape: the record is not there */
    struct sv was, is;       /* places; absent: none */
};

/* An incident of very many records: advance_flood.h. */
struct flood {
    struct group_flood kept; /* as it is to be kept */
    struct group_label label;
    struct sv name; /* by which what waits is found */
    bool known;     /* it is kept */
    bool at_once;   /* nothing waits for it now */
    bool due;       /* what waited is taken in */
    bool told;      /* or it is gone */
    bool touched;   /* something of it is to be told */
    bool changed;   /* what is kept of it */
    size_t came;    /* records of it in this step */
};

struct advance {
    const struct advancing *in;
    struct arena *arena;
    const struct observation *observations; /* what came, and what waited and is taken in */
    size_t count;
    struct flood *floods;
    size_t flood_count, flood_size;
    struct stored late; /* what waits */
    bool looks_late;    /* that is open */
    int64_t began_ms;
    struct sv *held; /* records of which nothing is taken in, sorted */
    size_t held_count, held_size;
    struct stored stored;
    struct deduped deduped;
    struct deciding deciding; /* all */
    struct deciding part;     /* those that what is told again is decided by */
    struct named *named;      /* in order of the decisions */
    size_t named_count;
    struct sv *fresh; /* ids of decisions that were not there at the last run */
    size_t fresh_count;
    const bool *decides;          /* per decision: it is of the part */
    struct group_candidate *kept; /* of what they name that belongs to nothing: its candidate */
    struct counter kept_places;   /* of each such node its place there + 1 */
    const struct record_change *changes;
    size_t change_count;
    struct group_step_result step;
    struct label_list labels; /* incidents that are told again */
    struct sv *near;          /* near what changed, as they were saved */
    size_t near_count, near_size;
    struct spots candidates; /* of those that are of no group, and what else candidates look at */
    struct candidate_windows windows;
    struct found_node *found; /* of these, in order of id */
    size_t found_count;
    struct group_candidate *had; /* of these, and of what was written: as kept; in order of node */
    size_t had_count;
    struct told_again *told;
    size_t told_count, told_size;
    struct told_node *loose; /* that belong to nothing, and are saved */
    size_t loose_count, loose_size;
    const char *whole; /* why the scope is to be computed whole */
    struct err err;    /* of the reader, or of the rows */
    bool failed;
};

/* advance.c: the incidents of `labels` as told again; what is told again, and what of the casebook
 * goes with it; the end, which returns what `status` becomes. */
void advance_tell_groups(struct advance *advance);
int advance_tell(struct advance *advance, struct advanced *advanced, struct err *err) MUST_CHECK;
int advance_end(struct advance *advance, int status, struct advanced *advanced,
                struct err *err) MUST_CHECK;

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

/* advance_candidates.c: where candidates are to be found again; what candidate_windows() says. */
void advance_spots(struct advance *advance);
void spots_add(struct spots *spots, enum node_role role, int64_t from_ms, int64_t to_ms);
void advance_windows(struct advance *advance, struct candidate_windows *ret_windows);
bool advance_opens_any(const struct advance *advance);

/* advance_found.c: what talk and changes that belong to nothing open now; then that is told, and
 * kept. */
void advance_find(struct advance *advance);
void advance_candidates(struct advance *advance);
const struct found_node *found_at(const struct advance *advance, const struct node_id *id);
/* As kept; absent: none, or it was not asked for. */
struct sv advance_had(const struct advance *advance, struct sv key);
/* Members of these candidates that lie outside of what is proven: true if there are any. */
bool advance_spot_members(struct advance *advance, const struct sv *candidates, size_t count);

/* advance_named.c: what decisions name, where that was, and the nodes that it is now. */
void advance_named_before(struct advance *advance);
void advance_named_now(struct advance *advance);
/* advance_decided.c: what must be told together with what is touched, found with it. */
void advance_decided(struct advance *advance);
void advance_keep_decided(struct advance *advance);
/* advance_moved.c: as people decided, what is told again moves from one incident to another. */
void advance_moved(struct advance *advance);

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

/* What candidates are made of. */
static inline bool
advance_looks_at(enum node_role role)
{
    return role == NODE_CHAT || role == NODE_CHANGE || role == NODE_LOG;
}

static inline bool
advance_heeds(const struct advance *advance, enum advance_rule rule)
{
    return (advance->in->rules & rule) != 0;
}

static inline bool
flood_heeds(const struct advance *advance, enum flood_rule rule)
{
    return (advance->in->flood_without & rule) == 0;
}

static inline bool
advance_failed(const struct advance *advance)
{
    return advance->failed || advance->stored.failed;
}

#endif
