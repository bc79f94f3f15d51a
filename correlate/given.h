/*
 * Given incidents from their records: what a store hands over that knows which node each record is
 * in becomes the nodes and the context that tell.h asks for. Nothing is grouped again: how records
 * became nodes depends on others that are not here, so it is told, not computed. Pure; memory is
 * the arena's, which must outlive the result, as must all that is handed in.
 */
#ifndef CORRELATE_GIVEN_H
#define CORRELATE_GIVEN_H

#include "correlate/tell.h"

/* A node as grouping left it. */
struct given_node {
    int64_t first_ms; /* with source and uid of its first record: its id */
    struct sv source, uid;
    int64_t last_ms; /* of its last record */
    size_t incident; /* place in the list of the node that names it; NO_NODE: of the context */
    bool told;       /* though it belongs to no incident */
    bool familiar;   /* as in struct work_node, like all below */
    enum quiet quiet;
    const struct candidate *candidate;
    struct sv reason;
};

struct given {
    struct sv scope;
    /* In order of id: of incidents all members, of the context those of changes. */
    const struct given_node *nodes;
    size_t node_count;
    /*
     * All deliveries of all records of these nodes, and of log lines what the background needs: of
     * the source and service of each line that is a member what reads.def says of SOURCE and SHAPE.
     * Of the tables of users, all deliveries that tell of an account which members name, or of one
     * of a group that they name.
     * In any order; more do no harm.
     */
    const struct observation *observations;
    size_t count;
    /*
     * Log lines as the background, in any order, each once; NULL: those among the observations. Of
     * these source, fingerprint, time, severity and service are looked at.
     */
    const struct work_record *lines;
    size_t line_count;
    const struct declaration *declarations; /* those that are members */
    size_t declaration_count;
    const int64_t *hours; /* see tell_input, like what follows */
    size_t hour_count;
    const struct rank_history *alerts;
    struct deciding *deciding;
};

/* NOT_FOUND: the first record of a node is not among the observations. */
int given_input(struct arena *arena, const struct teller *teller, const struct given *given,
                struct tell_input *ret_input, struct err *err) MUST_CHECK;

#endif
