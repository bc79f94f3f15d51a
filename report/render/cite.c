/*
 * Lengths of cited ids: see cite.h.
 */
#include "report/render/cite.h"

#include <stdlib.h>

#include "base/memory.h"

static int
compare_ids(const void *a, const void *b)
{
    return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

size_t
cite_length(const struct incident *incident)
{
    size_t length = CITE_MIN, count = incident->entry_count;
    struct sv *ids = memory_calloc(count, sizeof(*ids));
    for (size_t i = 0; i < count; i++)
        ids[i] = incident->entries[i].entry_id;
    qsort(ids, count, sizeof(*ids), compare_ids);
    for (size_t i = 1; i < count; i++)
        while (length < ids[i].len &&
               sv_eq(sv_slice(ids[i], 0, length), sv_slice(ids[i - 1], 0, length)))
            length++;
    free(ids);
    return length;
}
