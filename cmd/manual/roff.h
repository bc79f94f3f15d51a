/*
 * Pieces of a manual page as man(7) source. Pure: each function adds to a buffer.
 */
#ifndef CMD_MANUAL_ROFF_H
#define CMD_MANUAL_ROFF_H

#include "cmd/manual/manual.h"

/* Text of a line: what roff would read as its own is escaped, at the line's start too. */
void roff_text(struct strbuf *out, struct sv text);
/* In capital letters; for names, which hold nothing that roff would read. */
void roff_upper(struct strbuf *out, const char *text);
/* The title, the name with its summary, and the head of the synopsis. */
void roff_head(struct strbuf *out, const char *name, const char *summary);
/* A summary as a sentence of its own. */
void roff_sentence(struct strbuf *out, const char *summary);
/* An option, its value and its help as one item of a list; for manual_each(): `opaque` is the
 * buffer. */
void roff_option(void *opaque, const struct manual_option *option);

#endif
