/*
 * Questions that all of a merge asks: what is as it was, what is there already. See merging.h.
 */
#include "report/merge/merging.h"

bool
merge_untouched(const struct merging *merging, size_t b, size_t e)
{
    if (merging->b.units[b].kind == UNIT_NOTE) /* whatever its number is */
        return sv_eq(merging->b.shapes[b].plain, merging->e.shapes[e].plain);
    return shape_untouched(&merging->b.shapes[b], &merging->e.shapes[e]) ||
           (merging->b.units[b].kind == UNIT_ROW && merging->e.units[e].kind == UNIT_ROW &&
            cells_untouched(merging, e, &merging->b, b));
}

size_t
merge_find(const struct merging *merging, struct sv text)
{
    struct units units;
    units_of(text, merging->arena, &units);
    const struct shape *shapes = shapes_of(&units, merging->arena);
    for (size_t e = 0; e < merging->e.count && units.count == 1; e++)
        if ((merging->e_to_b[e] == UNIT_NONE || merging->e_to_b[e] >= merging->b_count) &&
            !merging->taken[e] && sv_eq(merging->e.shapes[e].words, shapes[0].words)) {
            merging->taken[e] = true;
            return e;
        }
    return UNIT_NONE;
}

bool
merge_same_records(const struct merging *merging, size_t b, size_t n)
{
    return sv_eq(merging->b.shapes[b].plain, merging->n.shapes[n].plain);
}
