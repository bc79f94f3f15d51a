/*
 * What the events of one file mention, and when: a sample that is small whatever the size of the
 * file, made so that two files that mention the same things have the same of them in their samples
 * (those with the smallest hashes). Files whose clocks are read with different zones mention the
 * same things some whole quarter-hours apart: zone_compare.h.
 *
 * A thing is an identifier, an address of a host, or the whole text of an event. What occurs too
 * often in a file tells nothing and is left out. One thread.
 */
#ifndef APP_ZONE_SKETCH_H
#define APP_ZONE_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hindcast/event.h"

#define SKETCH_MENTIONS_MAX ((size_t)8192)
#define SKETCH_REPEATS_MAX 64 /* of one thing in a file */

struct zone_mention {
    uint64_t thing; /* its hash */
    int64_t second; /* since 1970 */
};

struct zone_sketch {
    struct zone_mention *list; /* once it is closed: sorted, each once */
    size_t count, room;
    uint64_t limit;  /* things with a larger hash are in no sample of this size */
    uint64_t *often; /* sorted: things that occur too often */
    size_t often_count;
    int64_t from, to;        /* seconds: of all its events */
    int64_t assumed, native; /* events whose zone was assumed, and whose zone is written */
};

void zone_sketch_init(struct zone_sketch *sketch);
void zone_sketch_release(struct zone_sketch *sketch);
/* Events without a time of their own are passed over. */
void zone_sketch_add(struct zone_sketch *sketch, const struct event *event);
/* Nothing more is added. Frees what is not needed for comparing. */
void zone_sketch_close(struct zone_sketch *sketch);
/* True if the zones of most times were assumed. */
bool zone_sketch_assumed(const struct zone_sketch *sketch);

#endif
