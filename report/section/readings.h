/*
 * What was read of each topic: as which formats, whose times those are, what is in quarantine. It
 * is about the whole store and says nothing about the incident, so it is lines about the draft's
 * sources.
 */
#ifndef REPORT_SECTION_READINGS_H
#define REPORT_SECTION_READINGS_H

#include "report/draft.h"

/* Adds a line for each topic; nothing where nothing was counted. */
void add_readings(struct draft *draft);
/*
 * ", 3 with an assumed zone" and so on: how many events of each source of a time there are, of
 * those that there are. `joint` goes before the first.
 */
void add_time_sources(struct document *document, const int64_t events[TIME_SOURCE_ABSENT + 1],
                      const char *joint);

/* Adds a line where log lines were not stored for their time. */
void add_skipped(struct draft *draft);

#endif
