/*
 * The files that were loaded and lie near the incident. They are about the sources of the draft and
 * say nothing about the incident.
 */
#ifndef REPORT_SECTION_FILES_H
#define REPORT_SECTION_FILES_H

#include "report/draft.h"

/* Adds lines about the document; nothing where no file is known. */
void add_files(struct draft *draft);

#endif
