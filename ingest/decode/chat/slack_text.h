/*
 * Slack's text: markup to plain text, and the text of attachments and blocks. Everything is copied
 * into the arena. Internal to ingest/decode/.
 */
#ifndef INGEST_DECODE_SLACK_TEXT_H
#define INGEST_DECODE_SLACK_TEXT_H

#include <jansson.h>

#include "base/arena.h"

/*
 * "<@U1>" to "@Name" where `names` has a line "U1=Name", else to "@U1"; likewise "<#C1>";
 * "<url|label>" to "label (url)", "&amp;" to "&".
 */
struct sv slack_plain(struct arena *arena, struct sv text, struct sv names);
/*
 * The readable text of a message: its text, else its blocks, also where the text stands in for
 * them; who was in a huddle; its bots' attachments; names of files.
 */
struct sv slack_message_text(struct arena *arena, const json_t *message, struct sv names);
/* The name of an id among such lines, or the id itself. */
struct sv slack_name(struct sv id, struct sv names);
/* A URL without the export token in its query, which is a credential. */
struct sv slack_url_without_token(struct sv url);

#endif
