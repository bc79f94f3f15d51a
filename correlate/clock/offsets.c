/*
 * Clock offsets: see offsets.h.
 */
#include "correlate/clock/offsets.h"

#include <assert.h>
#include <stdlib.h>

/* offset(to) - offset(from) <= bound_us; clocks by their number, the broker's last. */
struct bound {
    size_t from, to, samples;
    int64_t bound_us;
    bool dropped;
};

struct solving {
    struct arena *arena;
    const struct sv *names;
    size_t clock_count, broker; /* number of the broker's clock: behind all others */
    size_t reference;           /* whose offset is zero */
    struct bound *bounds;       /* by names of from and to */
    size_t bound_count;
    int64_t *distance;
    size_t *before;   /* the bound that a clock was reached by */
    int64_t least_us; /* no path is shorter that uses each bound once */
};

struct sv
clock_name(struct sv host, struct sv source)
{
    return host.len > 0 ? host : source;
}

static int
sample_order(const void *left, const void *right)
{
    const struct clock_sample *a = left, *b = right;
    int order = sv_cmp(a->from, b->from);
    if (order == 0)
        order = sv_cmp(a->to, b->to);
    return order != 0 ? order : a->lag_us < b->lag_us ? -1 : a->lag_us > b->lag_us;
}

static int
name_order(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

static bool
same_pair(const struct clock_sample *a, const struct clock_sample *b)
{
    return sv_eq(a->from, b->from) && sv_eq(a->to, b->to);
}

/* ------------------------------------------------------------------ clocks */

static int
name_clocks(struct solving *solving, const struct clock_sample *samples, size_t count,
            struct err *err)
{
    size_t found = 0, kept = 0;
    struct sv *names = ARENA_ARRAY(solving->arena, struct sv, 2 * count + 1);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && same_pair(&samples[i - 1], &samples[i]))
            continue;
        names[found++] = samples[i].from;
        names[found++] = samples[i].to;
    }
    if (found > 1)
        qsort(names, found, sizeof(*names), name_order);
    for (size_t i = 0; i < found; i++)
        if (names[i].len > 0 && (kept == 0 || !sv_eq(names[kept - 1], names[i])))
            names[kept++] = names[i];
    if (kept > CLOCKS_MAX) {
        err_set(err, ERR_LIMIT, "%zu clocks, at most %d can be compared at once", kept, CLOCKS_MAX);
        return err_hint(err, "ask for a shorter time");
    }
    solving->names = names;
    solving->clock_count = solving->broker = kept;
    return 0;
}

