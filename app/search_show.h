/*
 * Looking for incidents, by words or by likeness, and showing what was found on stdout, with
 * remarks on stderr: words that are nowhere or everywhere, what was left out. Main thread.
 */
#ifndef APP_SEARCH_SHOW_H
#define APP_SEARCH_SHOW_H

#include "base/config/config.h"
#include "hindcast/search.h"

#define SEARCH_INCIDENTS_SHOWN 10 /* where no --limit is given */

/* The value of --limit; NULL leaves *most as it is. USAGE: not a number of 1 to 100. */
int search_limit(const char *text, int *most, struct err *err) MUST_CHECK;

int search_show(const struct config *config, const struct search_request *request, bool json,
                const volatile bool *stop, struct err *err) MUST_CHECK;
/* `name` as for casebook_similar(). */
int similar_show(const struct config *config, const char *name, int most, bool json,
                 const volatile bool *stop, struct err *err) MUST_CHECK;

#endif
