/*
 * What people decided about the incident itself, for the draft's metadata. Pure.
 */
#ifndef REPORT_SECTION_DECIDED_H
#define REPORT_SECTION_DECIDED_H

#include "report/draft.h"

/* A row for each of severity, status and lead that was said, with who said it and the decision. */
void add_decided(struct draft *draft);
/* ", said by mara (decision 0514...)" */
void put_decision(struct document *document, const struct decided *said);

#endif
