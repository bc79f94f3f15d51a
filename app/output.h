/*
 * Standard output and what becomes of it. Commands print with stdio as ever; main calls
 * output_open() first and output_close() last, for every command, --help and --version included, so
 * that no byte can be lost in silence: the first failing write is remembered with its reason, and
 * what stdio would try afterwards is thrown away. A reader who has seen enough (`| head`) is no
 * failure, nor is one who leaves the pager. Where standard output is a terminal, everything passes
 * through escape_terminal(); marks of styles (report/render/style.h) become colour. Main thread.
 */
#ifndef APP_OUTPUT_H
#define APP_OUTPUT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strbuf.h"

/*
 * Puts a checked stream in the place of stdout, and makes sure that the numbers of the standard
 * streams are taken: where a caller closed one, a file or socket opened later must not get it.
 */
void output_open(void);

/* Only where it is a terminal. */
void output_clear_screen(void);

/* True if standard output is a terminal that can do more than write lines (TERM). Asked before any
 * pager. */
bool output_is_terminal(void);
/* Columns of that terminal; 0 when it is none. */
size_t output_columns(void);

/*
 * Show what is printed from now on in the person's pager (app/pager.h), where standard output is a
 * terminal; false: not any more, unless something was printed already.
 */
void output_page(bool wanted);

/* True if a write has failed, or the reader has gone. Whoever prints in a loop may end it then. */
bool output_failed(void);

/* Prints a whole buffer; LIMIT, and nothing printed, when it overflowed. `what`: "the timeline". */
int output_buffer(const struct strbuf *text, const char *what, struct err *err) MUST_CHECK;

/*
 * Writes what is left, closes standard output and waits for a pager to be left. Returns `status`,
 * or 1 in the place of 0 when what was printed did not all arrive, which is then told on stderr.
 */
int output_close(int status);

#endif
