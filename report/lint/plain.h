/*
 * The words of a block without what makes them Markdown: what is emphasised loses its marks, lines
 * are joined, blanks are single, apostrophes are straight; code, quotations, links and citations
 * are one mark each that no pattern takes for a word. Each byte knows where it stands in the text.
 * Then its sentences. Memory: the arena. One thread.
 */
#ifndef REPORT_LINT_PLAIN_H
#define REPORT_LINT_PLAIN_H

#include "base/arena.h"
#include "base/sv.h"

#define PLAIN_MARK '\x01' /* stands for what is nobody's wording */

struct plain {
    char *text;
    uint32_t *at; /* of each byte, and of the end, the place in the text */
    size_t len;
};

/* Of the bytes [from, to). `cited`: a line of ours; all between its first and last quote is one. */
void plain_read(struct plain *plain, struct sv text, size_t from, size_t to, bool cited,
                struct arena *arena);

/*
 * The sentence that begins at `from`, without blanks around it; `*ret_next` is where the next one
 * does. False when there is none. A stop ends a sentence where a blank and no small letter follow,
 * and no abbreviation or number of a list stands before it: `abbreviations` between '|'.
 */
bool plain_sentence(const struct plain *plain, size_t from, struct sv abbreviations,
                    struct sv *ret_sentence, size_t *ret_next);

#endif
