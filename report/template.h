/*
 * Templates of a draft: which sections it has, in which order, and what the tool says and asks
 * there. Lines of text, "KIND<tab>ID<tab>TEXT"; docs/postmortem.md says what each kind means.
 */
#ifndef REPORT_TEMPLATE_H
#define REPORT_TEMPLATE_H

#include "report/draft.h"

#define TEMPLATE_BYTES_MAX (256U << 10)
#define TEMPLATE_SECTIONS_MAX 100
#define TEMPLATE_ID_MAX 40 /* characters of a section's id: a to z, 0 to 9 and '-' */

/*
 * Makes the draft's document, title first. CONFIG, with file and line: a line that cannot be read,
 * a section or a variable that does not exist.
 */
int template_fill(const struct report_template *template, struct draft *draft,
                  struct err *err) MUST_CHECK;

#endif
