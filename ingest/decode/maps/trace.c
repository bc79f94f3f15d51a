/*
 * What was used: see trace.h.
 */
#include "ingest/decode/maps/trace.h"

#include "base/memory.h"

void
map_trace_seen_value(struct map_trace *trace, const struct json_node *value)
{
    if (trace->events > 1 || value == NULL)
        return;
    trace->seen =
        memory_grow(trace->seen, &trace->seen_size, trace->seen_count + 1, sizeof(*trace->seen));
    trace->seen[trace->seen_count++] = value;
}

void
map_trace_key_used(struct map_trace *trace, struct arena *arena, enum map_key key,
                   const struct map_expr *expr, const struct map_result *result)
{
    (void)arena;
    (void)trace;
    (void)key;
    (void)expr;
    (void)result;
}
