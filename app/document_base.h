/*
 * .base.json beside a draft: what was generated last, block by block, and what it was made of. With
 * it the draft is merged with a newer one, and its incident is found again. docs/postmortem.md has
 * its members. Main thread.
 *
 * An edited draft and its base are two files. So that a run that is killed between them leaves no
 * doubt, the base to come is kept beside the last one first, with the digest of the text it goes
 * with: whichever text lies there tells which of the two is its base.
 */
#ifndef APP_DOCUMENT_BASE_H
#define APP_DOCUMENT_BASE_H

#include "app/incident_file.h"
#include "report/merge/merge.h"

#define DOCUMENT_BASE_FILE ".base.json"
#define DOCUMENT_BASE_BYTES_MAX ((size_t)256 << 20)

struct document_base {
    struct merge_base merge;
    struct uid_list members, attached; /* see incident_file.h */
    struct sv document;                /* which it is: see hindcast/report_documents.def */
    bool public;                       /* a redacted copy */
    struct sv zone;                    /* of the second time column; absent: none */
    struct sv timeline;                /* name of the file with every row beside it; absent: none */
};

/*
 * Of the document at `path`, which holds `text` (absent: it does not matter). *ret_there: its base
 * is there and whole; one that is damaged is told on stderr and is not there.
 */
int document_base_read(const char *path, struct sv text, struct arena *arena,
                       struct document_base *ret_base, bool *ret_there, struct err *err) MUST_CHECK;
/* Keeps it, beside those of other documents in the folder. */
int
document_base_write(const char *path, const struct document_base *base, struct err *err) MUST_CHECK;
/* Keeps `last`, and `next` as the base of `text`, which is about to be written. */
int document_base_announce(const char *path, const struct document_base *last,
                           const struct document_base *next, struct sv text,
                           struct err *err) MUST_CHECK;

#endif
