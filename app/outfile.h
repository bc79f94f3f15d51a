/*
 * Writing the files a command was asked for. What people may have edited is never overwritten: a
 * draft that differs from the one about to be written is moved beside it first.
 */
#ifndef APP_OUTFILE_H
#define APP_OUTFILE_H

#include "base/err.h"
#include "base/strbuf.h"

/* Replace the file. LIMIT where the buffer overflowed, IO otherwise. */
int outfile_write(const char *path, const struct strbuf *text, struct err *err) MUST_CHECK;
/*
 * The same for a draft: a regular file of that name with other bytes is renamed to PATH.kept-N
 * (the first N that is free, up to OUTFILE_KEPT_MAX) and named on stderr; with the same bytes
 * nothing is written.
 */
int outfile_write_draft(const char *path, const struct strbuf *text, struct err *err) MUST_CHECK;
#define OUTFILE_KEPT_MAX 1000

#endif
