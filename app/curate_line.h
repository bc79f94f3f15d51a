/*
 * A line of an edited timeline, taken apart. Pure; any thread.
 */
#ifndef APP_CURATE_LINE_H
#define APP_CURATE_LINE_H

#include "base/sv.h"

/* VERB TIME ID [MARKS] WORDS; absent where there is none. */
struct curate_line {
    struct sv verb, time, id, marks, words;
};

/* The next word of a text, and what stands behind it; absent where there is no more. */
struct sv curate_word(struct sv *text);
/* The same of a time, which may have a date before it. */
struct sv curate_time(struct sv *text);
struct curate_line curate_line_of(struct sv text);

#endif
