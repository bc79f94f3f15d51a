/*
 * Words of Markdown, a line of them, written in another form. Internal to converting (convert.h).
 */
#ifndef REPORT_RENDER_INLINE_H
#define REPORT_RENDER_INLINE_H

#include "report/merge/units.h"
#include "report/render/markup.h"

struct footnote {
    struct sv label, text;
    size_t number; /* 0: not cited so far */
};

struct footnotes {
    struct footnote *at;
    size_t count, cited;
};

/* Adds the words; footnotes that they cite get a number. */
void inline_put(const struct markup *markup, struct footnotes *footnotes, struct sv words,
                struct strbuf *out);

#endif
