/*
 * One record to events, by the shapes of a format. One thread, one record.
 */
#ifndef INGEST_DECODE_MAPS_READ_RECORD_H
#define INGEST_DECODE_MAPS_READ_RECORD_H

#include "ingest/decode/maps/match.h"

/* The shapes that report one format, those that bid most first. */
struct map_format {
    const char *name;
    const struct map_shape **shapes;
    size_t count, size;
};

/* The shape that bids most on the record. */
bool map_format_claims(struct map_reading *reading, const struct map_format *format,
                       struct map_match *ret_match);
/*
 * 0, or -1 after decode_bad(). A record that no shape claims, since somebody else said what it is,
 * is read by the shape that read the list it comes from, else by the first that finds an element.
 */
int map_read_record(struct map_reading *reading, const struct map_format *format,
                    struct event_sink *sink, struct decode_result *result);

#endif
