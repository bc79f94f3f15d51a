/*
 * What of a unit is compared: its words, whatever an editor made of their lines. Wrapped or not,
 * with another bullet, cells filled up with blanks, escapes that were needless taken away: that is
 * the same. Pure; in the arena.
 */
#ifndef REPORT_MERGE_SHAPES_H
#define REPORT_MERGE_SHAPES_H

#include "report/merge/units.h"

struct shape {
    struct sv words; /* kind, and the text with single blanks and without marks of lines */
    struct sv loose; /* the same without backslashes that stand before punctuation */
    struct sv plain; /* loose, without numbers of footnotes and ids of evidence */
    uint64_t loose_hash, plain_hash;
    uint64_t section;    /* id of its heading; 0: none */
    uint64_t id;         /* of the sentence and its heading, without figures and quotations; of a
                            footnote of the entries in it ("e:0123456789ab"), else of its text */
    const uint32_t *bag; /* hashes of the words of `plain`, sorted */
    size_t bag_count;
    uint32_t first_cell; /* rows: hash of the first cell; 0: it is empty, or no row */
};

struct shape *shapes_of(const struct units *units, struct arena *arena);

/* Nothing was written: at most an editor took needless backslashes away. */
bool shape_untouched(const struct shape *generated, const struct shape *found);
/* 0 to 1000: how many words two units share. Kinds must agree, of footnotes the ids, else 0. */
int shape_likeness(const struct shape *a, const struct shape *b);
/* Hash of bytes; never 0. */
uint64_t shape_hash(struct sv text);

#endif
