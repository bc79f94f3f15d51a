/*
 * Names of people and bots above what they said. Pure functions.
 */
#ifndef INGEST_TALK_NAME_H
#define INGEST_TALK_NAME_H

#include "base/sv.h"

struct talk_name {
    struct sv name;
    bool bot;     /* a badge behind it says so */
    bool capital; /* begins with a capital letter, or with one of another script */
    bool full;    /* so do all of its words, and there are two or more: "Ada Miller" */
};

/*
 * The whole text as a name, without what chat programs put behind names: badges ("APP", "BOT"),
 * emoji of a status, "(you)". False: people are not called so.
 */
bool talk_name_read(struct sv text, struct talk_name *ret_name);
/* "APP", "BOT" and their like alone; the length with blanks behind it, 0: none. */
size_t talk_badge(struct sv text);
/* ":white_check_mark:" at the start: its length, 0: none. */
size_t talk_emoji_code(struct sv text);

#endif