static size_t
number_of(const struct solving *solving, struct sv name)
{
    size_t low = 0, high = solving->clock_count;
    if (name.len == 0)
        return solving->broker;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(solving->names[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    assert(low < solving->clock_count && sv_eq(solving->names[low], name));
    return low;
}

/* ------------------------------------------------------------------ bounds */

static struct bound *
bound_between(struct solving *solving, size_t from, size_t to)
{
    for (size_t i = 0; i < solving->bound_count; i++)
        if (solving->bounds[i].from == from && solving->bounds[i].to == to)
            return &solving->bounds[i];
    return NULL;
}

/* What is assumed of appends bounds a clock on its other side. */
static void
assume_appends(struct solving *solving, int64_t append_us)
{
    size_t count = solving->bound_count;
    for (size_t i = 0; i < count; i++) {
        const struct bound bound = solving->bounds[i];
        if (bound.to != solving->broker)
            continue;
        int64_t assumed = append_us - (bound.bound_us - CLOCK_SLACK_US) + CLOCK_SLACK_US;
        struct bound *known = bound_between(solving, bound.to, bound.from);
        if (known == NULL) {
            known = &solving->bounds[solving->bound_count++];
            *known = (struct bound){bound.to, bound.from, bound.samples, assumed, false};
        } else if (assumed < known->bound_us) {
            known->bound_us = assumed;
            known->samples = bound.samples;
        }
    }
}

/* Of each pair all but one in CLOCK_SHARE of its samples lie above its bound. */
static void
make_bounds(struct solving *solving, const struct clock_sample *samples, size_t count,
            int64_t append_us)
{
    size_t pairs = 0;
    for (size_t i = 0; i < count; i++)
        pairs += i == 0 || !same_pair(&samples[i - 1], &samples[i]);
    solving->bounds = ARENA_ARRAY(solving->arena, struct bound, 2 * pairs + 1);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && same_pair(&samples[from], &samples[to]);)
            to++;
        if (to - from < CLOCK_SAMPLES_LEAST || sv_eq(samples[from].from, samples[from].to))
            continue;
        solving->bounds[solving->bound_count++] = (struct bound){
            .from = number_of(solving, samples[from].from),
            .to = number_of(solving, samples[from].to),
            .samples = to - from,
            .bound_us = samples[from + (to - from) / CLOCK_SHARE].lag_us + CLOCK_SLACK_US,
        };
    }
    if (append_us >= 0)
        assume_appends(solving, append_us);
    int64_t widest = 0;
    for (size_t i = 0; i < solving->bound_count; i++) {
        int64_t width = solving->bounds[i].bound_us;
        width = width < 0 ? -width : width;
        widest = width > widest ? width : widest;
    }
    solving->least_us = -widest * (int64_t)(solving->clock_count + 1);
}

/* ----------------------------------------------------------- shortest paths */

/* One round over all bounds; the last clock that came nearer, or SIZE_MAX. */
static size_t
relax(struct solving *solving, bool backwards)
{
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < solving->bound_count; i++) {
        const struct bound *bound = &solving->bounds[i];
        size_t from = backwards ? bound->to : bound->from, to = backwards ? bound->from : bound->to;
        if (bound->dropped || solving->distance[from] == CLOCK_OPEN_US ||
            solving->distance[from] + bound->bound_us >= solving->distance[to])
            continue;
        solving->distance[to] = solving->distance[from] + bound->bound_us;
        solving->before[to] = i;
        last = to;
        if (solving->distance[to] < solving->least_us)
            return last; /* a circle, found before numbers grow too large */
    }
    return last;
}

static void
begin_at(struct solving *solving, int64_t elsewhere)
{
    for (size_t i = 0; i <= solving->clock_count; i++)
        solving->distance[i] = elsewhere;
    solving->distance[solving->reference] = 0;
}

/* Of bounds that cannot hold together the one with the fewest samples, or NULL: all can hold. */
static struct bound *
weakest_of_a_circle(struct solving *solving)
{
    size_t at = SIZE_MAX;
    begin_at(solving, 0); /* as if one clock bounded all */
    for (size_t round = 0; round <= solving->clock_count; round++) {
        at = relax(solving, false);
        if (at == SIZE_MAX)
            return NULL;
        if (solving->distance[at] < solving->least_us)
            break;
    }
    for (size_t i = 0; i <= solving->clock_count; i++) /* steps back until inside the circle */
        at = solving->bounds[solving->before[at]].from;
    struct bound *weakest = NULL;
    for (size_t first = at, here = at;;) {
        struct bound *bound = &solving->bounds[solving->before[here]];
        if (weakest == NULL || bound->samples < weakest->samples ||
            (bound->samples == weakest->samples && bound < weakest))
            weakest = bound;
        here = bound->from;
        if (here == first)
            return weakest;
    }
}

static void
shortest(struct solving *solving, bool backwards)
{
    begin_at(solving, CLOCK_OPEN_US);
    for (size_t round = 0; round <= solving->clock_count; round++)
        if (relax(solving, backwards) == SIZE_MAX)
            return;
}

/* ----------------------------------------------------------------- results */

