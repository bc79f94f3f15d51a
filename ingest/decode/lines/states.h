/*
 * The states of an automaton that reads several patterns at once, any number of which may be
 * reached at a time. Private to start.c and states.c.
 */
#ifndef INGEST_DECODE_LINES_STATES_H
#define INGEST_DECODE_LINES_STATES_H

#include <limits.h>

#include "base/arena.h"

#define STATES_NONE UINT32_MAX
#define STATES_MAX 200000 /* of all patterns */
#define BYTE_WORDS ((UCHAR_MAX + 1) / 64)

struct byte_set {
    uint64_t bits[BYTE_WORDS];
};

struct state {
    uint32_t next, other; /* STATES_NONE: none */
    uint16_t set;         /* the bytes that lead to `next`; STATE_FREE: none is read, and both may
                           * be reached; STATE_END: the pattern may end here */
    uint16_t pattern;
};
#define STATE_FREE UINT16_MAX
#define STATE_END (UINT16_MAX - 1)

struct states {
    struct arena *arena;
    struct state *list;
    uint32_t count;
    size_t size;
    struct byte_set *sets; /* each once */
    uint16_t set_count;
    size_t set_size;
};

static inline bool
byte_in(const struct byte_set *set, unsigned byte)
{
    return (set->bits[byte / 64] >> (byte % 64) & 1) != 0;
}

/* Adds those of a pattern. Returns the first; STATES_NONE when it has what is not understood,
 * or there would be more than STATES_MAX. */
uint32_t states_add(struct states *states, struct sv pattern, uint16_t number);

#endif
