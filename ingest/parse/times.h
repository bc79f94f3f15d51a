/*
 * Times as sources write them. Units: everything becomes nanoseconds UTC; the text is kept. An
 * epoch number's unit follows its size: below 1e11 seconds, 1e14 ms, 1e17 us, else ns. "None"
 * written as a time (year 1, the epoch, 0, an empty text) reads as no time.
 */
#ifndef INGEST_PARSE_TIMES_H
#define INGEST_PARSE_TIMES_H

#include "hindcast/event.h"
#include "ingest/parse/tape.h"

struct read_time {
    int64_t ns;
    enum time_precision precision;
    enum time_source source;
    struct sv text;
};

/* RFC 3339 and its relatives, Go's time.String(), "2024/01/15 14:32:10", zone names, epochs. A time
 * without zone is `offset_s` east of UTC. False when there is no (plausible form of a) time. */
bool times_read(struct sv text, int32_t offset_s, struct read_time *ret_time);
/* The same of a JSON string or number. */
bool times_read_json(struct arena *arena, const json_t *value, int32_t offset_s,
                     struct read_time *ret_time);
/* The same of a value on a tape. */
bool times_read_tape(struct arena *arena, const struct tape_value *value, int32_t offset_s,
                     struct read_time *ret_time);
/* A whole number of seconds, ms, us or ns by magnitude, with optional fraction; 0 is none. */
bool times_read_epoch(struct sv text, struct read_time *ret_time);
/*
 * "Mar  1 10:00:00[.fff]" at the start of the text (also "2024 Mar  1 ..." and localised months);
 * the year, when missing, is the one that comes nearest to `near_ns` (TIME_NONE: no time, but still
 * recognised, ns TIME_NONE). *ret_length: bytes used.
 */
bool times_read_syslog(struct sv text, int64_t near_ns, int32_t offset_s,
                       struct read_time *ret_time, size_t *ret_length);
/* A time at the start of a text line ("2024-01-15 10:00:00,123 ...", "[1700000000] ..."). */
bool
times_read_prefix(struct sv text, int32_t offset_s, struct read_time *ret_time, size_t *ret_length);
/* The same in the spellings of programs that have one of their own (log4j's short date, logcat,
 * Proxifier, Blue Gene, names of files before the line). A missing year is as in
 * times_read_syslog().
 */
bool times_read_line(struct sv line, int64_t near_ns, int32_t offset_s, struct read_time *ret_time,
                     size_t *ret_length);
/* The time in the year that brings it nearest to `near_ns`, at most a day after it; TIME_NONE:
 * never valid. */
int64_t times_nearest_year(struct civil civil, int64_t near_ns, int32_t offset_s);
void times_into_event(const struct read_time *time, struct event *event);

#endif
