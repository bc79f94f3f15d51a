/*
 * A person's editor. Main thread.
 */
#ifndef APP_EDITOR_H
#define APP_EDITOR_H

#include <stdbool.h>

#include "base/err.h"

/* True if standard input and output are a terminal, so that there is somebody to edit. */
bool editor_has_terminal(void);
/* Opens the file in $VISUAL, $EDITOR or vi, and waits for its end. FAILED: it could not be run, or
 * ended with an error. */
int editor_edit(const char *path, struct err *err) MUST_CHECK;
/* Asks on the terminal; the first letter of the answer, 'n' where there is none. */
char editor_ask(const char *question);

#endif
