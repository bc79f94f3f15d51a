/*
 * Talk in files: one record a message, with headers that tell what stands around it in its file
 * (the day, who speaks), so that the record can be read alone. Private to ingest/source/file; the
 * thread of the reading.
 */
#ifndef INGEST_SOURCE_FILE_TALK_H
#define INGEST_SOURCE_FILE_TALK_H

#include "ingest/source/file/reading.h"

#define FILE_PASTE_START ((size_t)32 * 1024) /* of a file, that has to look like talk */
#define FILE_PASTE_MAX ((size_t)4 * 1024 * 1024)

/* True if the text, which begins like this, might be pasted from a chat: then all of it is wanted.
 */
bool file_may_be_pasted(const struct file_reading *reading, const char *name, struct sv start);
/* The whole text. *ret_paste is false, and nothing is handed out, when it is not a paste. */
int file_pasted(struct file_reading *reading, const char *name, struct sv text, bool *ret_paste,
                struct err *err) MUST_CHECK;

/* A file in which lines are talk. NULL: it is not, by its first lines. Free with file_talk_free().
 */
struct file_talk;
struct file_talk *file_talk_new(struct file_reading *reading, const char *name, struct sv start);
void file_talk_free(struct file_talk *talk);
/* The next line with its end, at reading->line. */
int file_talk_line(struct file_talk *talk, struct sv line, struct err *err) MUST_CHECK;
/* After the last one. */
int file_talk_end(struct file_talk *talk, struct err *err) MUST_CHECK;

#endif
