/*
 * Footnotes: the sets of entries that a document cites, each set once, numbered from 1 in the order
 * of their first use. Pure; same document, same numbers. The document outlives them.
 */
#ifndef REPORT_RENDER_NOTES_H
#define REPORT_RENDER_NOTES_H

#include "hindcast/document.h"

/* The proofs [first, first + count) of the document, as they stand where they are first cited. */
struct note {
    size_t first, count;
};

struct notes {
    const struct document *document;
    struct note *at; /* number N is at[N - 1] */
    size_t count;
    size_t *numbers;  /* by first proof of a statement or row; 0: none begins there */
    size_t id_length; /* digits of an entry's id that tell it from the others */
};

void notes_init(struct notes *notes, const struct document *document);
void notes_release(struct notes *notes);
/* The number of what a statement or row cites; 0 where it cites nothing. */
size_t notes_number(const struct notes *notes, size_t first, size_t count);

/*
 * How an entry of a note reads, in pieces: "e:12abcdef0123, 2026-03-01T10:01:00Z, " of ours, the
 * place of its record (text from outside), and the rest, ", SHA-256 ..., 3 records", of ours.
 * Adds to the buffers.
 */
void notes_entry(const struct notes *notes, const struct entry *entry, struct strbuf *head,
                 struct strbuf *place, struct strbuf *tail);

#endif
