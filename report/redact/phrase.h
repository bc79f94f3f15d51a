/*
 * The forms of a name as words: what is looked up at each word of a text. Part of names.h.
 */
#ifndef REPORT_REDACT_PHRASE_H
#define REPORT_REDACT_PHRASE_H

#include "report/redact/names.h"

struct phrase {
    struct sv joined; /* folded words */
    struct sv exact;  /* folded text; absent: what stands between the words does not matter */
    struct identity *identity; /* NULL: several */
    enum redact_kind kind;
    bool capital; /* counts with a capital letter, or behind '@' */
    bool sigil;   /* counts behind '#', ':' or '@' */
    struct phrase *next;
};

/*
 * Adds one of so many words. Two people of one name are several; a stronger kind takes the place of
 * a weaker one.
 */
void phrase_add(struct names *names, struct phrase phrase, size_t words);
/* A name in a script without blanks, found anywhere. */
void phrase_add_dense(struct names *names, struct sv folded, struct identity *identity);

#endif
