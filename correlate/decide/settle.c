/*
 * The order of decisions, and which are undone: see decide.h. Called by correlate_run() first.
 */
#include "correlate/decide/decide.h"

#include <stdlib.h>
#include <string.h>

/* A decision may be undone, and so may that: from the last to the first, each is known to count. */
static void
find_undone(struct deciding *deciding)
{
    for (size_t i = deciding->count; i-- > 0;) {
        const struct deciding_one *one = &deciding->all[i];
        if (one->decision.verb != DECISION_UNDO || !sv_empty(one->undone_by))
            continue;
        for (size_t k = 0; k < deciding->count; k++) {
            struct deciding_one *other = &deciding->all[k];
            bool later_undo = other->decision.verb == DECISION_UNDO && k >= i;
            if (!later_undo && sv_empty(other->undone_by) &&
                sv_eq(other->decision.id, one->decision.target))
                other->undone_by = one->decision.id;
        }
    }
}

void
deciding_init(struct arena *arena, const struct decision *decisions, size_t count,
              struct deciding *ret_deciding)
{
    struct deciding deciding = {.arena = arena};
    struct decision *sorted = ARENA_ARRAY(arena, struct decision, count + 1);
    if (count > 0)
        memcpy(sorted, decisions, count * sizeof(*sorted));
    if (count > 1)
        qsort(sorted, count, sizeof(*sorted), decision_order);
    deciding.all = ARENA_ARRAY(arena, struct deciding_one, count + 1);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !sv_eq(sorted[i].id, sorted[i - 1].id))
            deciding.all[deciding.count++] = (struct deciding_one){
                .decision = sorted[i], .incident_node = NO_NODE, .other_node = NO_NODE};
    find_undone(&deciding);
    *ret_deciding = deciding;
}

bool
deciding_undeclared(const struct deciding *deciding, struct sv declaration)
{
    for (size_t i = 0; i < deciding->count; i++) {
        const struct deciding_one *one = &deciding->all[i];
        if (one->decision.verb == DECISION_UNDECLARE && sv_empty(one->undone_by) &&
            sv_eq(one->decision.target, declaration))
            return true;
    }
    return false;
}

const struct deciding_one *
deciding_with(const struct deciding *deciding, struct sv id)
{
    for (size_t i = 0; i < deciding->count; i++)
        if (sv_eq(deciding->all[i].decision.id, id))
            return &deciding->all[i];
    return NULL;
}
