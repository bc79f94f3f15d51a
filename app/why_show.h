/*
 * Saying on stdout why an incident, or a row of it, is what it is. Main thread.
 */
#ifndef APP_WHY_SHOW_H
#define APP_WHY_SHOW_H

#include "base/config/config.h"

/* `incident` as for casebook_incident(); `row` (NULL: the incident as a whole) as for why_find().
 * USAGE: more than one row fits, which are listed; NOT_FOUND: none does. */
int why_show(const struct config *config, const char *incident, const char *row, bool json,
             const volatile bool *stop, struct err *err) MUST_CHECK;

#endif
