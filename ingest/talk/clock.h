/*
 * The time of day as people and chat programs write it: "10:02", "9:05 PM", "22:03:11.120",
 * "10:02 p. m.". What separates parts may be any blank of Unicode that these programs use, and
 * marks of direction that nobody sees may stand anywhere around. Pure functions.
 */
#ifndef INGEST_TALK_CLOCK_H
#define INGEST_TALK_CLOCK_H

#include "hindcast/event.h"

struct talk_clock {
    int hour, minute, second;
    int32_t nanosecond;
    enum time_precision precision; /* minute, or finer */
    bool half_day;                 /* AM or PM was said */
    bool padded;                   /* "09:05", not "9:05" */
};

/* The length of a blank at `at` (space, tab, no-break spaces and their like), 0: there is none. */
size_t talk_blank(struct sv text, size_t at);
/* The place behind blanks and marks that nobody sees, from `at` on. */
size_t talk_skip_blanks(struct sv text, size_t at);
/* Without blanks, ends of lines and invisible marks at either end. */
struct sv talk_trim(struct sv text);

/* The whole number of at most `most` digits at *at, which moves behind it; -1: there is none. */
int talk_number(struct sv text, size_t *at, int most);

/*
 * A clock at the start of the text, which neither a digit nor a colon follows. *ret_length is what
 * it takes. False: there is none, or it is no time of any day.
 */
bool talk_clock_read(struct sv text, struct talk_clock *ret_clock, size_t *ret_length);
/* Seconds since midnight. */
int talk_clock_seconds(const struct talk_clock *clock);

#endif
