/*
 * Which incidents of a draft are written, and how the list says which are not. Main thread.
 */
#ifndef APP_DRAFT_CHOICE_H
#define APP_DRAFT_CHOICE_H

#include "app/draft_result.h"

#define DRAFT_OTHERS_SHOWN 20 /* of those that are not written; the others are counted */

/*
 * Sets ret_written of each incident, by the rule of draft_write_incidents(); at least one is true.
 * `folders`: the folder that each has, absent: none. NOT_FOUND: none is called as asked.
 */
int draft_choice(const struct draft_result *result, const struct sv *folders,
                 const struct stored_incident *heads, size_t count, bool *ret_written,
                 struct err *err) MUST_CHECK;
/* Adds the table of those that are written, and of the others, by rank, with how to get them. */
void draft_choice_list(const struct stored_incident *heads, const bool *written, size_t count,
                       size_t columns, struct strbuf *out);

#endif
