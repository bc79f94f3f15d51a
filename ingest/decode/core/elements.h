/*
 * Lists in one record. An element that is refused becomes a log event that holds its text and says
 * why, in its place, so that the numbers of the others stay.
 */
#ifndef INGEST_DECODE_CORE_ELEMENTS_H
#define INGEST_DECODE_CORE_ELEMENTS_H

#include "ingest/decode/core/probe.h"

/* Cleared before the first element. */
struct element_list {
    size_t sink_from; /* count of the sink before the element; set for each */
    size_t read, refused;
    struct decode_result first;
};
/* After decode_bad(). -1 only where the record is full. */
int element_refused(struct element_list *list, const struct probe *probe, struct sv text,
                    struct event_sink *sink, struct decode_result *result);
/* -1 where no element could be read, with the reason of the first. */
int element_list_end(const struct element_list *list, struct decode_result *result);

#endif
