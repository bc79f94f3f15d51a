/*
 * Checking formats of lines, as map_check.h checks a map: what is wrong with the file, which of
 * ours its formats replace, what they make of files, and who else bids as much. No server is asked
 * and nothing is written; the report goes to stdout. Main thread.
 */
#ifndef APP_LINES_CHECK_H
#define APP_LINES_CHECK_H

#include "app/map_check.h"

/* `map` of the request is a file NAME.lines. Returns as map_check_run() does. */
int lines_check_run(const struct map_check_request *request, struct err *err) MUST_CHECK;

#endif
