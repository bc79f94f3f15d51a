/*
 * A time on the clock of a place, as text: what whoever splits a file tells of a message whose own
 * lines leave out the day, or the half of it. "2026-03-10T22:03", "2026-03-10T22:03:11.120+01:00",
 * and behind a blank, where they are assumed, "assumed_year" or "assumed_date".
 */
#ifndef INGEST_TALK_LOCAL_H
#define INGEST_TALK_LOCAL_H

#include "ingest/talk/message.h"

/* SV_NONE for a message without day or clock, or whose own time says all. */
struct sv talk_local_text(struct arena *arena, const struct talk_message *message);
/* Into day, clock, has_local, and the zone where it has one. False: it is none. */
bool talk_local_read(struct sv text, struct talk_hints *hints);
/* "Z", "+01:00", "-0330" at `at`; where it ends, `at` when there is none. */
size_t talk_zone_read(struct sv text, size_t at, int32_t *ret_offset_s);

#endif
