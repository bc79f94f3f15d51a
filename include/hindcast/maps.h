/*
 * Maps: formats as data. A map file tells how the JSON of one tool becomes events; docs/maps.md
 * describes the language. Those in ingest/decode/maps/ are built in; a folder may bring more, and a
 * shape of the same name there replaces ours.
 *
 * All maps are read on one thread before the first record, live as long as the process and are only
 * looked at afterwards.
 */
#ifndef HINDCAST_MAPS_H
#define HINDCAST_MAPS_H

#include "base/err.h"
#include "base/sha256.h"
#include "base/strbuf.h"

/*
 * Adds the maps of a folder (*.map, by name; an empty name adds nothing). Called at most once,
 * before anything asks for a decoder. Where they have errors it fails (CONFIG, or IO), nothing of
 * them is used, and *problems has a line for each, `FILE:LINE: text`; remarks are there in any
 * case.
 */
int maps_add_folder(const char *folder, struct strbuf *problems, struct err *err) MUST_CHECK;

/* A digest of all maps in use: names and bytes, ours and then those of the folder, each by name. */
void maps_digest(struct sha256 *ret_digest);

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
