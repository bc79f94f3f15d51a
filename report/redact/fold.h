/*
 * Words of a text as names are compared: without case, and for people without what stands between
 * the parts. Simple case folding of Latin, Greek and Cyrillic letters; no locale. Pure.
 */
#ifndef REPORT_REDACT_FOLD_H
#define REPORT_REDACT_FOLD_H

#include "base/arena.h"

/* A run of letters and digits. */
struct fold_word {
    size_t from, to; /* in the text */
    struct sv folded;
    bool capital; /* begins with a capital letter */
    bool dense;   /* of a script that sets no blanks between words */
};

/* All of them, in the arena. The text is UTF-8. */
struct fold_word *fold_words(struct arena *arena, struct sv text, size_t *ret_count);
/* Without case, all else as it is. */
struct sv fold_text(struct arena *arena, struct sv text);
/* The folded words with one blank between them. */
struct sv fold_joined(struct arena *arena, const struct fold_word *words, size_t count);

#endif
