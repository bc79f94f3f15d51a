/*
 * The stamp of a message: a time of day, perhaps with a day, perhaps in brackets: "10:02 AM",
 * "[3/10 10:02]", "Yesterday at 9:05 PM", "Feb 25th at 10:39 AM". Pure functions.
 */
#ifndef INGEST_TALK_STAMP_H
#define INGEST_TALK_STAMP_H

#include "ingest/talk/day.h"

struct talk_stamp {
    struct sv text; /* without brackets */
    struct talk_clock clock;
    struct talk_date date; /* DATE_NONE: a time of day only */
    bool bracket;
};

/* A stamp at the start of the text; *ret_length is what it takes. */
bool talk_stamp_read(struct sv text, struct talk_stamp *ret_stamp, size_t *ret_length);
/* A stamp that ends the text; *ret_from is where it begins. Texts of a line, not longer. */
bool talk_stamp_at_end(struct sv text, struct talk_stamp *ret_stamp, size_t *ret_from);

#endif
