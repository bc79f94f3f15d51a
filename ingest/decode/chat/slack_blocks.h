/*
 * Blocks of Slack's messages: where an editor or an app put the words.
 */
#ifndef INGEST_DECODE_CHAT_SLACK_BLOCKS_H
#define INGEST_DECODE_CHAT_SLACK_BLOCKS_H

#include <jansson.h>

#include "base/arena.h"
#include "base/strbuf.h"

/* Adds what the blocks say, in the markup of messages (slack_plain() makes it readable), a line a
 * paragraph. */
void slack_blocks_add(struct arena *arena, struct strbuf *out, const json_t *blocks);
/* A line of its own, nothing where it is empty. */
void slack_line_add(struct strbuf *out, struct sv line);

#endif
