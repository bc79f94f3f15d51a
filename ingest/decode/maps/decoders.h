/*
 * Maps as decoders: an entry of the registry for each format, which stands for the shapes that
 * report it. One thread, behind the decoders of the program.
 */
#ifndef INGEST_DECODE_MAPS_DECODERS_H
#define INGEST_DECODE_MAPS_DECODERS_H

#include "base/sv.h"

struct map_format;

/* Adds the formats of all maps in use to the registry. Once. */
void map_decoders_add(void);
/* The shapes behind an entry of the registry; NULL: it is none of a map. Any thread. */
const struct map_format *map_format_of(struct sv name);

#endif
