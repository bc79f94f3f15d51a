/*
 * Figures that a sentence tells of an impact: how many were affected, how much money, which share,
 * where and for how long. English and German. Pure; views into the sentence.
 */
#ifndef REPORT_SECTION_FIGURES_H
#define REPORT_SECTION_FIGURES_H

#include "base/sv.h"

#define FIGURES_MAX 8        /* of one sentence */
#define FIGURE_WORDS_MAX 128 /* of a sentence; later ones are not read */

struct figure {
    int what;       /* of what: figures that count one thing have the same */
    struct sv said; /* "roughly 3,000 customers", "eu-west-1 only" */
};

enum figure_told { TOLD_AS_FACT, TOLD_AS_POSSIBLE, TOLD_AS_NONE };

/* "customers", "money", "duration"; never NULL. */
const char *figure_what(int what);
/* In their order; questions have none. */
size_t figures_in(struct sv sentence, struct figure ret_figures[FIGURES_MAX]);
/* How the sentence tells them: "may be", "no customers affected". */
enum figure_told figures_told(struct sv sentence);
/* Takes the next sentence off the text; false where there is none. */
bool next_sentence(struct sv *text, struct sv *ret_sentence);

#endif
