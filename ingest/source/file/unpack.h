/*
 * Packed bytes (gzip, bzip2, xz, zstd) as the bytes they stand for, in constant memory. What is cut
 * off or damaged is handed out up to there. One thread.
 */
#ifndef INGEST_SOURCE_FILE_UNPACK_H
#define INGEST_SOURCE_FILE_UNPACK_H

#include "ingest/source/file/reading.h"

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_BZIP2, PACKING_XZ, PACKING_ZSTD };

/* What the first bytes tell. */
enum packing packing_of(struct sv start);

struct unpack;

/* Told how many bytes were unpacked more; returns why nothing more may be, or NULL. */
typedef const char *unpack_counts(void *opaque, int64_t bytes);

/* Reads `packed`, whose memory outlives it, member after member. Free with unpack_free(). */
struct unpack *
unpack_new(enum packing packing, struct byte_stream packed, unpack_counts *counts, void *opaque);
void unpack_free(struct unpack *unpack);
struct byte_stream unpack_stream(struct unpack *unpack);

#endif
