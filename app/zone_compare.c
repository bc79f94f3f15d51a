/*
 * Comparing what two files mention: see zone_compare.h.
 */
#include "app/zone_compare.h"

#include <stdlib.h>
#include <string.h>

#define SLACK_S 2        /* between two files that tell of the same moment */
#define LEAST_MENTIONS 5 /* that must say the same */
#define LEAST_THINGS 3   /* different ones among them */
#define LEAST_SHARE 3    /* a third of what both mention */
#define TIMES_THE_NEXT 4 /* so often as the next best distance: what is periodic has many */

struct votes {
    int64_t mentions[2 * QUARTERS_MAX + 1];
    int64_t things[2 * QUARTERS_MAX + 1];
};

/* The run of mentions of one thing. */
static size_t
run_end(const struct zone_sketch *sketch, size_t from)
{
    size_t to = from;
    while (to < sketch->count && sketch->list[to].thing == sketch->list[from].thing)
        to++;
    return to;
}

/* Counts the distances of this mention to any of the other's. */
static void
find_distances(const struct zone_mention *one, const struct zone_mention *others, size_t count,
               bool ret_found[2 * QUARTERS_MAX + 1])
{
    for (size_t i = 0; i < count; i++) {
        int64_t apart = one->second - others[i].second;
        int64_t half = apart >= 0 ? QUARTER_HOUR_S / 2 : -QUARTER_HOUR_S / 2;
        int64_t quarters = (apart + half) / QUARTER_HOUR_S;
        if (quarters >= -QUARTERS_MAX && quarters <= QUARTERS_MAX &&
            llabs(apart - quarters * QUARTER_HOUR_S) <= SLACK_S)
            ret_found[quarters + QUARTERS_MAX] = true;
    }
}

static void
vote(struct votes *votes, const struct zone_mention *first, size_t first_count,
     const struct zone_mention *second, size_t second_count)
{
    bool by_thing[2 * QUARTERS_MAX + 1] = {false};
    for (size_t i = 0; i < first_count; i++) {
        bool found[2 * QUARTERS_MAX + 1] = {false};
        find_distances(&first[i], second, second_count, found);
        for (int k = 0; k <= 2 * QUARTERS_MAX; k++) {
            votes->mentions[k] += found[k];
            by_thing[k] |= found[k];
        }
    }
    for (int k = 0; k <= 2 * QUARTERS_MAX; k++)
        votes->things[k] += by_thing[k];
}

/* The next thing that both mention; false: there is none. */
struct shared {
    const struct zone_sketch *first, *second;
    size_t a, a_end, b, b_end;
};

static bool
next_shared(struct shared *shared)
{
    const struct zone_sketch *first = shared->first, *second = shared->second;
    size_t a = shared->a_end, b = shared->b_end;
    while (a < first->count && b < second->count) {
        uint64_t x = first->list[a].thing, y = second->list[b].thing;
        size_t a_end = run_end(first, a), b_end = run_end(second, b);
        if (x == y) {
            *shared = (struct shared){first, second, a, a_end, b, b_end};
            return true;
        }
        if (x < y)
            a = a_end;
        else
            b = b_end;
    }
    return false;
}

/* Mentions of the first that the second could have at this distance, since it lasts that long. */
static int64_t
count_within(const struct zone_sketch *first, const struct zone_sketch *second, int quarters)
{
    struct shared shared = {.first = first, .second = second};
    int64_t count = 0, from = second->from - SLACK_S, to = second->to + SLACK_S;
    while (next_shared(&shared))
        for (size_t i = shared.a; i < shared.a_end; i++) {
            int64_t there = first->list[i].second - (int64_t)quarters * QUARTER_HOUR_S;
            count += there >= from && there <= to;
        }
    return count;
}

struct zone_distance
zone_compare(const struct zone_sketch *first, const struct zone_sketch *second)
{
    struct shared shared = {.first = first, .second = second};
    struct votes votes = {.mentions = {0}};
    int best = QUARTERS_MAX;
    int64_t next = 0;
    while (next_shared(&shared))
        vote(&votes, first->list + shared.a, shared.a_end - shared.a, second->list + shared.b,
             shared.b_end - shared.b);
    for (int k = 0; k <= 2 * QUARTERS_MAX; k++)
        if (votes.mentions[k] > votes.mentions[best])
            best = k;
    for (int k = 0; k <= 2 * QUARTERS_MAX; k++)
        if (k != best && votes.mentions[k] > next)
            next = votes.mentions[k];
    struct zone_distance distance = {.quarters = best - QUARTERS_MAX,
                                     .mentions = votes.mentions[best]};
    distance.compared = count_within(first, second, distance.quarters);
    distance.certain = distance.mentions >= LEAST_MENTIONS && votes.things[best] >= LEAST_THINGS &&
                       distance.mentions * LEAST_SHARE >= distance.compared &&
                       distance.mentions >= next * TIMES_THE_NEXT;
    return distance;
}
