/*
 * A JSON text as nodes: for who looks at a few values anywhere in it, without a tree of all. A node
 * knows where its value stands; what an object or a list holds is found when somebody asks for it,
 * one level at a time, so that what nobody looks at costs a pass over its bytes and no memory.
 *
 * The text was scanned before (tape.h), so that its grammar is known to hold and everything in it
 * is storable. Of equal keys the last counts. Numbers that other readers of JSON may not take are
 * written anew first.
 *
 * Ownership: nodes live in the arena and point into the text. One thread.
 */
#ifndef INGEST_PARSE_NODES_H
#define INGEST_PARSE_NODES_H

#include "base/strbuf.h"
#include "ingest/parse/tape.h"

#define NODES_MAX 20000 /* of one object or list: what stands behind is not seen */

struct json_node {
    struct tape_value value; /* as on a tape: objects and lists as they stand */
    struct sv key;           /* of a member, between its quotes */
    struct json_node *nodes; /* what it holds, once that was asked for */
    uint32_t count;
    bool key_escaped, opened;
};

/* The node of the whole text. */
struct json_node *nodes_of_tape(struct arena *arena, const struct tape *tape);
/* The same of a text that was not scanned: NULL when it is not a JSON object or list. */
struct json_node *nodes_of_text(struct arena *arena, struct sv text);

/* What an object or a list holds; 0 for anything else. */
size_t nodes_count(struct arena *arena, struct json_node *node);
/* nodes_count() of them lie at node->nodes afterwards. */
static inline bool
node_is(const struct json_node *node, enum tape_type type)
{
    return node != NULL && node->value.type == type;
}
/* The member of an object; NULL: it is not an object, or has none of this key. */
struct json_node *node_member(struct arena *arena, struct json_node *node, struct sv key);
/* The name of a member, a copy only where escapes have to be undone. */
struct sv node_key(struct arena *arena, const struct json_node *member);
/* As it stands, a string with its quotes. */
struct sv node_json(const struct json_node *node);
/* A scalar as text, a number without zeros at the end of its fraction; SV_NONE for null, objects
 * and lists. A copy only where escapes have to be undone. */
struct sv node_text(struct arena *arena, const struct json_node *node);

/*
 * All that a value tells, in one spelling: neither the order of keys nor blanks nor the spelling of
 * strings and numbers matter. The same bytes that tree_digest() makes its digest of, for objects
 * and lists of at most NODES_MAX whose numbers were not written anew.
 */
void nodes_canonical(struct arena *arena, struct json_node *node, struct strbuf *out);

#endif
