/*
 * Values that a producer packed itself: gzip (RFC 1952) and zlib (RFC 1950). Any thread.
 */
#ifndef INGEST_PARSE_INFLATE_H
#define INGEST_PARSE_INFLATE_H

#include "base/arena.h"
#include "base/sv.h"

/* Unpacked to packed size beyond INFLATE_FREE_BYTES: what packs better was made to hurt. */
#define INFLATE_RATIO_MAX 200
#define INFLATE_FREE_BYTES ((size_t)1024 * 1024)

enum inflate_result {
    INFLATE_FINE,
    INFLATE_DAMAGED,  /* or cut off */
    INFLATE_TOO_MUCH, /* more than `max` bytes, or beyond the ratio */
};

/* True if the first bytes tell of gzip, or of zlib. The two bytes of the latter occur by chance as
 * well. */
bool inflate_is_gzip(struct sv bytes);
bool inflate_is_zlib(struct sv bytes);
/* All members one after the other, into the arena. */
enum inflate_result
inflate_bytes(struct arena *arena, struct sv packed, size_t max, struct sv *ret_bytes);

#endif
