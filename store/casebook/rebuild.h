/*
 * What the files of a rebuild share (hindcast/rebuild.h). Internal to store/casebook/.
 */
#ifndef STORE_CASEBOOK_REBUILD_H
#define STORE_CASEBOOK_REBUILD_H

#include "hindcast/rebuild.h"
#include "store/casebook/part.h"

struct rebuild {
    struct part part;
    struct arena *arena; /* in which all of this lives */
    struct groups *groups;
    char scope_no[INT_TEXT];
    enum rebuild_stage stage;
    const char *place;     /* JSON: up to where the stage is done */
    const char *positions; /* JSON: {"stream": seq, ...} */
    int64_t done, total, took_ns;
};

/* rebuild_read.c: positions of a cursor as JSON, in the arena. */
const char *
rebuild_positions(struct arena *arena, const struct cursor_position *cursor, size_t count);

#endif
