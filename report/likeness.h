/*
 * Whether two texts speak of one matter: by words that tell something, without a grammar. Pure.
 */
#ifndef REPORT_LIKENESS_H
#define REPORT_LIKENESS_H

#include <stdbool.h>

#include "base/sv.h"

/* The next word of a text (letters, digits, and '.', '-' between them, ',' between digits), or
 * false at its end.
 */
bool next_word(struct sv *rest, struct sv *ret_word);
/* Two words of four bytes or more that are not everywhere, or one name such as a version or a hash,
 * stand in both; ASCII case does not count. */
bool speak_of_one_matter(struct sv a, struct sv b);

#endif
