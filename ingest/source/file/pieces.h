/*
 * JSON documents that are too large to be looked at as a whole: read as their bytes come, with the
 * memory of one record. Of an array each element is a record. An object larger than a record, or
 * with a list of more elements than a record may have events, is cut at its lists: each record has
 * a piece of the list and what stands around it, so that whoever reads it finds the same as in the
 * whole. What stands behind the list is seen by going ahead, where the bytes can be had twice or
 * are in memory, and up to FILE_REST_BYTES_MAX (rests.h); else it is in the last piece alone.
 * Private to ingest/source/file; one thread.
 */
#ifndef INGEST_SOURCE_FILE_PIECES_H
#define INGEST_SOURCE_FILE_PIECES_H

#include "ingest/source/file/reading.h"

#define FILE_PIECE_BYTES_MAX ((size_t)1024 * 1024) /* of a list; an element may be more */
#define FILE_PIECE_ELEMENTS_MAX ((size_t)1000)
#define FILE_PIECE_DEPTH_MAX 8 /* of objects and lists around a list that is cut */

/* Where the bytes come from. */
struct file_bytes {
    void *opaque;
    struct sv (*pending)(const void *opaque); /* that are read and not yet used */
    bool (*fill)(void *opaque);               /* more of them; false: there are none */
    void (*use)(void *opaque, size_t count);
    bool (*broken)(const void *opaque); /* they ended by an error or a stop */
};

/* May the bytes, which are not all, be the beginning of such a document? */
bool file_json_begins(struct sv bytes);
/* Has an object of these documents a list that would be refused for its length? */
bool file_json_crowded(struct sv bytes);
/* `scout`: the same bytes, from the same one on, to be used ahead of the others; NULL: they come
 * only once. */
int file_json_pieces(struct file_reading *reading, const char *name, const struct file_bytes *bytes,
                     const struct file_bytes *scout, struct err *err) MUST_CHECK;

#endif
