/*
 * Signs of shapes: what must be on a tape for the shape to be asked, out of its `when` lines, and
 * never more than they ask for. See ingest/decode/core/signs.h for how they are written. Any
 * thread.
 */
#ifndef INGEST_DECODE_MAPS_ASKS_H
#define INGEST_DECODE_MAPS_ASKS_H

#include "base/strbuf.h"
#include "ingest/decode/maps/shape.h"

/* True if the line has a condition that a tape could show. */
bool map_when_asks(const struct map_when *when);
/* True if it can be told from a tape, wherever the shape opens. */
bool map_shape_asks(const struct map_shape *shape, const struct map_when *when);
/* Adds the signs of a shape with a bid, with ';' before each if something is there already. */
void map_asks_add(const struct map_shape *shape, struct strbuf *signs);

#endif
