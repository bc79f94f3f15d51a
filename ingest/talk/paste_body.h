/*
 * What was said in a message of a pasted text, and what its window tells of it. Private to the
 * readers of pastes.
 */
#ifndef INGEST_TALK_PASTE_BODY_H
#define INGEST_TALK_PASTE_BODY_H

#include "ingest/talk/paste_heads.h"

/* Fills in text, phase, edited, replies, marks and reply_to from the lines [from, to). */
void paste_body(struct arena *arena, const struct paste_heads *heads, size_t from, size_t to,
                struct sv first_words, struct talk_message *message);

#endif
