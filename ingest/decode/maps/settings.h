/*
 * One section of a map to one shape. Part of shape.c, which calls it; one thread.
 */
#ifndef INGEST_DECODE_MAPS_SETTINGS_H
#define INGEST_DECODE_MAPS_SETTINGS_H

#include "ingest/decode/maps/shape.h"

struct map_compiling {
    struct arena *arena;
    struct map_file *file;
    const struct map_tables *tables;
    struct map_problems *problems;
};

void map_shape_read(const struct map_compiling *in, const struct map_section *section,
                    struct map_shape *ret_shape);
/* `also`, when all shapes of the file are read. */
void map_shape_link(const struct map_compiling *in, const struct map_section *section,
                    struct map_shape *shape);
/* What only `also` makes sense of, when all shapes of the file are linked. */
void map_shape_check_reached(const struct map_compiling *in, const struct map_shape *shape);

#endif
