/*
 * Aligning units: see align.h. What is the same is found as a longest common subsequence (Hunt and
 * Szymanski 1977, over hashes), then what is left as moves, then by likeness, best first.
 */
#include "report/merge/align.h"

#include <stdlib.h>

#include "base/memory.h"

struct run {
    const struct side *a, *b;
    enum align_by by;
    size_t *to_b, *to_a;
    bool *in_order; /* of a: in the common subsequence */
};

static uint64_t
hash_of(const struct run *run, const struct shape *shape)
{
    return run->by == ALIGN_TEXTS ? shape->loose_hash : shape->plain_hash;
}

static void
pair(struct run *run, size_t a, size_t b)
{
    run->to_b[a] = b;
    run->to_a[b] = a;
}

/* ------------------------------------------------------------ places by hash */

struct place {
    uint64_t hash;
    size_t at;
};

static int
compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Of what is looked for anywhere: a generated text does not move blocks to other sections. */
static uint64_t
far_hash_of(const struct run *run, const struct shape *shape, bool ids)
{
    if (ids)
        return shape->id;
    return run->by == ALIGN_TEXTS ? shape->loose_hash : shape->plain_hash ^ shape->section;
}

/* Places of `b` by the hash that is looked for in order, or by the one that is anywhere. */
static struct place *
places_of(const struct run *run, bool far, bool ids)
{
    struct place *places = memory_calloc(run->b->count, sizeof(*places));
    for (size_t i = 0; i < run->b->count; i++)
        places[i] = (struct place){
            far ? far_hash_of(run, &run->b->shapes[i], ids) : hash_of(run, &run->b->shapes[i]), i};
    if (run->b->count > 1)
        qsort(places, run->b->count, sizeof(*places), compare_places);
    return places;
}

static size_t
first_place(const struct place *places, size_t count, uint64_t hash)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (places[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---------------------------------------------------------- what is the same */

/* A pair at the end of a common subsequence, and the pair before it. */
struct link {
    size_t a, b, before;
};

struct sequence {
    struct link *links;
    size_t count, room;
    size_t *ends; /* by length - 1: the link whose b is smallest */
    size_t length;
};

static void
extend(struct sequence *sequence, size_t a, size_t b)
{
    size_t low = 0, high = sequence->length;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sequence->links[sequence->ends[middle]].b < b)
            low = middle + 1;
        else
            high = middle;
    }
    sequence->links = memory_grow(sequence->links, &sequence->room, sequence->count + 1,
                                  sizeof(*sequence->links));
    sequence->links[sequence->count] =
        (struct link){a, b, low == 0 ? UNIT_NONE : sequence->ends[low - 1]};
    sequence->ends[low] = sequence->count++;
    if (low == sequence->length)
        sequence->length++;
}

static void
pair_in_order(struct run *run, const struct place *places)
{
    struct sequence sequence = {.ends = memory_calloc(run->a->count, sizeof(size_t))};
    for (size_t i = 0; i < run->a->count; i++) {
        uint64_t hash = hash_of(run, &run->a->shapes[i]);
        size_t first = first_place(places, run->b->count, hash), last = first;
        while (last < run->b->count && places[last].hash == hash && last - first < ALIGN_SAME_MAX)
            last++;
        while (last > first) /* from behind, so that no place follows itself */
            extend(&sequence, i, places[--last].at);
    }
    size_t at = sequence.length == 0 ? UNIT_NONE : sequence.ends[sequence.length - 1];
    for (; at != UNIT_NONE; at = sequence.links[at].before)
        pair(run, sequence.links[at].a, sequence.links[at].b);
    free(sequence.ends);
    free(sequence.links);
}

/* The first that is left of a hash goes to the first that is left of it. */
static void
pair_left(struct run *run, const struct place *places, bool ids)
{
    for (size_t i = 0; i < run->a->count; i++) {
        uint64_t hash = far_hash_of(run, &run->a->shapes[i], ids);
        size_t at = first_place(places, run->b->count, hash), last = at + ALIGN_SAME_MAX;
        if (run->to_b[i] != UNIT_NONE)
            continue;
        while (at < run->b->count && at < last && places[at].hash == hash &&
               run->to_a[places[at].at] != UNIT_NONE)
            at++;
        if (at < run->b->count && at < last && places[at].hash == hash)
            pair(run, i, places[at].at);
    }
}

/* ---------------------------------------------------------------- likeness */

struct candidate {
    int likeness;
    size_t a, b;
};

struct candidates {
    struct candidate *at;
    size_t count, room;
};

static int
compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->likeness != y->likeness)
        return x->likeness > y->likeness ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static void
