/*
 * A copy of a casebook that follows `hindcast export --since`: what a warehouse would do with the
 * stream, written from docs/following.md alone. Fails the test on a line that it does not know.
 */
#ifndef TESTS_LIB_FOLLOWER_H
#define TESTS_LIB_FOLLOWER_H

#include "base/strbuf.h"

enum item_kind { ITEM_SCOPE, ITEM_INCIDENT, ITEM_NODE };

struct follower_item {
    enum item_kind kind;
    char *scope, *key; /* key: NULL of a scope */
    struct strbuf lines;
};

struct follower {
    struct follower_item *items;
    size_t count, size;
    char *cursor;   /* for the next time; "0" before the first */
    size_t applied; /* lines of the last stream without its cursor */
};

void follower_init(struct follower *follower);
void follower_release(struct follower *follower);
/* A whole stream, which ends with a cursor. */
void follower_apply(struct follower *follower, struct sv stream);
/* What is held, in the order of the full export. */
void follower_print(struct follower *follower, struct strbuf *out);

#endif
