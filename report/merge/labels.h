/*
 * Numbers of footnotes when texts are merged. A generated text numbers its footnotes anew when
 * there are others before them; what people wrote goes on citing the same entries. A footnote is
 * known by the ids of the entries ("e:0123456789ab") in its definition, else by its text. Pure; in
 * the arena.
 */
#ifndef REPORT_MERGE_LABELS_H
#define REPORT_MERGE_LABELS_H

#include "base/strbuf.h"
#include "report/merge/align.h"

struct label {
    struct sv from, to;
};

struct labels {
    struct label *at; /* by `from` */
    size_t count;
};

/*
 * What each label in `edited` is called beside `generated`: as there where that has the footnote;
 * else as it was, with "-2", "-3" where the label means another one there. A definition that people
 * removed is looked up in `base`.
 */
void labels_of(const struct side *edited, const struct side *base, const struct side *generated,
               struct arena *arena, struct labels *ret_labels);
/* Adds the text with its labels as they are called now. */
void labels_put(const struct labels *labels, struct sv text, struct strbuf *out);
/* The same; citations that the edited text does not have are left out: nothing defines them. */
void labels_put_known(const struct labels *labels, struct sv text, struct strbuf *out);
/* The next "[^label]" from *at on: *ret_label, and *at behind it. False: there is none. */
bool label_next(struct sv text, size_t *at, struct sv *ret_label);

#endif
