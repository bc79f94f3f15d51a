/*
 * Times as sources write them. Units: everything becomes nanoseconds UTC; the text is kept. An
 * epoch number's unit follows its size: below 1e11 seconds, 1e14 ms, 1e17 us, else ns. "None"
 * written as a time (year 1, the epoch, 0, an empty text) reads as no time. docs/times.md has the
 * forms and the rules for what a text leaves out.
 */
#ifndef INGEST_PARSE_TIMES_H
#define INGEST_PARSE_TIMES_H

#include "base/zone/zone.h"
#include "hindcast/event.h"
#include "ingest/parse/tape.h"

struct read_time {
    int64_t ns;
    enum time_precision precision;
    enum time_source source;
    struct sv text;
};

/* What is known about the time of a record outside its text: what a text leaves out is found by it.
 */
struct time_hints {
    const struct zone *zone; /* of times that name none; NULL: UTC */
    int64_t near_ns;         /* of the record: its envelope's, its file's, Kafka's; or TIME_NONE */
    int64_t before_ns;       /* of the line before it in its file, or TIME_NONE */
    struct sv file;          /* name of its file, which may have a day in it */
};

/*
 * A whole text: any form of docs/times.md, with a date; zone, fraction, even the time of day may be
 * missing. False when there is no (plausible form of a) time, or its year is missing.
 */
bool times_read(struct sv text, const struct zone *zone, struct read_time *ret_time);
/* The same where more is known: year or day may be missing, unless no hint gives them. */
bool times_read_hinted(struct sv text, const struct time_hints *hints, struct read_time *ret_time);
/* The same of a JSON string, a number, or an object with seconds and nanoseconds apart. */
bool times_read_json(struct arena *arena, const json_t *value, const struct zone *zone,
                     struct read_time *ret_time);
/* The same of a value on a tape. */
bool times_read_tape(struct arena *arena, const struct tape_value *value, const struct zone *zone,
                     struct read_time *ret_time);
/* A date and a time of day that stand in two fields. The text is the date's. */
bool times_read_two(struct sv date, struct sv clock, const struct zone *zone,
                    struct read_time *ret_time);
/* Seconds, ms, us or ns by magnitude, with fraction ('.' or ',') or exponent ("1.7E9"); 0 is none.
 */
bool times_read_epoch(struct sv text, struct read_time *ret_time);
/* Seconds and nanoseconds apart. */
bool times_of_parts(struct sv seconds, struct sv nanoseconds, struct read_time *ret_time);
/*
 * "Mar  1 10:00:00[.fff]" at the start of the text (also "2024 Mar  1 ..." and localised months),
 * with a year or a zone behind it or not; the year, when missing, is the one that comes nearest to
 * the line before or the record (no hint: no time, but still recognised, ns TIME_NONE).
 * *ret_length: bytes used.
 */
bool times_read_syslog(struct sv text, const struct time_hints *hints, struct read_time *ret_time,
                       size_t *ret_length);
/*
 * Any time at the start of a text, with its bracket if it is in one: a date and a time of day, an
 * epoch of ten digits or more, or a time of day alone ("10:56:11.301"). ns is TIME_NONE when what
 * is missing cannot be known.
 */
bool times_read_prefix(struct sv text, const struct time_hints *hints, struct read_time *ret_time,
                       size_t *ret_length);
void times_into_event(const struct read_time *time, struct event *event);

#endif
