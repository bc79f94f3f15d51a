/*
 * The sections: each adds to the draft's document what it has to say, and to draft->left_out how
 * many rows it does not show. They depend on the incident and on nothing that another one wrote.
 */
#ifndef REPORT_SECTION_FILLS_H
#define REPORT_SECTION_FILLS_H

struct draft;

#define FILL(name) void fill_##name(struct draft *draft);
#include "report/section/fills.def"
#undef FILL

#endif
