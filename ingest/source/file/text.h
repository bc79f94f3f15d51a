/*
 * The bytes of a file as text: UTF-16 converted, a mark of the byte order and a hole of NUL bytes
 * at the beginning left out, what was read and not yet used in a buffer. Private to
 * ingest/source/file; one thread.
 */
#ifndef INGEST_SOURCE_FILE_TEXT_H
#define INGEST_SOURCE_FILE_TEXT_H

#include "ingest/source/file/document.h"
#include "ingest/source/file/pieces.h"
#include "ingest/source/file/reading.h"
#include "ingest/source/file/utf16.h"

#define PROBE_BYTES ((size_t)8192) /* that tell what it is */

/* The caller sets the first three, zeros the rest, and begins the hash where it wants one. */
struct file_text {
    struct file_reading *reading;
    const char *name;
    const struct byte_stream *stream;
    struct strbuf buffer; /* bytes read and not yet used start at `used` */
    size_t used;
    bool ended;
    bool broken; /* not at the end of the bytes, but by an error or a stop */
    struct utf16_state utf16;
    int64_t bytes;             /* of the stream */
    struct sha256_stream hash; /* of them, where the sink wants it */
};

/* Reads the first bytes. Returns whether there was a hole; the caller releases the buffer. */
bool file_text_open(struct file_text *text);
/* Reads more. False at the end; an error ends the file as well, and is told. */
bool file_text_fill(struct file_text *text);
static inline struct sv
file_text_pending(const struct file_text *text)
{
    return sv_slice(strbuf_view(&text->buffer), text->used, text->buffer.len);
}
/* It ended because the reading is to stop. */
bool file_text_stopped(const struct file_text *text);
/* For who reads it piece by piece. */
struct file_bytes file_text_bytes(struct file_text *text);

#endif
