/*
 * Records and nodes of series in memory, for correlate/incremental/series.h: arrays that are
 * searched from their beginning. Nodes are those of the caller, who sets them.
 */
#ifndef TESTS_LIB_SERIESSTORE_H
#define TESTS_LIB_SERIESSTORE_H

#include "correlate/incremental/series.h"

#define SERIES_RECORDS_MAX 512

struct seriesstore {
    struct series_store store;
    struct work_record records[SERIES_RECORDS_MAX]; /* in order of series */
    size_t count;
    const struct work_node *nodes; /* in order of id */
    size_t node_count;
    size_t rows; /* handed out */
};

void seriesstore_init(struct seriesstore *store);

#endif
