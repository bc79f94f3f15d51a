/*
 * Pieces of nodes and records as bytes. Numbers have eight bytes, the highest first; a text is
 * preceded by its length, UINT32_MAX where it is absent. Private to correlate/stored/; pure. What
 * is read points into the bytes, else memory is the arena's.
 */
#ifndef CORRELATE_STORED_BYTES_H
#define CORRELATE_STORED_BYTES_H

#include "base/strbuf.h"
#include "correlate/group/nodes.h"

void bytes_put_text(struct strbuf *out, struct sv text);
void bytes_put_number(struct strbuf *out, int64_t number);
void bytes_put_keys(struct strbuf *out, const struct node_key *keys, size_t count);
/* Without `words` only who it was by and what was done. */
void bytes_put_event(struct strbuf *out, const struct event *event, bool words);
/* NULL: none. */
void bytes_put_declaration(struct strbuf *out, const struct declaration *declaration);

/* Once it failed, all that it gives is empty. */
struct reader {
    struct sv rest;
    bool failed;
};

int64_t bytes_take_number(struct reader *in);
/* A number of items each of which has some bytes. */
size_t bytes_take_count(struct reader *in);
struct sv bytes_take_text(struct reader *in);
const struct node_key *bytes_take_keys(struct reader *in, struct arena *arena, size_t *ret_count);
const struct declaration *bytes_take_declaration(struct reader *in, struct arena *arena);
struct observation *bytes_take_event(struct reader *in, struct arena *arena);

#endif
