/*
 * Dates and times as they are written, and what they mean. Reading goes in two steps: the form of
 * the text gives numbers (time_form.c), then what the text leaves out, year, day or zone, is
 * settled (time_settle.c). Used by the readers of times.h alone.
 */
#ifndef INGEST_PARSE_TIME_FORM_H
#define INGEST_PARSE_TIME_FORM_H

#include "ingest/parse/times.h"

#define TIME_OTHERS_MAX 2

struct written_time {
    struct civil civil;
    /* "10/03/26": what else the date can be, likeliest first; the first one is in `civil`. */
    struct civil others[TIME_OTHERS_MAX];
    int other_count;
    bool has_year, has_day, has_clock, has_seconds;
    bool has_half; /* AM or PM */
    int fraction_digits;
    bool has_zone, zone_certain;
    int32_t offset_s;
    const struct zone *zone; /* by its IANA name, instead of the offset; NULL: the offset */
};

/* The time at the start of the text: its length, or 0. `told`: the zone of times that name none,
 * which knows what its own names mean. */
size_t time_form_read(struct sv text, const struct zone *told, struct written_time *ret_written);
/* An offset or a name of a zone at `at`, blanks before it included: where it ends, or `at`. */
size_t
time_form_zone(struct sv text, size_t at, const struct zone *told, struct written_time *written);

/* The parts of time_form_read(). A date at the start of the text: its length, or 0. */
size_t time_date_read(struct sv text, struct written_time *written);
/*
 * A time of day at *at, which moves behind it. What stood before it, and whether the date is
 * written without signs, decide which forms can be meant: after "2026-03-10 " four digits are a
 * number like any other.
 */
bool time_clock_take(struct sv text, size_t *at, char before, bool compact,
                     struct written_time *written);
/* ".123", ",123456" or ":123" at *at, which moves behind it, if there is one. */
void time_fraction_take(struct sv text, size_t *at, struct written_time *written);
int time_number_at(struct sv text, size_t at, size_t digits);
/* `least` to `most` digits at *at, no more. */
bool time_take_number(struct sv text, size_t *at, size_t least, size_t most, int *ret_value);
/* A time does not end before it. */
static inline bool
time_goes_on(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           (unsigned char)c > 0x7f;
}

/* With what it leaves out. ret_time->ns is TIME_NONE where that cannot be known. False: there is no
 * such day, or it stands for none. */
bool time_settle(const struct written_time *written, const struct time_hints *hints,
                 struct read_time *ret_time);
enum time_precision time_precision_of(int fraction_digits);

#endif
