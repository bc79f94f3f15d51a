/*
 * Writing the files a command was asked for. A file is written beside the one it is to replace,
 * synced, and renamed when it is whole: whatever goes wrong, the old file stays and no part of the
 * new one is left. What is not a regular file (a pipe, a device) is written as it stands. What
 * people may have edited is never overwritten: a draft that differs from the one about to be
 * written is kept beside it. Any thread.
 */
#ifndef APP_OUTFILE_H
#define APP_OUTFILE_H

#include "base/err.h"
#include "base/strbuf.h"

/* Replace the file, all or nothing. IO on failure. */
int outfile_write_bytes(const char *path, struct sv bytes, struct err *err) MUST_CHECK;
/* The same; LIMIT where the buffer overflowed. */
int outfile_write(const char *path, const struct strbuf *text, struct err *err) MUST_CHECK;
/*
 * The same for a draft: a regular file of that name with other bytes gets the name PATH.kept-N (the
 * first N that is free, up to OUTFILE_KEPT_MAX), which is told on stderr; with the same bytes
 * nothing is written.
 */
int outfile_write_draft(const char *path, const struct strbuf *text, struct err *err) MUST_CHECK;
#define OUTFILE_KEPT_MAX 1000
/*
 * Replaces a regular file that people may be editing, which held `expected` when it was read; what
 * was replaced is PATH.before-refresh afterwards (`keep`), or gone. FAILED where it holds something
 * else by now: then it is as it was.
 */
int outfile_replace(const char *path, struct sv expected, struct sv bytes, bool keep,
                    struct err *err) MUST_CHECK;
#define OUTFILE_BEFORE ".before-refresh"

#endif
