/*
 * Episodes (definitions 1 and 2) by what changed: from records that came, went or became others to
 * nodes that did, as episodes_build() gives them for the whole set. A record that comes is added to
 * what is known of its episode; only one that goes or changes, or cuts an episode, has the records
 * of the episodes around it read again. Pure but for the store; memory is the arena's.
 */
#ifndef CORRELATE_INCREMENTAL_SERIES_H
#define CORRELATE_INCREMENTAL_SERIES_H

#include "correlate/group/grouping.h"
#include "correlate/incremental/regroup.h"

#define SERIES_HEAD 50 /* first records of a node that are known with it, see content.h */

/* Of one uid; NULL: it comes, or goes. */
struct record_change {
    const struct work_record *was, *is;
};

typedef void record_take(void *taker, size_t spot, const struct work_record *record);

struct series_store {
    void *context;
    /* Of each record's series the nearest one on that side, itself not. */
    void (*beside)(void *context, const struct work_record *const *spots, size_t count,
                   enum store_side side, record_take *take, void *taker);
    /* Of this record's series those within the times, at most `limit`, in their order. Spot: 0. */
    void (*within)(void *context, const struct work_record *series, int64_t from_ms, int64_t to_ms,
                   size_t limit, record_take *take, void *taker);
    void (*put)(void *context, const struct work_record *record);
    void (*drop)(void *context, const struct work_record *record);
    /*
     * Of each record's series the `limit` nodes nearest to it that begin at its time or before, or
     * after it; nearest first.
     */
    void (*nodes)(void *context, const struct work_record *const *spots, size_t count,
                  enum store_side side, size_t limit, store_take *take, void *taker);
};

struct series {
    struct arena *arena;
    const struct correlation_config *config;
    const struct service_graph *graph; /* or NULL */
    const struct series_store *store;
};

struct series_result {
    const struct regroup_change *opening, *attaching; /* for regroup(), reattach() */
    size_t opening_count, attaching_count;
    size_t added; /* episodes that were not read again */
    size_t read;  /* that were */
};

/* Each uid once. Writes the records; nodes are written by those who take the result. */
void series_apply(const struct series *series, const struct record_change *changes, size_t count,
                  struct series_result *ret_result);
/* series_join.c: the node of all records of both; `a` comes first, or `b` is one within `a`. */
void series_join(const struct series *series, const struct work_node *a, const struct work_node *b,
                 struct work_node *ret_node);
/* False: of equally quiet records the first one counts, and which that is cannot be told. */
bool series_can_insert(const struct work_node *node, const struct work_node *within);

#endif
