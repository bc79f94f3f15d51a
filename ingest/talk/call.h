/*
 * Transcripts of calls: WebVTT and SubRip cues, and the text that Teams, Meet and others write.
 * What was said stands at an offset from the start of the call, which stands in a head, in the name
 * of the file, or nowhere.
 */
#ifndef INGEST_TALK_CALL_H
#define INGEST_TALK_CALL_H

#include "ingest/talk/lines.h"

extern const struct talk_dialect talk_webvtt;     /* "00:00:05.000 --> 00:00:08.100" */
extern const struct talk_dialect talk_subrip;     /* the same with a comma and numbered cues */
extern const struct talk_dialect talk_transcript; /* "Ada Miller   0:05", "Ada Miller: text" */

/* "GMT20260310-100213", "2026-03-10 at 10:02 GMT+1" in the name of a file: the start of a call. */
bool talk_start_in_name(struct sv name, struct talk_start *ret_start);

#endif
