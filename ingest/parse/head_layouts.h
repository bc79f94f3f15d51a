/*
 * Heads of lines that no rule for all covers. Used by line_head.c.
 */
#ifndef INGEST_PARSE_HEAD_LAYOUTS_H
#define INGEST_PARSE_HEAD_LAYOUTS_H

#include "ingest/parse/line_head.h"

/* A part of the head under its name; the first of a name stays, an empty one is none. */
void head_put_part(struct text_head *head, const char *name, struct sv value);
/* Fills in the head of a line in the layout of one program; false, and nothing filled in: none. */
bool head_read_layout(struct sv line, const struct time_hints *hints, struct text_head *head);
/* Behind a level: "in app: message" (Flask) names a logger; where the message begins, or `at`. */
size_t head_behind_in(struct sv line, size_t at, struct text_head *head);
/* Behind "1702  2395 D ": logcat's tag, which may have blanks; where the message begins. */
size_t head_behind_tag(struct sv line, size_t at, struct text_head *head);

#endif
