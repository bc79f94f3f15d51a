/*
 * All maps of the process: ours and those of a folder. See include/hindcast/maps.h; here is what
 * decoders and checks need beside. Filled on one thread.
 */
#ifndef INGEST_DECODE_MAPS_MAPS_H
#define INGEST_DECODE_MAPS_MAPS_H

#include "hindcast/maps.h"
#include "ingest/decode/maps/shape.h"

/* Reads ours, if that was not done yet. Asserts that they have no errors. */
void maps_ready(void);
size_t maps_file_count(void);
/* Those of a folder stand behind ours. */
const struct map_file *maps_file_at(size_t place);
/* Where what is as old as the process goes. */
struct arena *maps_arena(void);

#endif
