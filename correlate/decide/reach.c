/*
 * What must be decided together: see reach.h. Decisions that name the same place are one set;
 * those sets that are touched give the part.
 */
#include "correlate/decide/reach.h"

#include <stdlib.h>
#include <string.h>

struct tie {
    struct sv place;
    size_t decision;
};

struct reaching {
    struct arena *arena;
    const struct reach_input *input;
    const struct deciding *deciding;
    struct tie *ties; /* by place, once asked for */
    size_t count;
    size_t *set;   /* per decision: another one of its set; itself: it stands for the set */
    bool *there;   /* per decision: something that it names is there now */
    bool *touched; /* per decision that stands for a set */
};

static size_t
set_of(const struct reaching *reaching, size_t decision)
{
    size_t *set = reaching->set;
    while (set[decision] != decision) {
        set[decision] = set[set[decision]];
        decision = set[decision];
    }
    return decision;
}

static void
unite(const struct reaching *reaching, size_t a, size_t b)
{
    size_t one = set_of(reaching, a), other = set_of(reaching, b);
    if (one < other)
        reaching->set[other] = one;
    else
        reaching->set[one] = other;
}

static bool
follows(const struct reaching *reaching, enum reach_rule rule)
{
    return (reaching->input->rules & rule) != 0;
}

/* ------------------------------------------------------------------ what is named */

/* Whose names a decision has; of an undo those of what it takes back in the end. */
static const struct deciding_one *
named_by(const struct reaching *reaching, size_t i)
{
    const struct deciding_one *one = &reaching->deciding->all[i];
    return follows(reaching, REACH_UNDONE) || one->about == one ? one->about : NULL;
}

static int
ask(struct reaching *reaching, const struct reach_lookup *lookup, size_t decision,
    const struct decision_row *row, struct err *err)
{
    struct sv place = SV_NONE;
    if (lookup->place(lookup->context, reaching->arena, row, &place, err) != 0)
        return -1;
    if (sv_empty(place))
        return 0;
    reaching->ties[reaching->count++] = (struct tie){place, decision};
    if (lookup == &reaching->input->now)
        reaching->there[decision] = true;
    return 0;
}

static int
ask_all(struct reaching *reaching, const struct reach_lookup *lookup, struct err *err)
{
    for (size_t i = 0; i < reaching->deciding->count; i++) {
        const struct deciding_one *one = &reaching->deciding->all[i];
        const struct decision *decision = &one->decision;
        const struct decision_row incident = {.event = decision->incident, .time_ns = TIME_NONE};
        const struct decision_row other = {.event = decision->target, .time_ns = TIME_NONE};
        if (one->about != one)
            continue;
        if (!sv_empty(incident.event) && ask(reaching, lookup, i, &incident, err) != 0)
            return -1;
        if (decision->verb == DECISION_MERGE && ask(reaching, lookup, i, &other, err) != 0)
            return -1;
        for (size_t k = 0; k < decision->row_count; k++)
            if (ask(reaching, lookup, i, &decision->rows[k], err) != 0)
                return -1;
    }
    return 0;
}

static size_t
count_names(const struct deciding *deciding)
{
    size_t names = 0;
    for (size_t i = 0; i < deciding->count; i++)
        names += 2 + deciding->all[i].decision.row_count;
    return names;
}

static int
tie_order(const void *left, const void *right)
{
    const struct tie *a = left, *b = right;
    int order = sv_cmp(a->place, b->place);
    return order != 0 ? order : a->decision < b->decision ? -1 : a->decision > b->decision;
}

static int
find_ties(struct reaching *reaching, struct err *err)
{
    const struct reach_input *input = reaching->input;
    reaching->ties =
        ARENA_ARRAY(reaching->arena, struct tie, 2 * count_names(reaching->deciding) + 1);
    if (ask_all(reaching, &input->now, err) != 0)
        return -1;
    if (input->was.place != NULL && follows(reaching, REACH_WAS) &&
        ask_all(reaching, &input->was, err) != 0)
        return -1;
    if (reaching->count > 1)
        qsort(reaching->ties, reaching->count, sizeof(struct tie), tie_order);
    return 0;
}

