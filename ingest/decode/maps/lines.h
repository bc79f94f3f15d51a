/*
 * The text of a map as sections and pairs, read with inih. What inih does silently (it cuts lines
 * and names, takes ':' for '=') is an error here. Everything lives in the arena. One thread.
 */
#ifndef INGEST_DECODE_MAPS_LINES_H
#define INGEST_DECODE_MAPS_LINES_H

#include "base/arena.h"
#include "ingest/decode/maps/problems.h"

#define MAP_LINE_BYTES 200 /* a physical line is shorter */
#define MAP_NAME_BYTES 50  /* so is a section's name, and a key */

/* `key = value`; lines that continue it are joined to the value with a blank between. */
struct map_pair {
    struct sv key, value;
    int line; /* 1-based, of the key */
};

struct map_section {
    struct sv name;
    int line;
    struct map_pair *pairs;
    size_t count, size;
};

struct map_text {
    const char *file; /* as problems name it */
    struct map_section *sections;
    size_t count, size;
};

/* Problems are noted; what could be read is there all the same. */
void map_lines_read(struct arena *arena, const char *file, struct sv text,
                    struct map_problems *problems, struct map_text *ret_text);

#endif
