/*
 * Maps: formats as data. A map file tells how the JSON of one tool becomes events; docs/maps.md
 * describes the language. Those in ingest/decode/maps/ are built in; people add
 * more (format_files.h), and a shape of the same name there replaces ours.
 *
 * All maps are read on one thread while nobody decodes, and are only looked at otherwise.
 */
#ifndef HINDCAST_MAPS_H
#define HINDCAST_MAPS_H

#include <stdbool.h>
#include <stddef.h>

/* What a shape claims, for lists. */
struct map_shape_info {
    const char *shape, *file; /* as they are written */
    int line, bid;            /* bid 0: reached from other shapes only */
    const char *format, *name_space, *about, *see;
    bool ours;
};
/* The shapes in use, by file and then in their order. Any thread once decoders are asked for. */
size_t maps_shape_count(void);
struct map_shape_info maps_shape_at(size_t place);

#endif
