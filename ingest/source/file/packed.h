/*
 * A file that is packed as a whole: one text, or a tar.
 */
#ifndef INGEST_SOURCE_FILE_PACKED_H
#define INGEST_SOURCE_FILE_PACKED_H

#include "ingest/source/file/unpack.h"

/* `bytes`: all of the file, whose size on disk is `packed` (-1: it is not a file on disk). */
int file_packed(struct file_reading *reading, const struct input_file *file, int fd,
                struct byte_stream bytes, enum packing packing, int64_t packed,
                struct err *err) MUST_CHECK;

#endif
