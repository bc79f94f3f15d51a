/*
 * Days that a person gives for files that tell none, `--date`: the day on which what a file holds
 * begins, or the moment at which a call began. Filled before files are read, read-only afterwards.
 */
#ifndef INGEST_SOURCE_FILE_DATES_H
#define INGEST_SOURCE_FILE_DATES_H

#include "ingest/source/file/zones.h"
#include "ingest/talk/message.h"

struct file_dates {
    struct file_zones by_name; /* the same patterns; values are dates */
};

/*
 * "DATE" or "PATTERN=DATE", patterns as those of file_zones_add(); DATE is "2026-03-10",
 * "2026-03-10T10:02" or the same with a zone. USAGE: it is none of these.
 */
int file_dates_add(struct file_dates *dates, const char *text, struct err *err) MUST_CHECK;
void file_dates_release(struct file_dates *dates);
/*
 * Puts into the hints what is given for the file of this name, if anything: `by_name`, with a
 * pattern that fits it, else for all files.
 */
void file_dates_find(const struct file_dates *dates, const char *name, bool by_name,
                     struct talk_hints *hints);

#endif
