/*
 * The files of one reading, and which of those whose zone was assumed disagree with the others: see
 * zone_compare.h. One thread.
 */
#ifndef APP_ZONE_NEIGHBOURS_H
#define APP_ZONE_NEIGHBOURS_H

#include "app/zone_compare.h"
#include "base/strbuf.h"

#define NEIGHBOURS_MAX 128 /* later files are not compared */

struct zone_neighbours {
    struct zone_neighbour {
        char *name, *zone;
        struct zone_sketch sketch;
    } * list;
    size_t count;
};

void zone_neighbours_release(struct zone_neighbours *neighbours);
/* Takes what the sketch holds, and closes it. `zone`: that was assumed for the file. */
void zone_neighbours_add(struct zone_neighbours *neighbours, const char *name, const char *zone,
                         struct zone_sketch *sketch);
/* The next file from *at on that disagrees: a line of text about it. False: no more. */
bool
zone_neighbours_next(const struct zone_neighbours *neighbours, size_t *at, struct strbuf *ret_text);

#endif
