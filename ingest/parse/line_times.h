/*
 * Times in the head of text lines. See times.h for what they are.
 */
#ifndef INGEST_PARSE_LINE_TIMES_H
#define INGEST_PARSE_LINE_TIMES_H

#include "ingest/parse/times.h"

/* The time at the start of the line, or behind what some programs write before it. *ret_length: of
 * all that. */
bool times_read_line(struct sv line, const struct time_hints *hints, struct read_time *ret_time,
                     size_t *ret_length);

#endif
