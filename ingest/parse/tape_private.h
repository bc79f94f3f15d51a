/*
 * The fields that tapes look for: a tree of paths in which every spelling of a path (nested,
 * dotted, mixed) is an edge, so that the scanner needs one look-up a key. Private to tape.c and
 * tape_fields.c. Filled before the first scan, read by every thread afterwards.
 */
#ifndef INGEST_PARSE_TAPE_FIELDS_H
#define INGEST_PARSE_TAPE_FIELDS_H

#include "ingest/parse/tape.h"

#define FIELD_ROOT 0
#define FIELD_NONE (-1)

/* The field that the key leads to from `parent`, or FIELD_NONE. */
int tape_field_below(int parent, struct sv key);

/* Copies with what the escapes stand for: never longer than they are. The text was scanned. */
struct sv tape_unescaped(struct arena *arena, struct sv text);

static inline bool
tape_present(const struct tape *tape, int field)
{
    return (tape->present[field / 64] >> (field % 64) & 1) != 0;
}

#endif
