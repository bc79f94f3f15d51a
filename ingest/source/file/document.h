/*
 * JSON values one after the other, if that is what the bytes are.
 */
#ifndef INGEST_SOURCE_FILE_DOCUMENT_H
#define INGEST_SOURCE_FILE_DOCUMENT_H

#include "ingest/source/file/reading.h"

bool file_is_json_line(struct sv line, bool *ret_array);
bool file_is_json_sequence(struct sv bytes);
/* `cut`: the bytes break off; a value that is not whole is left out. */
int file_json_sequence(struct file_reading *reading, const char *name, struct sv bytes, bool cut,
                       struct err *err) MUST_CHECK;

#endif
