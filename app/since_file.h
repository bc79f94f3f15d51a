/*
 * A cursor as people give it: the text itself, the whole line that `export --since` ended with, or
 * "@FILE" for the last line of a file, which is one of the two (only the end of the file is read).
 */
#ifndef APP_SINCE_FILE_H
#define APP_SINCE_FILE_H

#include "base/arena.h"
#include "base/err.h"

/* IO where the file cannot be read, USAGE where it does not end with a cursor. */
int
since_text(struct arena *arena, const char *given, struct sv *ret_text, struct err *err) MUST_CHECK;

#endif
