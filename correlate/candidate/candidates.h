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

/*
 * Gives each node of a candidate its incident and its reason, marks those that opened it, and sets
 * `candidate` of its root.
 */
void candidates_find(struct arena *arena, const struct candidate_rules *rules,
                     const struct phrase_rules *phrases, const struct background *background,
                     const struct people_known *people, struct grouping *grouping);

/* What the incident says of itself that the candidate opened. */
void candidate_head(const struct candidate *candidate, struct incident *incident);

#endif