/* Undos are of the set of what they take back. */
static void
make_sets(struct reaching *reaching)
{
    const struct deciding *deciding = reaching->deciding;
    for (size_t i = 0; i < deciding->count; i++) {
        const struct deciding_one *about = named_by(reaching, i);
        if (about != NULL)
            unite(reaching, i, (size_t)(about - deciding->all));
        if (about != NULL && reaching->there[about - deciding->all])
            reaching->there[i] = true;
    }
    for (size_t i = 1; i < reaching->count && follows(reaching, REACH_NOW); i++)
        if (sv_eq(reaching->ties[i].place, reaching->ties[i - 1].place))
            unite(reaching, reaching->ties[i].decision, reaching->ties[i - 1].decision);
}

/* ------------------------------------------------------------------ what is touched */

static void
touch_place(struct reaching *reaching, struct sv place)
{
    const struct tie wanted = {place, 0};
    size_t low = 0, high = reaching->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tie_order(&reaching->ties[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < reaching->count && sv_eq(reaching->ties[low].place, place); low++)
        reaching->touched[set_of(reaching, reaching->ties[low].decision)] = true;
}

static int
text_order(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

static void
touch_all(struct reaching *reaching)
{
    const struct reach_input *input = reaching->input;
    struct sv *fresh = ARENA_ARRAY(reaching->arena, struct sv, input->fresh_count + 1);
    for (size_t i = 0; i < input->touched_count; i++)
        touch_place(reaching, input->touched[i]);
    if (input->fresh_count > 0)
        memcpy(fresh, input->fresh, input->fresh_count * sizeof(*fresh));
    if (input->fresh_count > 1)
        qsort(fresh, input->fresh_count, sizeof(*fresh), text_order);
    for (size_t i = 0; i < reaching->deciding->count && follows(reaching, REACH_NEW); i++)
        if (bsearch(&reaching->deciding->all[i].decision.id, fresh, input->fresh_count,
                    sizeof(*fresh), text_order) != NULL)
            reaching->touched[set_of(reaching, i)] = true;
}

static void
take(const struct reaching *reaching, struct reach *ret_reach)
{
    const struct reach_input *input = reaching->input;
    struct sv *places =
        ARENA_ARRAY(reaching->arena, struct sv, input->touched_count + reaching->count + 1);
    bool *decides = ARENA_ARRAY(reaching->arena, bool, reaching->deciding->count + 1);
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < input->touched_count; i++)
        places[count++] = input->touched[i];
    for (size_t i = 0; i < reaching->count; i++)
        if (reaching->touched[set_of(reaching, reaching->ties[i].decision)])
            places[count++] = reaching->ties[i].place;
    if (count > 1)
        qsort(places, count, sizeof(*places), text_order);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !sv_eq(places[kept - 1], places[i]))
            places[kept++] = places[i];
    for (size_t i = 0; i < reaching->deciding->count; i++)
        decides[i] = !reaching->there[i] || reaching->touched[set_of(reaching, i)];
    *ret_reach = (struct reach){.places = places, .count = kept, .decides = decides};
}

int
decide_reach(struct arena *arena, const struct reach_input *input, struct reach *ret_reach,
             struct err *err)
{
    size_t count = input->deciding->count;
    struct reaching reaching = {.arena = arena,
                                .input = input,
                                .deciding = input->deciding,
                                .set = ARENA_ARRAY(arena, size_t, count + 1),
                                .there = ARENA_ARRAY(arena, bool, count + 1),
                                .touched = ARENA_ARRAY(arena, bool, count + 1)};
    for (size_t i = 0; i < count; i++)
        reaching.set[i] = i;
    if (find_ties(&reaching, err) != 0)
        return -1;
    make_sets(&reaching);
    touch_all(&reaching);
    take(&reaching, ret_reach);
    return 0;
}

void
deciding_of_part(const struct deciding *deciding, const bool *decides,
                 struct deciding *ret_deciding)
{
    struct deciding part = {.arena = deciding->arena};
    size_t *places = ARENA_ARRAY(deciding->arena, size_t, deciding->count + 1);
    part.all = ARENA_ARRAY(deciding->arena, struct deciding_one, deciding->count + 1);
    for (size_t i = 0; i < deciding->count; i++) {
        places[i] = part.count;
        if (decides[i])
            part.all[part.count++] = deciding->all[i];
    }
    for (size_t i = 0; i < part.count; i++)
        if (part.all[i].about != NULL)
            part.all[i].about = &part.all[places[part.all[i].about - deciding->all]];
    *ret_deciding = part;
}
