/*
 * A Markdown text taken apart into units: what people delete, move or reword as one, and what a
 * generator writes as one block. A unit is a heading, a paragraph, an item of a list, a paragraph
 * of a quotation, a fenced block, a comment, a definition of a footnote, the head of a table (with
 * the line below it), or a row of one. Every byte of the text is in one unit, in the blank lines
 * behind one, or before the first: put together again they are the text. Pure; views into the text,
 * which must live as long.
 */
#ifndef REPORT_MERGE_UNITS_H
#define REPORT_MERGE_UNITS_H

#include "base/arena.h"

enum unit_kind {
    UNIT_PARAGRAPH,
    UNIT_HEADING,
    UNIT_ITEM,
    UNIT_QUOTE,
    UNIT_HEAD, /* of a table */
    UNIT_ROW,
    UNIT_FENCE,
    UNIT_COMMENT,
    UNIT_NOTE, /* the definition of a footnote */
    UNIT_RULE,
};

#define UNIT_NONE SIZE_MAX

struct unit {
    enum unit_kind kind;
    struct sv text; /* its lines with their ends */
    struct sv gap;  /* the blank lines behind it */
    size_t indent;  /* of its first line, in columns */
    size_t heading; /* place of the heading it stands below; UNIT_NONE: before the first */
    size_t head;    /* rows: place of the head of their table; UNIT_NONE: none */
};

struct units {
    struct sv start; /* blank lines and a byte order mark before the first */
    struct unit *at;
    size_t count;
};

void units_of(struct sv text, struct arena *arena, struct units *ret_units);

/* Of an item: the length of what stands before its words (blanks, marker, blank); else 0. */
size_t unit_marker(const struct unit *unit);
/* "12" of a definition "[^12]: ..."; absent for other units. */
struct sv unit_label(const struct unit *unit);
/* Takes the next cell, trimmed, off a row or the first line of a head; false at its end. */
bool unit_next_cell(struct sv *rest, struct sv *ret_cell);
/* What unit_next_cell() begins with. */
struct sv unit_cells(const struct unit *unit);

#endif
