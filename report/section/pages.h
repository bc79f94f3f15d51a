/*
 * Who was paged, by name, and when each first shows in the records after it; how long nobody does.
 * Part of the section on the response. Absence is told with what was searched for it.
 */
#ifndef REPORT_SECTION_PAGES_H
#define REPORT_SECTION_PAGES_H

#include "report/draft.h"

bool somebody_was_paged(const struct draft *draft);
/* Nothing where nobody was paged by name. */
void state_pages(struct draft *draft);

#endif
