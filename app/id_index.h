/*
 * Places by id, or by the beginning of one. Memory is the arena's; any thread.
 */
#ifndef APP_ID_INDEX_H
#define APP_ID_INDEX_H

#include "base/arena.h"

struct id_place {
    struct sv id;
    size_t place;
};

struct id_index {
    struct id_place *at; /* in order of id, once sorted */
    size_t count;
};

/* Room for `most` ids; then added, then sorted. */
void id_index_init(struct id_index *index, struct arena *arena, size_t most);
void id_index_add(struct id_index *index, struct sv id, size_t place);
void id_index_sort(struct id_index *index);
/* The place of the first id that begins so, or SIZE_MAX. */
size_t id_index_find(const struct id_index *index, struct sv beginning);

#endif
