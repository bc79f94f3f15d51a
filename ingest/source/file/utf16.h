/*
 * Text in UTF-16, as Windows programs write it: recognised, and turned into UTF-8 piece by piece.
 */
#ifndef INGEST_SOURCE_FILE_UTF16_H
#define INGEST_SOURCE_FILE_UTF16_H

#include "base/strbuf.h"
#include "base/sv.h"

enum utf16_order {
    UTF16_NOT, /* something else */
    UTF16_LITTLE,
    UTF16_BIG,
};

/* What the first bytes of a file tell: a byte order mark, or without one that every other byte of
 * what is mostly ASCII is NUL. */
enum utf16_order utf16_recognise(struct sv start);

/* Between two pieces: half a unit, half a pair. */
struct utf16_state {
    enum utf16_order order;
    bool half; /* `first` is the first byte of a unit */
    unsigned char first;
    uint16_t high; /* a high surrogate that waits for its low one; 0: none */
    bool begun;    /* a byte order mark can stand only at the very beginning */
};

/* Adds the text of `bytes` as UTF-8; what cannot be a character becomes U+FFFD. */
void utf16_add(struct utf16_state *state, struct sv bytes, struct strbuf *out);
/* At the end of the bytes: what was cut off becomes U+FFFD. */
void utf16_end(struct utf16_state *state, struct strbuf *out);

#endif
