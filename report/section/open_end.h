/*
 * What a draft says of an incident whose records tell no end. Nothing of one that has an end.
 */
#ifndef REPORT_SECTION_OPEN_END_H
#define REPORT_SECTION_OPEN_END_H

#include "report/draft.h"

/* Spans: "not resolved in the records; last state: acknowledged at 2026-03-03 14:10 UTC"; where a
 * record reads like an end and is in doubt, that. */
void say_open_end(struct draft *draft);
/* The same as a statement, proved by what tells the last state. */
void state_open_end(struct draft *draft);

#endif
