/*
 * Paths of maps: where in a record a value lies. Compiled once, followed by walk.h. Any thread.
 */
#ifndef INGEST_DECODE_MAPS_PATH_H
#define INGEST_DECODE_MAPS_PATH_H

#include "base/arena.h"
#include "base/sv.h"

#define MAP_PATH_PARTS_MAX 12

enum map_part_kind {
    PART_KEY,    /* name, or 'any name' */
    PART_NUMBER, /* 3, -1: an element of a list, else a key of that name */
    PART_ANY,    /* *: any key or element */
    PART_SELECT, /* [key=value]: the elements of a list whose key has the value */
    PART_TAG,    /* [tag:]: what follows the tag in a list of texts, or in one with commas */
};

struct map_part {
    enum map_part_kind kind;
    struct sv key;   /* of PART_NUMBER as it is written */
    struct sv value; /* of PART_SELECT; of PART_TAG the tag with its colon */
    int64_t number;
};

enum map_base {
    BASE_HERE,   /* the opened element */
    BASE_UP,     /* an object around it */
    BASE_HEADER, /* a header of the record */
};

struct map_path {
    struct sv text; /* as it is written */
    enum map_base base;
    size_t ups; /* how many objects up */
    struct map_part *parts;
    size_t count;
};

#define MAP_WHY_BYTES 160

/* False with a reason. */
bool map_path_read(struct arena *arena, struct sv text, struct map_path *ret_path,
                   char ret_why[MAP_WHY_BYTES]);

#endif
