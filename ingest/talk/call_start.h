/*
 * When a call began, where the head of its transcript tells. Private to call.c.
 */
#ifndef INGEST_TALK_CALL_START_H
#define INGEST_TALK_CALL_START_H

#include "ingest/talk/lines.h"

/*
 * A line above what was said: "Incident bridge (2026-03-10 at 10:02 GMT+1) - Transcript",
 * "March 10, 2026, 10:02 AM", "Start: 2026-03-10T10:02:00Z". True: it told the start, which is in
 * the state now.
 */
bool call_head_line(struct talk_state *state, struct sv line);

#endif
