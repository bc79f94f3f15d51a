/*
 * Lines of a pasted text that could be the head of a message, weighed. Private to the readers of
 * pastes.
 */
#ifndef INGEST_TALK_PASTE_FIND_H
#define INGEST_TALK_PASTE_FIND_H

#include "ingest/talk/paste_heads.h"

/* Fills in heads, by line, from the lines. */
void paste_find(struct arena *arena, struct paste_heads *all);

#endif
