/*
 * Reading a small file whole, where what it holds is ours or people edited it. Any thread.
 */
#ifndef APP_INFILE_H
#define APP_INFILE_H

#include "base/err.h"
#include "base/strbuf.h"

/*
 * Adds the bytes of a regular file; *ret_there: there is one. IO where it cannot be read, LIMIT
 * where it does not fit into the buffer's maximum.
 */
int infile_read(const char *path, struct strbuf *out, bool *ret_there, struct err *err) MUST_CHECK;

#endif
