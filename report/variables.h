/*
 * Variables of templates: what {NAME} stands for (variables.def). "{{" is a brace.
 */
#ifndef REPORT_VARIABLES_H
#define REPORT_VARIABLES_H

#include "report/draft.h"

/*
 * Takes the next piece off `rest`: words, and the name between braces that ends them (absent where
 * none does). False at the end.
 */
bool variable_next(struct sv *rest, struct sv *ret_words, struct sv *ret_name);
bool variable_exists(struct sv name);
/* All of them, for a message: "{incident}, {number} ...". */
const char *variable_names(void);
/* Adds to the document what the variable, which exists, stands for. */
void variable_say(struct draft *draft, struct sv name);

#endif
