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
/*
 * Adds one more map, which goes before all others where names are equal; a common.map beside it
 * lends it its tables. Before anything asks for a decoder. *ret_file is there, and in use, also
 * with errors noted in *problems where it could be read at all.
 */
int maps_add_file(const char *path, struct map_problems *problems, const struct map_file **ret_file,
                  struct err *err) MUST_CHECK;
/* Where what is as old as the process goes. */
struct arena *maps_arena(void);

#endif
