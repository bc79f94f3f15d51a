/*
 * Text copied from the window of a chat (Slack, Teams, Discord and their like) and pasted into a
 * file: names, times and what was said, in the order of the screen, with what the window shows
 * besides. No program wrote such a file and none describes it, so it is read as a whole: the way
 * in which most of its messages begin decides how the others do, and a text in which too little
 * looks like that is not a paste.
 */
#ifndef INGEST_TALK_PASTE_H
#define INGEST_TALK_PASTE_H

#include "ingest/talk/message.h"

#define PASTE_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define PASTE_LINES_MAX 200000

struct talk_paste {
    struct talk_message *messages; /* in the order of the text */
    size_t count;
    struct sv channel; /* that the text names before the first message */
    size_t stray;      /* first line, from 1, with words that are of no message; 0: none */
};

/*
 * False when the text is surely no paste, is not surely one, or is larger than the limits above.
 * Everything is in the arena or points into the text. With hints of an actor the text is one
 * record of a paste: what it begins with is believed.
 */
bool talk_paste_read(struct arena *arena, struct sv text, const struct talk_hints *hints,
                     struct talk_paste *ret_paste);

#endif
