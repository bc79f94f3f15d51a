/*
 * Days as people say them: "by Friday", "due 12 March", "tomorrow", "bis Ende der Woche". From the
 * words to the day, where the time at which they were said tells it. English and German. Pure.
 */
#ifndef BASE_TEXT_NAMED_DAY_H
#define BASE_TEXT_NAMED_DAY_H

#include "base/clock.h"
#include "base/sv.h"

enum named_day_kind {
    DAY_WEEKDAY, /* the next such day */
    DAY_AFTER,   /* so many days after it was said */
    DAY_DATE,    /* year 0: not said */
    DAY_OPEN,    /* "next week", "14:00", "3/12": more than one day may be meant */
};

struct named_day {
    enum named_day_kind kind;
    int weekday; /* 0: Monday */
    int days;
    int year, month, day;
};

/* The day that the text begins with, with a time of day behind it; its length, 0: none. */
size_t named_day_read(struct sv text, struct named_day *ret_day);

/*
 * By when something is said to be done: the first day behind "by", "due", "until", "bis" and the
 * like. False: none. *ret_said: its words.
 */
bool named_day_due(struct sv text, struct sv *ret_said, struct named_day *ret_day);
/* The same, else a day that is told by its word alone: "tomorrow", "on Friday", "next week". */
bool named_day_find(struct sv text, struct sv *ret_said, struct named_day *ret_day);

/*
 * The date, of a day said at that time, in UTC. False where it cannot be told: what is open, a
 * weekday on that same weekday, a date without a year more than half a year ahead.
 */
bool named_day_date(const struct named_day *day, int64_t said_ns, struct civil *ret_date);

#endif
