/*
 * Which shape reads a record, and where in it the elements lie. One thread, one record.
 */
#ifndef INGEST_DECODE_MAPS_MATCH_H
#define INGEST_DECODE_MAPS_MATCH_H

#include "ingest/decode/maps/shape.h"
#include "ingest/decode/maps/walk.h"

/* A shape and the alternative of its `open` that leads to elements. */
struct map_match {
    const struct map_shape *shape; /* NULL: none */
    const struct map_open *open;
};

/* Visits an element; false: no more. */
typedef bool map_visit(struct map_reading *reading, const struct map_scope *scope, void *own);
/*
 * The elements that lie there, seen from `from`, in order. What lies in an opened list and is not
 * an object is visited with `here` as it stands.
 */
void map_open_each(struct map_reading *reading, const struct map_open *open,
                   const struct map_scope *from, map_visit *visit, void *own);
/* The first object that lies there; false: none. */
bool map_open_first(struct map_reading *reading, const struct map_open *open,
                    const struct map_scope *from, struct map_scope *ret_scope);

/* Does a line of `when` hold? *ret_when is the first that does; may be NULL. */
bool map_shape_holds(struct map_reading *reading, const struct map_shape *shape,
                     const struct map_scope *scope, const struct map_when **ret_when);
/* True if the shape claims the record: ret_match is its first alternative that leads to an object
 * for which a line holds. */
bool map_shape_claims(struct map_reading *reading, const struct map_shape *shape,
                      const struct map_scope *record, struct map_match *ret_match);
/* Who reads a further element: the shape of the winner's file, with the same open path, that bids
 * highest on it, else the winner. */
const struct map_shape *map_shape_for(struct map_reading *reading, const struct map_match *winner,
                                      const struct map_scope *scope);

#endif
