/*
 * Versions that changes name: finds a change that sets something back to an earlier version, as
 * "deploy checkout 1.41.1" soon after "deploy checkout 1.41.2". Pure; memory is the arena's.
 */
#ifndef CORRELATE_VERSIONS_H
#define CORRELATE_VERSIONS_H

#include "correlate/story/rows.h"

struct versions {
    struct arena *arena;
    struct named_version {
        const struct row *row;
        size_t node;
        struct sv version; /* "1.35.0-wmf.16" */
    } * at;                /* by source and time */
    size_t count;
};

void versions_init(struct arena *arena, size_t most, struct versions *ret_versions);
/* A change that names no version is left out. */
void versions_add(struct versions *versions, const struct row *row, size_t node);
void versions_sort(struct versions *versions);

/*
 * The node of the change before this one that set a later version of the same, and its row; NO_NODE
 * where there is none within what is read (reads.def). The same is: of one source and service, a
 * version of the same form, two thirds of the words.
 */
size_t versions_set_back(const struct versions *versions, const struct row *row,
                         const struct row **ret_later);

#endif
