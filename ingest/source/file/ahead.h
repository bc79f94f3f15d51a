/*
 * A stream of bytes whose beginning is looked at before it is read. One thread.
 */
#ifndef INGEST_SOURCE_FILE_AHEAD_H
#define INGEST_SOURCE_FILE_AHEAD_H

#include "ingest/source/file/reading.h"

#define AHEAD_BYTES 512 /* the header of a tar */

struct ahead {
    struct byte_stream inner;
    char start[AHEAD_BYTES];
    size_t len, used;
    bool failed; /* while looking ahead: handed on after the bytes before it */
    const char *reason;
};

/* Reads the beginning of `inner`, whose memory outlives the stream. Returns it. */
struct sv ahead_init(struct ahead *ahead, struct byte_stream inner);
/* All of the bytes, from the first on. */
struct byte_stream ahead_stream(struct ahead *ahead);

#endif
