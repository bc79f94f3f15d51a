/*
 * Places by id: see id_index.h.
 */
#include "app/id_index.h"

#include <stdint.h>
#include <stdlib.h>

void
id_index_init(struct id_index *index, struct arena *arena, size_t most)
{
    *index = (struct id_index){.at = ARENA_ARRAY(arena, struct id_place, most + 1)};
}

void
id_index_add(struct id_index *index, struct sv id, size_t place)
{
    index->at[index->count++] = (struct id_place){id, place};
}

static int
by_id(const void *left, const void *right)
{
    const struct id_place *a = left, *b = right;
    int order = sv_cmp(a->id, b->id);
    return order != 0 ? order : a->place < b->place ? -1 : a->place > b->place;
}

void
id_index_sort(struct id_index *index)
{
    if (index->count > 1)
        qsort(index->at, index->count, sizeof(*index->at), by_id);
}

size_t
id_index_find(const struct id_index *index, struct sv beginning)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(index->at[middle].id, beginning) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < index->count && sv_starts(index->at[low].id, beginning) ? index->at[low].place
                                                                         : SIZE_MAX;
}
