/*
 * Stretches: talk of one channel, or changes of one source, from the first sign that opens to where
 * it ends. Made of signs by stretches_find(); candidates_find() joins them. Pure; memory is the
 * arena's.
 */
#ifndef CORRELATE_CANDIDATE_STRETCHES_H
#define CORRELATE_CANDIDATE_STRETCHES_H

#include "correlate/candidate/signs.h"

struct stretch {
    struct sv place;
    bool talk;
    bool named; /* the channel is named after one incident: its talk is of no other one */
    bool log;   /* a line of a log alone */
    bool wide;  /* a report: it may be about changes of any source */
    int64_t from_ns, to_ns;
    size_t first_sign; /* that opened it */
    const size_t *nodes;
    size_t node_count;
    size_t candidate; /* smallest stretch of its candidate */
};

struct stretches {
    struct stretch *at; /* in order of time */
    size_t count;
};

/* Marks the signs that open, with those near them, and makes the stretches of their nodes. */
void stretches_find(struct arena *arena, struct grouping *grouping, struct signs *signs,
                    struct stretches *ret_chains);

#endif
