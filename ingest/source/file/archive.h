/*
 * Zip, tar and compressed files.
 */
#ifndef INGEST_SOURCE_FILE_ARCHIVE_H
#define INGEST_SOURCE_FILE_ARCHIVE_H

#include "ingest/source/file/reading.h"

bool file_is_archive(struct sv start);
int file_archive(struct file_reading *reading, const struct input_file *file, int fd,
                 struct sv start, struct err *err) MUST_CHECK;

#endif
