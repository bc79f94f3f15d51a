/*
 * What chains.c finds and chain_told.c tells: the links of one change, in the order of their rows.
 * Lives in the story's arenas.
 */
#ifndef CORRELATE_CHAINS_H
#define CORRELATE_CHAINS_H

#include "correlate/run.h"
#include "correlate/story/change_names.h"

struct chain_link {
    struct row *row;
    struct change_names names;
    size_t up;          /* a link of the same chain before it, or itself */
    bool merged;        /* a merge has brought this commit in */
    struct sv deployed; /* of a root: the service that its chain deploys; absent: none yet */
};

/* Makes a chain of these links (one or more) and gives its rows what it says of them. */
void chain_tell(struct story *story, const struct chain_link *const *links, size_t count);

#endif
