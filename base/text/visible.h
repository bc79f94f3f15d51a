/*
 * The one form in which text from outside (names of files, of archive entries and topics, what
 * records say, what servers answer) reaches a terminal: as it is where it can be seen, else with a
 * mark in the place of what steers the terminal or deceives the reader. Control characters C0 and
 * C1, ESC and DEL, bytes that are not UTF-8, direction marks and characters without a width become
 * U+FFFD, line ends and tabs a blank: what was one line stays one line. Any thread.
 */
#ifndef BASE_TEXT_VISIBLE_H
#define BASE_TEXT_VISIBLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "base/strbuf.h"

/* What one character is to a reader. */
enum visible_kind {
    VISIBLE_PLAIN, /* can be shown as it is */
    VISIBLE_BLANK, /* ends a line or moves on: a blank says as much */
    VISIBLE_HARMFUL,
};

/* Bytes of the first character of `text`, which is not empty; 1 where it is not UTF-8. */
size_t visible_first(struct sv text, enum visible_kind *ret_kind);
/* Adds the first character in its harmless form; returns how many bytes of `text` it took. */
size_t visible_add_first(struct strbuf *out, struct sv text);
/* Adds all of it. */
void visible_add(struct strbuf *out, struct sv text);

/*
 * Prints one line made harmless, arguments and all, and its end. For stderr, and for what stdout
 * says to people; a product with a format of its own escapes by the rules of that format.
 */
void visible_line(FILE *to, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
