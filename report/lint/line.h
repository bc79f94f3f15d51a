/*
 * What one line of Markdown begins: pure looks at a line without its end. Any thread.
 */
#ifndef REPORT_LINT_LINE_H
#define REPORT_LINT_LINE_H

#include "base/sv.h"

/* Columns of the blanks at the start; a tab goes on to the next multiple of four. */
size_t line_indent(struct sv line);
/* The line without them. */
struct sv line_body(struct sv line);
/* "```" or "~~~", three of them at least: how many, and which; 0: it opens no block of code. */
size_t line_fence(struct sv body, char *ret_mark);
/* "## Title ##": bytes before the title, or 0; *ret_title is without the marks. */
size_t line_heading(struct sv body, struct sv *ret_title);
/* "===" or "---" below a paragraph. */
bool line_underlines(struct sv body);
/* "---", "***", "___", three of them at least. */
bool line_is_break(struct sv body);
/* "- ", "* ", "+ ", "12. ", "3) ", with a box "[ ] " behind it: bytes before the words, or 0. */
size_t line_item(struct sv body);
/* "|---|:--:|": what makes the line before it the head of a table. */
bool line_delimits(struct sv body);
/* Is there a column in it, a bar that nothing escapes? */
bool line_has_bar(struct sv body);
/* "[^7]: words", what a footnote says: its label "7", and the words; false: it is none. */
bool line_note(struct sv body, struct sv *ret_label, struct sv *ret_words);
/* The next "[^7]" of a text, which goes on behind it. */
bool line_next_reference(struct sv *text, struct sv *ret_label);

#endif
