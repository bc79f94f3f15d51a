/*
 * Lines for people: whatever text from outside they quote reaches a terminal in the form of
 * escape_terminal() only. Any thread.
 */
#ifndef BASE_TEXT_VISIBLE_H
#define BASE_TEXT_VISIBLE_H

#include <stdio.h>

#include "base/err.h"

/*
 * Prints one line made harmless, arguments and all, and its end. For stderr, and for what stdout
 * says to people; a product with a format of its own escapes by the rules of that format.
 */
void visible_line(FILE *to, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
