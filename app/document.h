/*
 * Writing a draft to where people edit it. What is there is never written over: it is merged with
 * the new draft (report/merge/merge.h) against the base that lies beside it (app/document_base.h),
 * and what it was stays as PATH.before-refresh. Killed between any two writes, nothing is lost, and
 * the next run ends as this one would have. Main thread.
 */
#ifndef APP_DOCUMENT_H
#define APP_DOCUMENT_H

#include "app/document_base.h"

#define DOCUMENT_BYTES_MAX ((size_t)64 << 20)

enum document_outcome {
    DOCUMENT_NEW,    /* there was none, or nobody had edited it */
    DOCUMENT_SAME,   /* nothing to change in what is there */
    DOCUMENT_MERGED, /* edited, and changed by the records */
    DOCUMENT_ASIDE,  /* another text without a base: kept beside it, see outfile_write_draft() */
};

/*
 * `base`: what is to be kept of the new draft; its text is the draft, its notes are made. IO,
 * LIMIT; FAILED where the file changes meanwhile.
 */
int document_write(const char *path, const struct document_base *base,
                   enum document_outcome *ret_outcome, struct merge_counts *ret_counts,
                   struct err *err) MUST_CHECK;

/* Adds a notice about the document as a whole to its end, once; nothing where it is not there. */
int document_notice(const char *path, struct sv notice, struct err *err) MUST_CHECK;

/* What became of it, for people: a line on stderr where it was edited. */
void
document_tell(const char *path, enum document_outcome outcome, const struct merge_counts *counts);

#endif
