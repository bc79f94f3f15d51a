/*
 * How far a clock is off, as far as others tell (correlate/clock/offsets.h): what a clock shows
 * less the true time lies within the interval.
 */
#ifndef HINDCAST_CLOCK_INTERVAL_H
#define HINDCAST_CLOCK_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

#define CLOCK_OPEN_US INT64_MAX /* hi_us: no bound; -CLOCK_OPEN_US as lo_us: none either */

struct clock_interval {
    struct sv clock;       /* the host's name, else who tells it */
    int64_t lo_us, hi_us;  /* the offset lies between them */
    size_t samples;        /* that the clock is part of */
    bool inconsistent;     /* a bound of it was dropped */
    bool applies;          /* the offset is not zero for certain */
    int64_t correction_us; /* to be taken off its times: the middle, or the end that there is */
};

#endif
