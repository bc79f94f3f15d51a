/*
 * Days as people and chat programs write them: "Tuesday, March 10th", "10.03.2026", "3/10",
 * "Yesterday", a day in the name of a file. What a date leaves open (its year, the order of its
 * numbers, which day was yesterday) is settled by a day that is known, and the result says so.
 * Pure functions.
 */
#ifndef INGEST_TALK_DAY_H
#define INGEST_TALK_DAY_H

#include "ingest/talk/clock.h"

/* How a day is known, from what is written to what is assumed. */
enum talk_day_how {
    DAY_NONE,    /* it is not */
    DAY_WRITTEN, /* with its year, by the text itself */
    DAY_NO_YEAR, /* the text leaves the year out */
    DAY_ASSUMED, /* the name or the time of the file, or a person, told it */
};

struct talk_day {
    int year, month, day;
    enum talk_day_how how;
};

/* Which number of "3/10/2026" is the month. */
enum talk_order {
    ORDER_UNKNOWN,
    ORDER_DAY_FIRST,
    ORDER_MONTH_FIRST,
};

enum talk_date_form {
    DATE_NONE,
    DATE_FULL,    /* year, month, day */
    DATE_NO_YEAR, /* month, day, perhaps a weekday */
    DATE_WEEKDAY, /* the last one of that name */
    DATE_BACK,    /* so many days back: today, yesterday */
};

/* What is written, before anything is made of it. */
struct talk_date {
    enum talk_date_form form;
    int year, month, day; /* `numbers`: month is the first of both, day the second */
    bool numbers;         /* "3/10": the order is open where both may be months */
    bool short_year;      /* two digits of it */
    bool padded;          /* "03/10" */
    char between;         /* the sign between the numbers */
    int weekday;          /* from Monday on; -1: none is said */
    int back;             /* days */
};

/* A date at the start of the text; *ret_length is what it takes. */
bool talk_date_read(struct sv text, struct talk_date *ret_date, size_t *ret_length);
/* True if either of its numbers may be the month. Dots stand behind days, wherever they are
 * written. */
bool talk_date_open(const struct talk_date *date);
/* A line that holds a date and nothing else: a divider between days. */
bool talk_date_line(struct sv line, struct talk_date *ret_date);
/*
 * The day that is meant. `near` is one that is known: not earlier than the text (or of DAY_NONE).
 * False, with a day of DAY_NONE, where that is not enough or there is no such day.
 */
bool talk_day_of(const struct talk_date *date, enum talk_order order, struct talk_day near,
                 struct talk_day *ret_day);
/* The last day that the name tells: "ops-2026-03-10.txt", "chat 10 March 2026.txt". */
bool talk_day_in_name(struct sv name, struct talk_day *ret_day);
/* Of a moment, in UTC; DAY_NONE for TIME_NONE. `how` is put down. */
struct talk_day talk_day_at(int64_t ns, enum talk_day_how how);
struct talk_day talk_day_later(struct talk_day day, int days);
/* `near` for the day of what was said behind something of this day: the nearest year counts. */
struct talk_day talk_day_after(struct talk_day day);
int64_t talk_day_number(struct talk_day day);

/* "2026-03-10", "2026-03-10 assumed_year", "2026-03-10 assumed_date": for a header, and back. */
struct sv talk_day_text(struct arena *arena, struct talk_day day);
struct talk_day talk_day_from_text(struct sv text);

#endif
