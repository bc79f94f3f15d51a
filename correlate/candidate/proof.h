/*
 * What of a run over a window is that of the whole scope: see window.h for the distances and why
 * they are enough. Private to window.c. Times are milliseconds; pure, memory is the arena's.
 */
#ifndef CORRELATE_CANDIDATE_PROOF_H
#define CORRELATE_CANDIDATE_PROOF_H

#include "correlate/candidate/window.h"

#define NODE_ROLES (NODE_CHAT + 1)

struct proof_reads {
    int64_t back[NODE_ROLES], ahead[NODE_ROLES]; /* what signs read of nodes of this role */
    int64_t most_back, most_ahead;               /* of any */
    int64_t together, gap, span, since, near, before, after;
    bool whole_nodes, kept_outside;
};
void proof_reads_of(const struct candidate_finding *finding, struct proof_reads *ret_reads);

struct interval {
    int64_t from, to;
};

/* A run over all nodes that overlap `window`. */
struct proof_run {
    const struct proof_reads *reads;
    struct interval window;
    const struct work_node *nodes; /* after the run */
    size_t count;
    const bool *loose;       /* per node, before the run */
    const bool *hangs;       /* see struct candidate_trace */
    struct interval *blocks; /* stretches without a gap between them, in order */
    size_t block_count;
    struct talk_node {
        struct sv place;
        size_t node;
    } * talk; /* loose nodes of talk, by place */
    size_t talk_count;
};
/* Of the members above `blocks`; fills in the others. */
void
proof_run_init(struct arena *arena, const struct candidate_trace *trace, struct proof_run *run);

/* Where what changed can change something; `run` NULL: as far as it is known without nodes. */
struct proof_zone {
    int64_t stretches_from; /* no stretch that differs begins before */
    int64_t opens_to;       /* signs open after it as they did */
};
void proof_zone_of(const struct proof_reads *reads, const struct proof_run *run,
                   const struct candidate_dirt *dirt, size_t count, struct proof_zone *ret_zone);

struct proof {
    bool short_before, short_after; /* what lies outside the window may change something */
    struct interval interior;       /* if neither */
    struct interval changed;        /* candidates outside are what they were */
    bool *stays; /* per node, for proof_of() to set: see struct candidate_window */
};
/* `source` is asked what is kept. */
int proof_of(const struct proof_run *run, const struct window_source *source,
             const struct candidate_dirt *dirt, size_t count, struct proof *proof,
             struct err *err) MUST_CHECK;

#endif
