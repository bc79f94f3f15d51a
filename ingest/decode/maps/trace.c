/*
 * What was used: see trace.h.
 */
#include "ingest/decode/maps/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static _Thread_local struct map_trace *of_this_thread;

void
map_trace_set(struct map_trace *trace)
{
    of_this_thread = trace;
}

struct map_trace *
map_trace_now(void)
{
    return of_this_thread;
}

void
map_trace_next(struct map_trace *trace)
{
    trace->watching = false;
    trace->in_record = 0;
    trace->shape = NULL;
    trace->when = NULL;
    trace->element = NULL;
    trace->seen_count = 0;
    memset(trace->keys, 0, sizeof(trace->keys));
}

void
map_trace_release(struct map_trace *trace)
{
    free(trace->seen);
    trace->seen = NULL;
    trace->seen_count = trace->seen_size = 0;
}

void
map_trace_event(struct map_trace *trace, const struct map_shape *shape, const struct map_when *when,
                struct json_node *element)
{
    trace->events++;
    trace->in_record++;
    trace->watching = trace->shape == NULL;
    if (!trace->watching)
        return;
    trace->shape = shape;
    trace->when = when;
    trace->element = element;
}

void
map_trace_seen_value(struct map_trace *trace, const struct json_node *value)
{
    if (trace->in_record == 0 || trace->in_record > SEEN_EVENTS || value == NULL)
        return;
    trace->seen =
        memory_grow(trace->seen, &trace->seen_size, trace->seen_count + 1, sizeof(*trace->seen));
    trace->seen[trace->seen_count++] = value;
}

void
map_trace_key_used(struct map_trace *trace, enum map_key key, const struct map_expr *expr,
                   const struct map_result *result)
{
    if (!trace->watching)
        return;
    trace->keys[key] = (struct map_used){.expr = expr,
                                         .alternative = result->alternative,
                                         .text = result->text,
                                         .source = result->source};
}

void
map_trace_key_missing(struct map_trace *trace, enum map_key key, const struct map_expr *expr,
                      struct sv source)
{
    if (trace->watching)
        trace->keys[key] = (struct map_used){.expr = expr, .source = source};
}
