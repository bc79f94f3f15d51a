/*
 * Steps: what follows '>' in an alternative. One thread, one record.
 */
#ifndef INGEST_DECODE_MAPS_STEPS_H
#define INGEST_DECODE_MAPS_STEPS_H

#include "ingest/decode/maps/expr.h"
#include "ingest/decode/maps/walk.h"

/* The text behind the step, SV_NONE where it finds nothing. It lives as long as `text`, the map or
 * the arena. */
struct sv map_step_apply(struct map_reading *reading, const struct map_step *step, struct sv text);

#endif
