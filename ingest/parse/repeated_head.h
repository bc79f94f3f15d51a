/*
 * Heads that a program repeats before each line of what is one message: PostgreSQL's before DETAIL,
 * HINT and STATEMENT, and its chunks in syslog ("[15-1]", "[15-2]"). Pure.
 */
#ifndef INGEST_PARSE_REPEATED_HEAD_H
#define INGEST_PARSE_REPEATED_HEAD_H

#include "base/sv.h"

#define REPEATED_HEAD_MAX 200 /* bytes before a level or a chunk */

struct repeated_head {
    size_t len;       /* before the level or the chunk; 0: it has no such head */
    size_t chunk_end; /* where the text behind "[15-2] " begins; 0: it is not a chunk */
    int64_t message, part;
};

/* Of the first line of a message. */
void repeated_head_read(struct sv line, struct repeated_head *ret_head);
/*
 * True if it is the next line of a message that began with `first` and whose last line so far has
 * `last_part`. ret_text: where its own text begins.
 */
bool repeated_head_goes_on(struct sv first, const struct repeated_head *head, int64_t last_part,
                           struct sv line, size_t *ret_text);

#endif
