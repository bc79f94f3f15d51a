/*
 * Which units of two texts are the same: those that did not change, in order; those that moved;
 * those that were reworded, where enough of the words are left. Pure. A pair that is missed costs a
 * note and no text: nothing is dropped but what is equal to what was generated.
 */
#ifndef REPORT_MERGE_ALIGN_H
#define REPORT_MERGE_ALIGN_H

#include "report/merge/shapes.h"

struct side {
    const struct unit *units;
    const struct shape *shapes;
    size_t count;
};

enum align_by {
    ALIGN_TEXTS,     /* a text and what people made of it: footnotes have the same numbers */
    ALIGN_GENERATED, /* two generated texts: numbers differ, sentences keep their ids */
};

/*
 * ret_other[i]: place in b of what a[i] is there, or UNIT_NONE; as long as a. No place twice. First
 * what is the same, in order, then what moved.
 */
void align_same(const struct side *a, const struct side *b, enum align_by by, size_t *ret_other);
/*
 * Adds what was reworded, among what has no place in `other` yet; `taken` (may be NULL): places of
 * b that are something else. Likeness is looked for within ALIGN_WINDOW units.
 */
void align_like(const struct side *a, const struct side *b, enum align_by by, const bool *taken,
                size_t *other);

#define ALIGN_WINDOW 400
#define ALIGN_LIKENESS 500     /* thousandths of the words between units that stay */
#define ALIGN_FAR_LIKENESS 700 /* anywhere */
#define ALIGN_SAME_MAX 64      /* places of one and the same unit that are looked at */

#endif
