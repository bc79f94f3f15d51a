/*
 * All maps of the process: ours and those that people added. See include/hindcast/maps.h; here is
 * what decoders and checks need beside. Filled on one thread.
 */
#ifndef INGEST_DECODE_MAPS_MAPS_H
#define INGEST_DECODE_MAPS_MAPS_H

#include "hindcast/format_files.h"
#include "hindcast/maps.h"
#include "ingest/decode/maps/shape.h"

/* Reads ours, if that was not done yet. Asserts that they have no errors. */
void maps_ready(void);
size_t maps_file_count(void);
/* Those of people stand behind ours. */
const struct map_file *maps_file_at(size_t place);
/*
 * Adds one more map, which goes before all others where names are equal; a common.map beside it
 * lends it its tables. Before anything asks for a decoder. *ret_file is there, and in use, also
 * with errors noted in *problems where it could be read at all.
 */
int maps_add_file(const char *path, struct map_problems *problems, const struct map_file **ret_file,
                  struct err *err) MUST_CHECK;
/*
 * Adds the maps among the files, in place of nothing but shapes of ours with the same name. Where
 * errors are noted none of them is used.
 */
void maps_use(const struct format_files *files, struct map_problems *problems);
/* Only ours are in use again. No decoder of a map may be in the registry. */
void maps_forget(void);
/* Where what is as old as the process goes. */
struct arena *maps_arena(void);

#endif
