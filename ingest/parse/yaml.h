/*
 * As much of YAML as it takes to find a scalar by its keys: mappings and lists by indentation,
 * quotes, block scalars, remarks. Anchors, tags, flow collections and keys in quotes are not read.
 * Pure.
 */
#ifndef INGEST_PARSE_YAML_H
#define INGEST_PARSE_YAML_H

#include "base/arena.h"
#include "base/sv.h"

#define YAML_DEPTH_MAX 16 /* of keys; what lies deeper is not found */

/*
 * The scalar under keys with dots between ("spec.slos.name": a list adds nothing), the `nth` of
 * them from 0; without its quotes, several lines as one. SV_NONE: there is none.
 */
struct sv yaml_scalar(struct arena *arena, struct sv document, const char *path, size_t nth);

#endif
