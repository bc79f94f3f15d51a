/*
 * Whether files that mention the same things mention them at the same times. Where one clock is
 * read with another zone than it shows, they are some whole quarter-hours apart: then, and only
 * then, are most of what both mention so. Nothing is moved: it is for people to say what the zone
 * is. Pure.
 */
#ifndef APP_ZONE_COMPARE_H
#define APP_ZONE_COMPARE_H

#include "app/zone_sketch.h"

#define QUARTER_HOUR_S 900
#define QUARTERS_MAX 56 /* 14 hours, as far as zones go either way */

struct zone_distance {
    bool certain;     /* else nothing can be said */
    int quarters;     /* how much later the first has what both mention; 0: they agree */
    int64_t mentions; /* of the first that say so */
    int64_t compared; /* that could: of what both have, within the time that the second lasts */
};

/* Both are closed. */
struct zone_distance
zone_compare(const struct zone_sketch *first, const struct zone_sketch *second);

#endif
