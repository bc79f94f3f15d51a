/*
 * The order of decisions, and which are undone: see decide.h. Called by correlate_run() first.
 */
#include "correlate/decide/decide.h"

#include <stdlib.h>
#include <string.h>

/* Decisions of a scope while it is found out which are undone; by place, as in `all`. */
struct undoing {
    struct deciding *deciding;
    struct deciding_one **by_id;
    size_t *target;  /* what an undo takes back; NO_NODE: it is not there */
    size_t *waiting; /* how many undos of it are not settled yet */
    size_t *by;      /* the last undo that counts; NO_NODE: none */
    size_t *settled; /* undos before what they take back */
    size_t settled_count;
};

static int
by_id(const void *left, const void *right)
{
    const struct deciding_one *const *a = left, *const *b = right;
    return sv_cmp((*a)->decision.id, (*b)->decision.id);
}

static size_t
place_of(const struct undoing *undoing, struct sv id)
{
    size_t count = undoing->deciding->count;
    struct deciding_one wanted = {.decision = {.id = id}}, *key = &wanted, **found;
    found = bsearch(&key, undoing->by_id, count, sizeof(*undoing->by_id), by_id);
    return found == NULL ? NO_NODE : (size_t)(*found - undoing->deciding->all);
}

static void
find_targets(struct undoing *undoing, struct arena *arena)
{
    struct deciding *deciding = undoing->deciding;
    size_t count = deciding->count;
    undoing->by_id = ARENA_ARRAY(arena, struct deciding_one *, count + 1);
    undoing->target = ARENA_ARRAY(arena, size_t, count + 1);
    undoing->waiting = ARENA_ARRAY(arena, size_t, count + 1);
    undoing->by = ARENA_ARRAY(arena, size_t, count + 1);
    undoing->settled = ARENA_ARRAY(arena, size_t, count + 1);
    for (size_t i = 0; i < count; i++)
        undoing->by_id[i] = &deciding->all[i];
    if (count > 1)
        qsort(undoing->by_id, count, sizeof(*undoing->by_id), by_id);
    for (size_t i = 0; i < count; i++) {
        const struct decision *decision = &deciding->all[i].decision;
        bool undo = decision->verb == DECISION_UNDO;
        undoing->by[i] = NO_NODE;
        undoing->target[i] = undo ? place_of(undoing, decision->target) : NO_NODE;
        if (undoing->target[i] != NO_NODE)
            undoing->waiting[undoing->target[i]]++;
    }
}

/* Each is settled once all undos of it are: then it is known whether it counts. */
static void
settle(struct undoing *undoing)
{
    for (size_t i = 0; i < undoing->deciding->count; i++)
        if (undoing->waiting[i] == 0)
            undoing->settled[undoing->settled_count++] = i;
    for (size_t i = 0; i < undoing->settled_count; i++) {
        size_t at = undoing->settled[i], target = undoing->target[at];
        if (target == NO_NODE)
            continue;
        bool counts = undoing->by[at] == NO_NODE;
        if (counts && (undoing->by[target] == NO_NODE || undoing->by[target] < at))
            undoing->by[target] = at;
        if (--undoing->waiting[target] == 0)
            undoing->settled[undoing->settled_count++] = target;
    }
}

/*
 * A decision may be undone, and so may that. An undo names what it takes back by the hash of its
 * content, so none leads back to itself, and it counts whatever the clocks of people say. Of
 * several undos the last is told.
 */
static void
find_undone(struct deciding *deciding, struct arena *arena)
{
    struct undoing undoing = {.deciding = deciding};
    if (deciding->count == 0)
        return;
    find_targets(&undoing, arena);
    settle(&undoing);
    for (size_t i = undoing.settled_count; i-- > 0;) {
        size_t at = undoing.settled[i], target = undoing.target[at];
        struct deciding_one *one = &deciding->all[at];
        if (one->decision.verb != DECISION_UNDO)
            one->about = one;
        else if (target != NO_NODE)
            one->about = deciding->all[target].about;
        if (undoing.by[at] != NO_NODE)
            one->undone_by = deciding->all[undoing.by[at]].decision.id;
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
    find_undone(&deciding, arena);
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
