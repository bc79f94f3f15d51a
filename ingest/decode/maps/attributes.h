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

#endif
