/*
 * How many were affected, where records count one thing differently.
 */
#ifndef REPORT_SECTION_SIZES_H
#define REPORT_SECTION_SIZES_H

struct draft;

/* One question for each thing that two candidates for the impact count differently. */
void ask_about_sizes(struct draft *draft);

#endif
