/*
 * Rows of a table of which many are alike: the first ones stand as they are, the others are added
 * up in one line. Private to app/file_table.c.
 */
#ifndef APP_FILE_RUN_H
#define APP_FILE_RUN_H

#include "app/file_tally.h"
#include "base/strbuf.h"

struct file_run {
    bool whole; /* set by the owner: every row stands as it is */

    /* its own */
    struct strbuf alike;   /* what the rows have in common; empty: no run */
    struct strbuf row;     /* of the last one that does not stand there */
    char what[TALLY_TEXT]; /* of rows without numbers */
    int64_t shown, folded;
    struct file_tally sum; /* of those that do not; its numbers alone count */
};

void file_run_init(struct file_run *run);
void file_run_release(struct file_run *run);
/*
 * The next row. Rows with the same `alike` are a run. With a tally its numbers are added up,
 * without one `what` says what all of them are.
 */
void file_run_add(struct file_run *run, struct strbuf *out, struct sv alike, struct sv row,
                  const struct file_tally *tally, const char *what);
/* Nothing follows that could be alike. */
void file_run_end(struct file_run *run, struct strbuf *out);

#endif
