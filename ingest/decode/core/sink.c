/*
 * Events and bad results: see sink.h. Called by detection and decoders on the thread of their
 * worker.
 */
#include "ingest/decode/core/sink.h"

#include <assert.h>
#include <string.h>

int
decode_bad(struct decode_result *result, enum quarantine_reason reason, const char *detail)
{
    result->status = DECODE_BAD;
    result->reason = reason;
    result->detail = sv_from(detail);
    return -1;
}

int
decode_bad_as(struct decode_result *result, enum quarantine_reason reason)
{
    result->status = DECODE_BAD;
    result->reason = reason;
    return -1;
}

int
decode_full(struct decode_result *result)
{
    return decode_bad(result, QUARANTINE_TOO_MANY_EVENTS, "more than 10000 events in one record");
}

struct event *
event_sink_add(struct event_sink *sink)
{
    if (sink->max != 0 && sink->count >= sink->max)
        return NULL;
    if (sink->count == sink->size) {
        size_t size = sink->size == 0 ? 1 : sink->size * 2;
        struct event *larger = arena_alloc(sink->arena, size * sizeof(*larger));
        if (sink->count > 0)
            memcpy(larger, sink->events, sink->count * sizeof(*larger));
        sink->events = larger;
        sink->size = size;
    }
    struct event *event = &sink->events[sink->count++];
    *event = (struct event){.event_time_ns = TIME_NONE};
    return event;
}
