/*
 * From records to stamped records: see stamp.h. A record is decoded twice only where the time of
 * the one before it can make a difference, and did not to those before it.
 */
#include "ingest/source/file/stamp.h"

#include "base/clock.h"

#define WANTED_IN_A_ROW 2 /* records after which the next is taken to want it as well */

/* What it writes leaves out a year or a day, which the line before helps to find. */
static bool
lacks_date(const struct event *event)
{
    return !sv_empty(event->source_time_text) && (event->time_source == TIME_SOURCE_ASSUMED_DATE ||
                                                  event->time_source == TIME_SOURCE_ASSUMED_YEAR ||
                                                  event->time_source == TIME_SOURCE_ABSENT);
}

/* Told by the record itself, not by its neighbours, its file or whoever carried it. */
static bool
has_own_time(const struct event *event)
{
    switch (event->time_source) {
    case TIME_SOURCE_NATIVE:
    case TIME_SOURCE_ASSUMED_ZONE:
    case TIME_SOURCE_ASSUMED_YEAR:
        return true;
    case TIME_SOURCE_ASSUMED_DATE:
        return !sv_empty(event->source_time_text); /* without one it is the date of the file */
    case TIME_SOURCE_NONE:
    case TIME_SOURCE_INHERITED:
    case TIME_SOURCE_KAFKA:
    case TIME_SOURCE_ABSENT:
        break;
    }
    return false;
}

static void
decode(const struct file_reading *reading, struct arena *arena, struct file_record *record)
{
    const struct record seen = file_record_seen(record);
    struct event_sink sink = {.arena = arena, .max = EVENTS_PER_RECORD_MAX};
    record->result = decode_record(&seen, reading->sink->decode, &sink);
    record->events = sink.events;
    record->event_count = record->result.status == DECODE_OK ? sink.count : 0;
}

/* True if the time of the line before would be of use. */
static bool
wants_time(const struct file_record *record)
{
    for (size_t i = 0; i < record->event_count; i++) {
        const struct event *event = &record->events[i];
        if (lacks_date(event) || (event->kind == EVENT_LOG && !has_own_time(event)))
            return true;
    }
    return false;
}

static bool
used_time(const struct file_record *record)
{
    for (size_t i = 0; i < record->event_count; i++)
        if (record->events[i].time_source == TIME_SOURCE_INHERITED ||
            (lacks_date(&record->events[i]) && record->events[i].time_source != TIME_SOURCE_ABSENT))
            return true;
    return false;
}

bool
file_has_own_time(const struct file_record *record)
{
    for (size_t i = 0; i < record->event_count; i++)
        if (has_own_time(&record->events[i]))
            return true;
    return false;
}

static void
decode_with_time(const struct file_reading *reading, struct arena *arena,
                 struct file_record *record)
{
    file_add_header(record, HEADER_INHERITED, time_format_sv(arena, reading->last_ns));
    decode(reading, arena, record);
}

/*
 * Lines are mostly like those before them: where two in a row had a use for the time of the line
 * before, this one is given it at once. The order of the steps changes nothing of what comes out.
 */
static bool
stamp(const struct file_reading *reading, struct arena *arena, struct file_record *record)
{
    size_t headers = record->header_count;
    bool known = reading->last_ns != TIME_NONE;
    if (known && reading->wanted >= WANTED_IN_A_ROW) {
        decode_with_time(reading, arena, record);
        if (used_time(record))
            return true;
        record->header_count = headers;
    }
    decode(reading, arena, record);
    if (!known || !wants_time(record))
        return false;
    decode_with_time(reading, arena, record);
    bool used = used_time(record);
    if (!used)
        record->header_count = headers;
    return used;
}

void
file_stamp(struct file_reading *reading, struct arena *arena, struct file_record *record)
{
    reading->wanted = stamp(reading, arena, record) ? reading->wanted + 1 : 0;
    for (size_t i = 0; i < record->event_count; i++)
        if (has_own_time(&record->events[i]))
            reading->last_ns = record->events[i].event_time_ns;
}
