/*
 * The stores of regroup() and reattach() over rows that are kept (hindcast/groups.h). What was read
 * stays at hand for the call, so that no node is asked for twice; what is written gathers, and goes
 * before the next question that could miss it. None of the functions of the stores can fail: the
 * first error is kept, nothing is read after it, and stored_end() tells. Memory is the arena's, and
 * so is that of nodes that are handed out.
 */
#ifndef CORRELATE_STORED_STORED_H
#define CORRELATE_STORED_STORED_H

#include "base/strbuf.h"
#include "correlate/incremental/reattach.h"
#include "correlate/incremental/series.h"
#include "correlate/story/rows.h"

struct held;

/* Labels of incidents, each once when sorted (members.c). */
struct label_list {
    struct group_label *at;
    size_t count, size;
};
void label_list_add(struct label_list *list, const struct group_label *label);
void label_list_sort(struct label_list *list);

/* What incidents nodes were or are in that were written. */
struct touched {
    struct label_list labels;
    struct node_id *roots; /* opening nodes on which attaching ones hung, or hang */
    size_t root_count, root_size;
    const struct held **nodes; /* each once */
    size_t node_count, node_size;
};

struct stored {
    struct group_store opening;    /* of regroup() */
    struct attach_store attaching; /* of reattach() */
    struct series_store series;    /* of series_apply() */
    const struct group_rows *rows;
    struct arena *arena;
    struct group_record *records[2]; /* to be dropped, to be put */
    size_t record_counts[2], record_sizes[2];
    bool empty;     /* there are no rows but those that were written here */
    struct err err; /* the first one */
    bool failed;
    struct strbuf name; /* scratch */
    struct touched touched;
    struct counter places; /* of what is held, by id: place + 1 */
    struct held **held;
    size_t held_count, held_size;
    struct held **dirty; /* to be written */
    size_t dirty_count, dirty_size;
    bool moved;           /* nodes or labels among them: questions would miss them */
    struct counter heads; /* by explicit id: place of the held node + 1, 0: none */
};

void stored_init(struct stored *stored, struct arena *arena, const struct group_rows *rows);
/* Reads these at once, where they are not at hand. */
void stored_load(struct stored *stored, bool opens, const struct node_id *ids, size_t count);
/*
 * What is kept of these uids, into `ret_records` (NULL where there is none): what became of them is
 * told with it to series_apply().
 */
void stored_records(struct stored *stored, const struct sv *uids, size_t count,
                    const struct work_record **ret_records);
/* Incidents that had or have one of the nodes that were written so far; each once. */
const struct group_label *stored_touched(struct stored *stored, size_t *ret_count);
/*
 * All nodes of a scope as grouping_run() left them, into rows that are empty. `reasons`: of each
 * node, where the nodes' own are those of later steps; or NULL.
 */
void stored_fill(struct stored *stored, const struct grouping *grouping, const struct sv *reasons);
/* The records that they are made of. */
void stored_fill_records(struct stored *stored, const struct work_record *records, size_t count);
/* Writes what has gathered. -1: this or something before it failed. */
int stored_end(struct stored *stored, struct err *err) MUST_CHECK;
void stored_release(struct stored *stored);

#endif
