/*
 * Plain content: finds out what the bytes are, and splits them into records.
 */
#ifndef INGEST_SOURCE_FILE_CONTENT_H
#define INGEST_SOURCE_FILE_CONTENT_H

#include "ingest/source/file/reading.h"

int file_content(struct file_reading *reading, const char *name, const struct byte_stream *stream,
                 struct err *err) MUST_CHECK;

#endif
