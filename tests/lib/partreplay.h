/*
 * Worlds of partworld.h against a real PostgreSQL: what comes is correlated by the groups that are
 * kept; after each batch the tables are those that the whole leaves (which, saved afterwards,
 * writes no row), whether the step was taken in a part or had to be taken whole. What the store
 * tells is told out of the world.
 */
#ifndef TESTS_LIB_PARTREPLAY_H
#define TESTS_LIB_PARTREPLAY_H

#include "correlate/stored/advance.h"
#include "tests/lib/partworld.h"

struct partreplay {
    struct store *store; /* of the role hindcast_correlate, after casetables_stream() */
    bool tells;          /* why steps are taken whole */
    size_t parts, wholes;
    size_t decided_parts, decided_wholes; /* those of them that brought decisions */
};

/*
 * With these rules of advance.h. NULL: all is as the whole leaves it; else what is not, and
 * `ret_step` is the batch, from 1.
 */
const char *partreplay_run(struct partreplay *replay, const struct partworld *world, unsigned rules,
                           size_t *ret_step);

#endif
