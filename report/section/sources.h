/*
 * What was read and what is not in view: about the sources of a draft, not about its incident.
 */
#ifndef REPORT_SECTION_SOURCES_H
#define REPORT_SECTION_SOURCES_H

#include "report/draft.h"

/* Adds "alerts, chat" to the block begun last: the kinds of sources that have an entry in the
 * incident, or those that have none. */
void sources_say(struct draft *draft, bool present);

#endif
