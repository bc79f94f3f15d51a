/*
 * Which delivery of an occurrence counts: a rule of content, never of arrival. Called by
 * correlate_run() first.
 */
#include "correlate/run.h"

#include <stdlib.h>

static int
cmp_int64(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

int
coordinates_cmp(const struct observation *a, const struct observation *b)
{
    int order = sv_cmp(a->topic, b->topic);
    if (order == 0)
        order = cmp_int64(a->incarnation, b->incarnation);
    if (order == 0)
        order = cmp_int64(a->partition, b->partition);
    if (order == 0)
        order = cmp_int64(a->at.offset, b->at.offset);
    return order != 0 ? order : cmp_int64(a->at.index, b->at.index);
}

int
evidence_cmp(const struct observation *a, const struct observation *b)
{
    int order = memcmp(a->sha256.bytes, b->sha256.bytes, SHA256_BYTES);
    return order != 0 ? order : coordinates_cmp(a, b);
}

static int
winner_order(const void *left, const void *right)
{
    const struct observation *a = *(const struct observation *const *)left;
    const struct observation *b = *(const struct observation *const *)right;
    int order = memcmp(a->event.uid, b->event.uid, UID_BYTES);
    if (order == 0)
        order = cmp_int64(b->event.version, a->event.version);
    return order != 0 ? order : evidence_cmp(a, b);
}

const struct observation **
dedup(struct arena *arena, const struct correlation_input *input, size_t *ret_count)
{
    const struct observation **kept =
        ARENA_ARRAY(arena, const struct observation *, input->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < input->count; i++)
        kept[i] = &input->observations[i];
    if (input->count > 1)
        qsort(kept, input->count, sizeof(*kept), winner_order);
    for (size_t i = 0; i < input->count; i++)
        if (count == 0 || memcmp(kept[count - 1]->event.uid, kept[i]->event.uid, UID_BYTES) != 0)
            kept[count++] = kept[i];
    *ret_count = count;
    return kept;
}
