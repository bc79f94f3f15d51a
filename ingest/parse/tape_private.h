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
/*
 * The root has no value. Its bit tells of a tape that it holds fields beyond the near ones, and of
 * a list that it names some. Fields beyond are multiples of TAPE_NEAR, so that the bit they look at
 * is the root's: one look at a bit tells most fields from those that a text does not hold.
 */
#define FAR_BIT (UINT64_C(1) << FIELD_ROOT)

/* The field that the key leads to from `parent`, or FIELD_NONE. */
int tape_field_below(int parent, struct sv key);

/* How many there are: what a key leads to does not change while this does not. */
size_t tape_edge_count(void);

/* Where the value of a field beyond the near ones lies; NULL when the text has not held it so far.
 */
struct tape_value *tape_far_find(const struct tape *tape, int field);
/* The same, and there is one afterwards: where it lies does not change. */
struct tape_value *tape_far_add(struct arena *arena, struct tape *tape, int field);

/* Copies with what the escapes stand for: never longer than they are. The text was scanned. */
struct sv tape_unescaped(struct arena *arena, struct sv text);

/* Of a near field: true if it is there. Of one beyond: true if any of those is. */
static inline bool
tape_present(const struct tape *tape, int field)
{
    field &= TAPE_NEAR - 1;
    return (tape->present[field / 64] >> (field % 64) & 1) != 0;
}

#endif
