/*
 * What came from all sources around an incident, as counts over time: for the chart. Read by
 * app/activity.c, drawn by report/chart/activity.c. Plain data; views live as long as the arena
 * they were read into.
 */
#ifndef HINDCAST_ACTIVITY_H
#define HINDCAST_ACTIVITY_H

#include "hindcast/counted.h"

/*
 * Offsets of a partition that could not be read, and between which events they lie: after the
 * latest of the batch before them, before the earliest of the batch behind. TIME_NONE: there is
 * none.
 */
struct record_gap {
    struct sv topic; /* absent: not to be told */
    struct sv kind;  /* retention, truncated, recreated, overflow, vanished */
    int32_t incarnation, partition;
    int64_t from, to; /* `to` is not included; the same: how many there were is not known */
    int64_t after_ns, before_ns;
};

struct activity {
    int64_t from_ns, to_ns, step_ns;     /* steps begin at `from_ns`; whole minutes */
    const struct minute_counts *logs;    /* log lines, of the incident's services where they have */
    size_t log_count;                    /* any, else of all; steps without are left out */
    bool of_services;                    /* those of its services */
    const struct minute_counts *sources; /* events of every source of the scope */
    size_t source_count;
    int64_t duplicates; /* log lines of the scope that another delivery stands for */
    const struct record_gap *gaps;
    size_t gap_count;
};

#endif
