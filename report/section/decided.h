/*
 * What people decided about the incident itself, for the draft's metadata. Pure.
 */
#ifndef REPORT_SECTION_DECIDED_H
#define REPORT_SECTION_DECIDED_H

#include "report/draft.h"

/* A row for each of severity, status and lead that was said, with who said it and the decision. */
void add_decided(struct draft *draft);

#endif