add_candidate(const struct run *run, struct candidates *candidates, size_t a, size_t b, int least)
{
    int likeness = shape_likeness(&run->a->shapes[a], &run->b->shapes[b]);
    if (run->to_a[b] != UNIT_NONE || likeness < least)
        return;
    candidates->at = memory_grow(candidates->at, &candidates->room, candidates->count + 1,
                                 sizeof(*candidates->at));
    candidates->at[candidates->count++] = (struct candidate){likeness, a, b};
}

static void
take_best(struct run *run, struct candidates *candidates)
{
    if (candidates->count > 1)
        qsort(candidates->at, candidates->count, sizeof(*candidates->at), compare_candidates);
    for (size_t i = 0; i < candidates->count; i++) {
        const struct candidate *best = &candidates->at[i];
        if (run->to_b[best->a] == UNIT_NONE && run->to_a[best->b] == UNIT_NONE)
            pair(run, best->a, best->b);
    }
    free(candidates->at);
}

/* Between the neighbours of a[i] that have a place in b; those that moved are no neighbours. */
static void
pair_between(struct run *run)
{
    struct candidates candidates = {0};
    size_t from = 0;
    for (size_t i = 0; i < run->a->count; i++) {
        size_t to = run->b->count;
        if (run->in_order[i])
            from = run->to_b[i] + 1;
        if (run->to_b[i] != UNIT_NONE)
            continue;
        for (size_t k = i + 1; k < run->a->count && to == run->b->count; k++)
            if (run->in_order[k])
                to = run->to_b[k];
        if (to > from + ALIGN_WINDOW)
            to = from + ALIGN_WINDOW;
        for (size_t k = from; k < to; k++)
            add_candidate(run, &candidates, i, k, ALIGN_LIKENESS);
    }
    take_best(run, &candidates);
}

static void
pair_far(struct run *run)
{
    struct candidates candidates = {0};
    size_t left = 0;
    for (size_t i = 0; i < run->a->count && left < ALIGN_WINDOW; i++) {
        size_t looked = 0;
        if (run->to_b[i] != UNIT_NONE)
            continue;
        left++;
        for (size_t k = 0; k < run->b->count && looked < ALIGN_WINDOW; k++)
            if (run->to_a[k] == UNIT_NONE &&
                (run->by == ALIGN_TEXTS ||
                 run->a->shapes[i].section == run->b->shapes[k].section)) {
                looked++;
                add_candidate(run, &candidates, i, k, ALIGN_FAR_LIKENESS);
            }
    }
    take_best(run, &candidates);
}

/* Of the pairs those that did not move: as many as are in one order. */
static void
find_order(struct run *run)
{
    struct sequence sequence = {.ends = memory_calloc(run->a->count, sizeof(size_t))};
    for (size_t i = 0; i < run->a->count; i++)
        if (run->to_b[i] != UNIT_NONE)
            extend(&sequence, i, run->to_b[i]);
    size_t at = sequence.length == 0 ? UNIT_NONE : sequence.ends[sequence.length - 1];
    for (; at != UNIT_NONE; at = sequence.links[at].before)
        run->in_order[sequence.links[at].a] = true;
    free(sequence.ends);
    free(sequence.links);
}

static struct run
begin(const struct side *a, const struct side *b, enum align_by by, size_t *other)
{
    struct run run = {.a = a, .b = b, .by = by, .to_b = other};
    run.to_a = memory_calloc(b->count, sizeof(*run.to_a));
    run.in_order = memory_calloc(a->count, sizeof(*run.in_order));
    for (size_t i = 0; i < b->count; i++)
        run.to_a[i] = UNIT_NONE;
    return run;
}

static void
end(struct run *run)
{
    free(run->to_a);
    free(run->in_order);
}

void
align_same(const struct side *a, const struct side *b, enum align_by by, size_t *ret_other)
{
    for (size_t i = 0; i < a->count; i++)
        ret_other[i] = UNIT_NONE;
    struct run run = begin(a, b, by, ret_other);
    struct place *places = places_of(&run, false, false);
    pair_in_order(&run, places);
    free(places);
    for (int ids = 0; ids <= (by == ALIGN_GENERATED); ids++) {
        places = places_of(&run, true, ids == 1);
        pair_left(&run, places, ids == 1);
        free(places);
    }
    end(&run);
}

void
align_like(const struct side *a, const struct side *b, enum align_by by, const bool *taken,
           size_t *other)
{
    struct run run = begin(a, b, by, other);
    for (size_t i = 0; i < b->count; i++)
        if (taken != NULL && taken[i])
            run.to_a[i] = a->count; /* of no use to anybody */
    for (size_t i = 0; i < a->count; i++)
        if (other[i] != UNIT_NONE)
            run.to_a[other[i]] = i;
    find_order(&run);
    pair_between(&run);
    pair_far(&run);
    end(&run);
}
