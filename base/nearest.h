/*
 * How much alike two names are, for "did you mean". Any thread; nothing here has state.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/*
 * The least number of bytes to insert, remove, replace or swap with their neighbour that makes `b`
 * of `a` (optimal string alignment). Names are cut at 64 bytes.
 */
size_t nearest_distance(const char *a, const char *b);
/*
 * The best of several candidates: begin, offer each, read `found`. NULL when none is so near that
 * it may have been meant; of equally near ones the first. `wanted` and the candidates are borrowed.
 */
struct nearest {
    const char *wanted, *found;
    size_t limit; /* `found` is the next to be beaten */
};

void nearest_begin(struct nearest *nearest, const char *wanted);
void nearest_offer(struct nearest *nearest, const char *candidate);

#endif
