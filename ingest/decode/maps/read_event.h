/*
 * One element to one event. One thread, one record.
 */
#ifndef INGEST_DECODE_MAPS_READ_EVENT_H
#define INGEST_DECODE_MAPS_READ_EVENT_H

#include "ingest/decode/maps/shape.h"
#include "ingest/decode/maps/walk.h"

/* The table `severity` of all maps: words that a map need not know. */
void map_severity_words(const struct map_table *table);
/* Fills a cleared event. Its texts live in the arena. */
void map_read_event(struct map_reading *reading, const struct map_shape *shape,
                    const struct map_scope *scope, struct event *event);

#endif
