/*
 * Zip and tar, each as it is or packed; entries of theirs that are packed.
 */
#ifndef INGEST_SOURCE_FILE_ARCHIVE_H
#define INGEST_SOURCE_FILE_ARCHIVE_H

#include "ingest/source/file/archive_input.h"

bool archive_is_zip(struct sv start);
/* The header of its first entry has the checksum that it tells. */
bool archive_is_tar(struct sv start);
int file_archive(struct file_reading *reading, const struct input_file *file, int fd,
                 enum archive_kind kind, enum packing packing, struct err *err) MUST_CHECK;

#endif
