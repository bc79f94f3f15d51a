/*
 * The files that were loaded and lie near the incident. They are about the sources of the draft and
 * say nothing about the incident, so they are remarks.
 */
#ifndef REPORT_SECTION_FILES_H
#define REPORT_SECTION_FILES_H

#include "report/draft.h"

/* How many of the files near the incident were read, need a look, were not read. */
struct file_counts {
    size_t read, look, unread;
};
struct file_counts files_count(const struct draft *draft);
/* Adds remarks to the section; nothing where no file is known. */
void add_files(struct draft *draft);

#endif
