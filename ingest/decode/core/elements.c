/*
 * Lists in one record: elements of an array, lines of JSON, alerts of a webhook. One that cannot be
 * read does not condemn the others: it is kept as a log event that says why. Where none can be
 * read the record is bad. Called by lists.c and decoders, on the worker's thread.
 */
#include "ingest/decode/core/elements.h"

#include <assert.h>

#include "base/text/json_pairs.h"
#include "ingest/decode/core/sink.h"
#include "ingest/parse/text.h"

/* What the record may hold is used up: no element is to blame. */
static bool
is_full(const struct event_sink *sink)
{
    return sink->max != 0 && sink->count >= sink->max;
}

int
element_refused(struct element_list *list, const struct probe *probe, struct sv text,
                struct event_sink *sink, struct decode_result *result)
{
    assert(result->status == DECODE_BAD && list->sink_from <= sink->count);
    if (is_full(sink))
        return decode_full(result);
    if (list->refused++ == 0)
        list->first = *result;
    sink->count = list->sink_from;
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    const struct json_pair why[] = {{SV("not_read"), sv_from(quarantine_word(result->reason))},
                                    {SV("why"), result->detail}};
    event->kind = EVENT_LOG;
    event->format = SV("json");
    event->body = text;
    event->attributes = json_pairs(probe->arena, why, sizeof(why) / sizeof(why[0]));
    *result = (struct decode_result){.status = DECODE_OK, .format = result->format};
    return 0;
}

int
element_list_end(const struct element_list *list, struct decode_result *result)
{
    if (list->refused == 0 || list->read > 0)
        return 0;
    *result = list->first;
    return -1;
}
