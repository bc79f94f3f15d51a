/*
 * Names of people, word by word, and whose name stands in a text: found by search, however many
 * people there are. Memory is the arena's; one thread.
 */
#ifndef CORRELATE_STORY_SPELLINGS_H
#define CORRELATE_STORY_SPELLINGS_H

#include "base/arena.h"
#include "correlate/story/phrases.h"

#define NOBODY SIZE_MAX /* no person */

struct spelling {
    struct words words;
    size_t person; /* the caller's own number of whom they name */
};

struct spellings {
    struct arena *arena;
    struct spelling *names, *alone; /* in order, once sorted; alone: each word of a name */
    size_t count, alone_count;
    size_t longest; /* words of a name */
};

/* Room for `most` names; then added, then sorted. */
void spellings_init(struct spellings *spellings, struct arena *arena, size_t most);
void spellings_add(struct spellings *spellings, struct sv name, size_t person);
void spellings_sort(struct spellings *spellings);
/*
 * Whose name stands there: all of a spelling, the longest; else a word that one person alone has.
 * NOBODY: none, or that of several. *ret_end: behind it.
 */
size_t
spellings_at(const struct spellings *spellings, struct words words, size_t at, size_t *ret_end);

#endif
