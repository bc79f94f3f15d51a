/*
 * Files that hold no text, told by their first bytes. Private to ingest/source/file; pure.
 */
#ifndef INGEST_SOURCE_FILE_NOT_TEXT_H
#define INGEST_SOURCE_FILE_NOT_TEXT_H

#include "base/sv.h"

/* What it is instead, for people; NULL when it may be text. */
const char *file_not_text(struct sv start);

#endif
