/*
 * What a pattern cannot say of the text it found: check digits, ranges, how mixed it is. Pure.
 */
#ifndef REPORT_REDACT_CHECKS_H
#define REPORT_REDACT_CHECKS_H

#include "base/sv.h"

typedef bool redact_check(struct sv text);

/* By its word; "-" is none (NULL). False: there is no such check. */
bool redact_check_find(struct sv word, redact_check **ret_check);

#endif
