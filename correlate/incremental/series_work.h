/*
 * What the steps of series_apply() hand on to each other; private to correlate/incremental/. A
 * *chunk* is a run of nodes of one series, one behind the other, that changed records lie among; a
 * *region* of it are the nodes beside one change or several, which may come out otherwise.
 */
#ifndef CORRELATE_INCREMENTAL_SERIES_WORK_H
#define CORRELATE_INCREMENTAL_SERIES_WORK_H

#include "correlate/incremental/series.h"

struct spot_change {
    const struct work_record *record; /* that came or went */
    bool comes;
    struct work_record *before, *after; /* beside it now, of one that comes; NULL: none */
    const struct work_node **near;      /* old nodes around it, in order */
    size_t near_count, near_before;     /* of these begin at its time or before */
    size_t low, high;                   /* its region, as places in the chunk */
};

struct applying {
    const struct series *by;
    struct spot_change *spots;
    size_t count;
    struct regroup_change *changes;
    size_t change_count, change_size;
    size_t added, read;
};

struct chunk {
    const struct work_node **old;
    size_t old_count;
    bool begins; /* before the first of them the series has none */
    struct spot_change *spots;
    size_t count;
    const struct work_node **now; /* after the change */
    bool *near;                   /* of a region */
    size_t now_count, now_size, near_size;
    bool read; /* a region was read again */
};

/* series_region.c: `now` of a chunk whose `old` is there. */
void series_settle(struct applying *applying, struct chunk *chunk);
/*
 * series_add.c. True: `ret_node` is the episode of the new record, in the place of those old ones
 * that are not NULL in `ret_gone`. False: the records around it are to be read.
 */
bool series_add(const struct series *by, const struct spot_change *spot,
                const struct work_node *ret_gone[2], struct work_node **ret_node);
/* Copies of records, one after the other. */
struct record_list {
    struct arena *arena;
    const struct work_record **at;
    size_t count, size;
};
void series_take_record(void *taker, size_t spot, const struct work_record *record);

#endif
