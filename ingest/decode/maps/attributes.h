/*
 * What is kept of an element beside the fields of its event. One thread, one record.
 */
#ifndef INGEST_DECODE_MAPS_ATTRIBUTES_H
#define INGEST_DECODE_MAPS_ATTRIBUTES_H

#include "ingest/decode/maps/shape.h"
#include "ingest/decode/maps/walk.h"

/* The element without what `drop` names, or only what `keep` names, as a JSON object in the arena;
 * SV_NONE: nothing. */
struct sv map_attributes(struct map_reading *reading, const struct map_shape *shape,
                         struct json_node *element);
/* The same with a list of names as a further member, or with that alone where it is not an object.
 * What would be too long to be kept says so, and keeps the list. */
struct sv map_attributes_with(struct arena *arena, struct sv attributes, const char *member,
                              const struct sv *names, size_t count);

#endif
