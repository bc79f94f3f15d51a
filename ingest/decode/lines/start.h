/*
 * How lines begin: which patterns the first bytes of a line leave possible. All patterns are one
 * automaton, walked once for a line, instead of a match each. What it leaves may still be no match:
 * it knows nothing of what only looks around, and does not look beyond LINE_START_BYTES.
 *
 * Patterns are added on one thread; then any thread may look. Each has a part of its own, made of
 * the lines that it saw, which is freed when it ends.
 */
#ifndef INGEST_DECODE_LINES_START_H
#define INGEST_DECODE_LINES_START_H

#include "base/arena.h"

#define LINE_START_BYTES 64 /* of a line that are looked at */
#define LINE_STARTS_MAX 256 /* patterns */
#define LINE_START_WORDS (LINE_STARTS_MAX / 64)

struct line_starts;
/* Lives in the arena; threads may look until it goes. */
struct line_starts *line_starts_new(struct arena *arena);
/*
 * A pattern of PCRE2 that is anchored at both ends, in which `.` is any byte. The patterns are
 * numbered from 0 in the order in which they are added. One that has something that is not
 * understood here, or would take too many states, is left by every line. -1: there are
 * LINE_STARTS_MAX already.
 */
int line_starts_add(struct line_starts *starts, struct sv pattern);
size_t line_starts_count(const struct line_starts *starts);
/* False for one that is left by every line. */
bool line_starts_knows(const struct line_starts *starts, size_t number);
/* After the last line_starts_add(), before the first line_starts_look(). */
void line_starts_ready(struct line_starts *starts);

/* A set of patterns, by their numbers. */
struct line_starts_left {
    uint64_t bits[LINE_START_WORDS];
};
/* Those that the line may match. A thread keeps its part of the last `starts` it looked with. */
void line_starts_look(const struct line_starts *starts, struct sv line,
                      struct line_starts_left *ret_left);

static inline void
line_starts_set(struct line_starts_left *left, size_t number)
{
    left->bits[number / 64] |= UINT64_C(1) << (number % 64);
}

static inline bool
line_starts_has(const struct line_starts_left *left, size_t number)
{
    return (left->bits[number / 64] >> (number % 64) & 1) != 0;
}

static inline bool
line_starts_any(const struct line_starts_left *a, const struct line_starts_left *b)
{
    uint64_t both = 0;
    for (size_t i = 0; i < LINE_START_WORDS; i++)
        both |= a->bits[i] & b->bits[i];
    return both != 0;
}

#endif
