/*
 * Absence is told with what was searched for it: how many messages of how many channels, how many
 * records of how many sources. Where there was nothing to search, that is told instead. Each adds a
 * remark to the document of the draft; words are what was looked for.
 */
#ifndef REPORT_SEARCHED_H
#define REPORT_SEARCHED_H

#include "report/draft.h"

/* "No message of 3 channels (41 messages) {says}."; without any: "No message was read: {unknown}."
 */
void say_no_message(struct draft *draft, const char *says, const char *unknown);
/* "None of 120 rows from 4 sources {is}.", "No row {is}: there is 1, from 1 source."; without any:
 * "No record was read: {unknown}." */
void say_no_record(struct draft *draft, const char *is, const char *unknown);

#endif
