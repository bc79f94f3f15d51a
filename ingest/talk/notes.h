/*
 * Timelines that people write by hand, in Markdown or plain: "- 14:02 alert fires", rows of a
 * table, bold times. The day stands in a heading, in the name of the file, or before the time
 * itself.
 */
#ifndef INGEST_TALK_NOTES_H
#define INGEST_TALK_NOTES_H

#include "ingest/talk/lines.h"

extern const struct talk_dialect talk_notes;

#endif