static void
count_samples(const struct solving *solving, const struct clock_sample *samples, size_t count,
              struct clock_interval *clocks)
{
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && same_pair(&samples[from], &samples[to]);)
            to++;
        size_t ends[] = {number_of(solving, samples[from].from),
                         number_of(solving, samples[from].to)};
        for (size_t i = 0; i < 2; i++)
            if (ends[i] != solving->broker && (i == 0 || ends[1] != ends[0]))
                clocks[ends[i]].samples += to - from;
    }
}

/* The broker's clock, or where no sample has it the one that most samples have. */
static void
choose_reference(struct solving *solving, const struct clock_sample *samples, size_t count,
                 const struct clock_interval *clocks, struct sv *ret_name)
{
    solving->reference = solving->broker;
    *ret_name = SV("");
    for (size_t i = 0; i < count; i++)
        if (samples[i].from.len == 0 || samples[i].to.len == 0)
            return;
    for (size_t i = 0; i < solving->clock_count; i++)
        if (solving->reference == solving->broker ||
            clocks[i].samples > clocks[solving->reference].samples)
            solving->reference = i;
    if (solving->reference != solving->broker)
        *ret_name = solving->names[solving->reference];
}

static void
correct(struct clock_interval *clock)
{
    bool low = clock->lo_us != -CLOCK_OPEN_US, high = clock->hi_us != CLOCK_OPEN_US;
    clock->applies = (low && clock->lo_us > 0) || (high && clock->hi_us < 0);
    if (!clock->applies)
        return;
    clock->correction_us = low && high ? clock->lo_us + (clock->hi_us - clock->lo_us) / 2
                           : low       ? clock->lo_us
                                       : clock->hi_us;
}

static void
drop_contradictions(struct solving *solving, struct clock_interval *clocks, size_t *ret_dropped)
{
    struct bound *weakest;
    *ret_dropped = 0;
    while ((weakest = weakest_of_a_circle(solving)) != NULL) {
        weakest->dropped = true;
        ++*ret_dropped;
        if (weakest->from != solving->broker)
            clocks[weakest->from].inconsistent = true;
        if (weakest->to != solving->broker)
            clocks[weakest->to].inconsistent = true;
    }
}

int
clock_offsets(struct arena *arena, struct clock_sample *samples, size_t count, int64_t append_us,
              struct clock_offsets *ret_offsets, struct err *err)
{
    struct solving solving = {.arena = arena};
    if (count > 1)
        qsort(samples, count, sizeof(*samples), sample_order);
    if (name_clocks(&solving, samples, count, err) != 0)
        return -1;
    make_bounds(&solving, samples, count, append_us);
    solving.distance = ARENA_ARRAY(arena, int64_t, solving.clock_count + 1);
    solving.before = ARENA_ARRAY(arena, size_t, solving.clock_count + 1);
    struct clock_interval *clocks =
        ARENA_ARRAY(arena, struct clock_interval, solving.clock_count + 1);
    struct clock_offsets offsets = {.clocks = clocks, .count = solving.clock_count};
    count_samples(&solving, samples, count, clocks);
    choose_reference(&solving, samples, count, clocks, &offsets.reference);
    drop_contradictions(&solving, clocks, &offsets.dropped);
    shortest(&solving, false);
    for (size_t i = 0; i < solving.clock_count; i++)
        clocks[i].hi_us = solving.distance[i];
    shortest(&solving, true);
    for (size_t i = 0; i < solving.clock_count; i++) {
        clocks[i].clock = solving.names[i];
        clocks[i].lo_us =
            solving.distance[i] == CLOCK_OPEN_US ? -CLOCK_OPEN_US : -solving.distance[i];
        correct(&clocks[i]);
    }
    *ret_offsets = offsets;
    return 0;
}

const struct clock_interval *
clock_offset_of(const struct clock_offsets *offsets, struct sv clock)
{
    size_t low = 0, high = offsets->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(offsets->clocks[middle].clock, clock) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < offsets->count && sv_eq(offsets->clocks[low].clock, clock) ? &offsets->clocks[low]
                                                                            : NULL;
}
