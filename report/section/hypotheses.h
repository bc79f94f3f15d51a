/*
 * What people suspected, and what records say for and against it. Needed by the section that lists
 * it and by open questions.
 */
#ifndef REPORT_SECTION_HYPOTHESES_H
#define REPORT_SECTION_HYPOTHESES_H

struct draft;

/* One question for each hypothesis for which, and against which, a record speaks. */
void ask_about_hypotheses(struct draft *draft);

#endif
