/*
 * Comparing two correlations: see whatif.h. Incidents that share a record, directly or through
 * others, are one family; what becomes of it follows from how many are in it before and after.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "report/whatif/whatif.h"

/* A record and the incident that holds it: those of now come first. */
struct holding {
    struct sv uid;
    size_t incident;
};

struct comparing {
    struct arena *arena;
    const struct incident **incidents; /* raised ones of now, then of what would be */
    size_t now_count, count;
    size_t *family; /* of each, its smallest member */
};

static int
by_uid(const void *left, const void *right)
{
    const struct holding *a = left, *b = right;
    int order = sv_cmp(a->uid, b->uid);
    return order != 0 ? order : (a->incident > b->incident) - (a->incident < b->incident);
}

static size_t
root_of(const struct comparing *comparing, size_t at)
{
    while (comparing->family[at] != at) {
        comparing->family[at] = comparing->family[comparing->family[at]];
        at = comparing->family[at];
    }
    return at;
}

static void
join(const struct comparing *comparing, size_t a, size_t b)
{
    a = root_of(comparing, a);
    b = root_of(comparing, b);
    if (a < b)
        comparing->family[b] = a;
    else
        comparing->family[a] = b;
}

static void
take(struct comparing *comparing, const struct correlation *correlation, int64_t since_ns)
{
    for (size_t i = 0; i < correlation->incident_count; i++) {
        const struct incident *incident = &correlation->incidents[i];
        if (incident->raised && (since_ns == TIME_NONE || incident->last_ns >= since_ns))
            comparing->incidents[comparing->count++] = incident;
    }
}

static void
find_families(struct comparing *comparing)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < comparing->count; i++) {
        comparing->family[i] = i;
        total += comparing->incidents[i]->member_count;
    }
    struct holding *holdings = ARENA_ARRAY(comparing->arena, struct holding, total + 1);
    for (size_t i = 0; i < comparing->count; i++)
        for (size_t k = 0; k < comparing->incidents[i]->member_count; k++)
            holdings[count++] = (struct holding){comparing->incidents[i]->member_uids[k], i};
    if (count > 1)
        qsort(holdings, count, sizeof(*holdings), by_uid);
    for (size_t i = 1; i < count; i++)
        if (sv_eq(holdings[i].uid, holdings[i - 1].uid))
            join(comparing, holdings[i].incident, holdings[i - 1].incident);
}

/* ---- entries of one that stays one ---- */

static int
by_id(const void *left, const void *right)
{
    const struct entry *const *a = left, *const *b = right;
    return sv_cmp((*a)->entry_id, (*b)->entry_id);
}

static const struct entry **
sorted(struct arena *arena, const struct incident *incident)
{
    const struct entry **entries =
        ARENA_ARRAY(arena, const struct entry *, incident->entry_count + 1);
    for (size_t i = 0; i < incident->entry_count; i++)
        entries[i] = &incident->entries[i];
    if (incident->entry_count > 1)
        qsort(entries, incident->entry_count, sizeof(const struct entry *), by_id);
    return entries;
}

static int
by_place(const void *left, const void *right)
{
    const struct significance_change *a = left, *b = right;
    return (a->to > b->to) - (a->to < b->to); /* of one array */
}

static void
compare_entries(struct arena *arena, struct incident_fate *fate)
{
    const struct incident *from = fate->from[0], *to = fate->to[0];
    const struct entry **olds = sorted(arena, from), **news = sorted(arena, to);
    struct significance_change *changes =
        ARENA_ARRAY(arena, struct significance_change, to->entry_count + 1);
    for (size_t a = 0, b = 0; a < from->entry_count || b < to->entry_count;) {
        int order = a == from->entry_count ? 1
                    : b == to->entry_count ? -1
                                           : sv_cmp(olds[a]->entry_id, news[b]->entry_id);
        fate->went += order < 0;
        fate->came += order > 0;
        if (order == 0 && olds[a]->significance != news[b]->significance)
            changes[fate->change_count++] = (struct significance_change){olds[a], news[b]};
        a += order <= 0;
        b += order >= 0;
    }
    if (fate->change_count > 1)
        qsort(changes, fate->change_count, sizeof(*changes), by_place);
    fate->changes = changes;
    if (fate->came + fate->went + fate->change_count > 0)
        fate->fate = FATE_CHANGED;
}

/* ---- fates ---- */

static void
decide(struct arena *arena, struct incident_fate *fate)
{
    if (fate->from_count == 0)
        fate->fate = FATE_GAINED;
    else if (fate->to_count == 0)
        fate->fate = FATE_LOST;
    else if (fate->to_count > 1)
        fate->fate = FATE_SPLIT;
    else if (fate->from_count > 1)
        fate->fate = FATE_MERGED;
    else
        compare_entries(arena, fate);
}

static int
by_key(const void *left, const void *right)
{
    const struct incident_fate *a = left, *b = right;
    const struct incident *x = a->from_count > 0 ? a->from[0] : a->to[0];
    const struct incident *y = b->from_count > 0 ? b->from[0] : b->to[0];
    int order = sv_cmp(x->incident_key, y->incident_key);
    return order != 0 ? order : (a->fate > b->fate) - (a->fate < b->fate);
}

void
what_if_compare(struct arena *arena, const struct correlation *now, const struct correlation *then,
                int64_t since_ns, struct what_if *ret_what_if)
{
    struct comparing comparing = {.arena = arena};
    size_t room = now->incident_count + then->incident_count + 1;
    struct what_if found = {.count = 0};
    comparing.incidents = ARENA_ARRAY(arena, const struct incident *, room);
    comparing.family = ARENA_ARRAY(arena, size_t, room);
    take(&comparing, now, since_ns);
    comparing.now_count = comparing.count;
    take(&comparing, then, since_ns);
    find_families(&comparing);
    struct incident_fate *fates = ARENA_ARRAY(arena, struct incident_fate, room);
    size_t *of_root = ARENA_ARRAY(arena, size_t, room);
    const struct incident ***lists = ARENA_ARRAY(arena, const struct incident **, 2 * room);
    size_t *sizes = ARENA_ARRAY(arena, size_t, 2 * room);
    for (size_t i = 0; i < comparing.count; i++)
        sizes[2 * root_of(&comparing, i) + (i >= comparing.now_count)]++;
    for (size_t i = 0; i < comparing.count; i++)
        if (root_of(&comparing, i) == i) {
            of_root[i] = found.count;
            for (size_t side = 0; side < 2; side++)
                lists[2 * found.count + side] =
                    ARENA_ARRAY(arena, const struct incident *, sizes[2 * i + side] + 1);
            fates[found.count].from = lists[2 * found.count];
            fates[found.count].to = lists[2 * found.count + 1];
            found.count++;
        }
    for (size_t i = 0; i < comparing.count; i++) {
        struct incident_fate *fate = &fates[of_root[root_of(&comparing, i)]];
        size_t place = of_root[root_of(&comparing, i)];
        if (i < comparing.now_count)
            lists[2 * place][fate->from_count++] = comparing.incidents[i];
        else
            lists[2 * place + 1][fate->to_count++] = comparing.incidents[i];
    }
    for (size_t i = 0; i < found.count; i++) {
        decide(arena, &fates[i]);
        found.counts[fates[i].fate]++;
    }
    if (found.count > 1)
        qsort(fates, found.count, sizeof(*fates), by_key);
    found.fates = fates;
    *ret_what_if = found;
}
