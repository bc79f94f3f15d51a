/*
 * Clock offsets (RFC 2330: what a clock shows less the true time) of hosts and sources, as
 * intervals. An effect never precedes its cause: for what happened at `from` and caused something
 * at `to`,
 *
 *     offset(to) - offset(from)  <=  time shown at `to` - time shown at `from`
 *
 * For each ordered pair of clocks the bound is nearly the least of these differences (some causes
 * are told wrongly: the 1st percentile, and a slack). The bounds are difference constraints with
 * the broker's clock as reference (where no sample has it, the clock that most samples have); the
 * shortest paths from and to it (Bellman-Ford) are the
 * tightest interval of each clock. Where bounds contradict each other, the one of the circle with
 * the fewest samples is dropped, and both its clocks are marked. One offset for the whole of the
 * samples: ask for a time as short as drift and steps demand.
 *
 * A pure function of the set of samples, whatever their order; integers, microseconds. Memory is
 * the arena's; one thread.
 */
#ifndef CORRELATE_CLOCK_OFFSETS_H
#define CORRELATE_CLOCK_OFFSETS_H

#include "hindcast/clock_interval.h"
#include "hindcast/clocks.h"

#define CLOCKS_MAX 2000        /* beside the broker's */
#define CLOCK_SAMPLES_LEAST 20 /* of a pair with fewer nothing is concluded */
#define CLOCK_SLACK_US 500     /* added to each bound */
#define CLOCK_SHARE 100        /* one in so many samples of a pair may be wrong */

struct clock_offsets {
    const struct clock_interval *clocks; /* by name */
    size_t count;
    size_t dropped;      /* bounds that contradicted others */
    struct sv reference; /* the clock taken for the true one; empty: the broker's */
};

/*
 * `append_us`: how long the quickest append of each clock's records took at most, or below 0 where
 * nobody knows: then appends prove a clock ahead, never behind. `samples` are sorted in place.
 * LIMIT where there are more clocks than CLOCKS_MAX.
 */
int clock_offsets(struct arena *arena, struct clock_sample *samples, size_t count,
                  int64_t append_us, struct clock_offsets *ret_offsets, struct err *err) MUST_CHECK;
/* The interval of this clock, or NULL. */
const struct clock_interval *clock_offset_of(const struct clock_offsets *offsets, struct sv clock);
/* What a record's clock is called: its host, else who tells it. */
struct sv clock_name(struct sv host, struct sv source);

#endif
