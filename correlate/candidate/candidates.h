/*
 * Candidate incidents: what talk and changes tell where no alert opened an incident. Called after
 * attachment, on nodes that belong to nothing; it links no incident of alerts and takes nothing
 * from one. docs/correlation.md, section 4, has the definitions. Pure; memory is the arena's.
 */
#ifndef CORRELATE_CANDIDATE_CANDIDATES_H
#define CORRELATE_CANDIDATE_CANDIDATES_H

#include "correlate/candidate/signs.h"
#include "correlate/people/who.h"

#define BECAUSE_MAX 8 /* reasons that are told */

struct candidate {
    size_t root;            /* its smallest node that opened it: the incident's key */
    int64_t from_ns, to_ns; /* when talk of it begins and ends */
    bool talk;              /* people talk of it; else changes alone tell of it */
    bool log;               /* lines of a log alone tell of it */
    bool wide;              /* changes of any source may belong to it */
    struct sv place;        /* where: a channel with '#', or a source */
    struct sv title;
    struct sv *because; /* in words, each once, in order of time; BECAUSE_MAX at most */
    size_t because_count;
};

/* From when to when a stretch or a candidate lasts. */
struct candidate_reach {
    int64_t from_ns, to_ns;
};

/* What a part of a scope has to know of a run beside its result: see window.h. */
struct candidate_trace {
    /* Of each stretch; of changes and lines also those that open nothing. */
    const struct candidate_reach *reaches;
    size_t reach_count;
    const bool *hangs; /* per node: loose, in no stretch, but bounds may hold it */
};

/*
 * Gives each node of a candidate its incident and its reason, marks those that opened it, and sets
 * `candidate` of its root. Looks at the nodes and settings of `grouping`. `ret_trace` may be NULL.
 */
void candidates_find(struct arena *arena, const struct candidate_rules *rules,
                     const struct phrase_rules *phrases, const struct background *background,
                     const struct people_known *people, struct grouping *grouping,
                     struct candidate_trace *ret_trace);

/* What the incident says of itself that the candidate opened. */
void candidate_head(const struct candidate *candidate, struct incident *incident);

#endif
