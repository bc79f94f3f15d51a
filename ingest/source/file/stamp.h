/*
 * Decoding a record as it is read, and what the file around it tells of its time: a log line
 * without a time takes that of the line before it in its file, and carries it as a header, so that
 * ingest finds the same. Private to ingest/source/file; the thread of the reading.
 */
#ifndef INGEST_SOURCE_FILE_STAMP_H
#define INGEST_SOURCE_FILE_STAMP_H

#include "ingest/source/file/reading.h"

/*
 * Decodes the record with the options of the sink, fills in what it decodes to (in the arena), and
 * adds the header HEADER_INHERITED where that has a use. `last_ns` is the time of the record before
 * it in its file, TIME_NONE for none, and becomes that of this one, if it has a time of its own.
 */
void file_stamp(struct file_reading *reading, struct arena *arena, struct file_record *record);
/* True if one of the events of a stamped record tells its time itself. */
bool file_has_own_time(const struct file_record *record);

#endif
