/*
 * Merges of branches that talk names, by whose branch it was and by its words: of a commit it is
 * asked whether one of them brought it in. Private to correlate/story/; memory is the arena's.
 */
#ifndef CORRELATE_STORY_MERGES_H
#define CORRELATE_STORY_MERGES_H

#include "correlate/story/rows.h"

#define MERGE_WORDS_LEAST 2 /* that a commit has in common with the branch */

struct merge_owner {
    struct sv name;
    struct counter words; /* of each word of a branch: its last merge, place + 1 */
};

/* A merge in the list of one word of its branch. */
struct merge_link {
    const struct row *merge;
    struct sv branch;
    size_t before; /* the one before it with this word, place + 1; 0: none */
    size_t length; /* of the list up to here */
};

struct merges {
    struct arena *arena;
    struct merge_owner *owners;
    size_t owner_count, owner_size;
    struct counter owner_places; /* place + 1 */
    struct merge_link *links;
    size_t link_count, link_size;
    struct counter actors; /* place + 1 of the first of its owners in `same` */
    size_t *same;          /* owners that an actor may be, SIZE_MAX at the end */
    size_t same_count, same_size;
};

void merges_init(struct merges *merges, struct arena *arena);
/* In order of time; a row that is no merge of a branch is not taken. */
void merges_add(struct merges *merges, const struct row *row);
/* True if the change is of a branch that one of the merges, not earlier than it, brought in. */
bool merges_have(struct merges *merges, const struct row *row);

#endif
