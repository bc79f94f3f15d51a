/*
 * Lines within lines: see within.h. Called by decoders, and calls detection, on the worker's
 * thread.
 */
#include "ingest/decode/core/within.h"

#include "ingest/decode/core/detect.h"
#include "ingest/decode/core/registry.h"
#include "ingest/decode/core/sink.h"
#include "ingest/decode/core/unwrap.h"

#define RANK_NATIVE 4

/* How much the source says of the time itself. */
static int
rank_of(const struct event *event)
{
    if (event->event_time_ns == TIME_NONE)
        return 0;
    if (event->time_source == TIME_SOURCE_NATIVE)
        return RANK_NATIVE;
    if (event->time_source == TIME_SOURCE_ASSUMED_ZONE)
        return RANK_NATIVE - 1;
    return event->time_source == TIME_SOURCE_ASSUMED_YEAR ? RANK_NATIVE - 2 : 1;
}

static int64_t
unit_of(enum time_precision precision)
{
    switch (precision) {
    case PRECISION_MICROSECOND:
        return NS_PER_US;
    case PRECISION_MILLISECOND:
        return NS_PER_MS;
    case PRECISION_SECOND:
        return NS_PER_S;
    case PRECISION_MINUTE:
        return NS_PER_MINUTE;
    case PRECISION_DAY:
        return NS_PER_DAY;
    case PRECISION_NONE:
    case PRECISION_NANOSECOND:
        break;
    }
    return 1;
}

/* True if the outer time is the inner one, told more finely. */
static bool
finer(const struct event *outer, const struct event *inner)
{
    int64_t unit = unit_of(inner->precision);
    return unit > unit_of(outer->precision) && outer->event_time_ns >= inner->event_time_ns &&
           outer->event_time_ns - inner->event_time_ns < unit;
}

static void
settle_time(const struct event *outer, struct event *inner)
{
    int of_outer = rank_of(outer), of_inner = rank_of(inner);
    if (of_outer < of_inner || of_outer == 0)
        return;
    if (of_outer == of_inner && of_outer == RANK_NATIVE && !finer(outer, inner))
        return;
    inner->event_time_ns = outer->event_time_ns;
    inner->precision = outer->precision;
    inner->time_source = outer->time_source;
    inner->source_time_text = outer->source_time_text;
}

/* Of equal keys readers take the last: what the inner line says. */
static struct sv
joined_attributes(struct arena *arena, struct sv outer, struct sv inner)
{
    if (sv_empty(outer) || sv_empty(inner))
        return sv_empty(outer) ? inner : outer;
    return arena_printf(arena, SV_FMT "," SV_FMT, SV_ARG(sv_slice(outer, 0, outer.len - 1)),
                        SV_ARG(sv_slice(inner, 1, inner.len)));
}

/* Formats of many programs: they say less than the name of the outer one. */
static bool
of_any_program(struct sv format)
{
    return sv_eq(format, SV("text")) || sv_eq(format, SV("json")) || sv_eq(format, SV("logfmt"));
}

static void
take_from_outer(struct arena *arena, const struct event *outer, enum within_name name,
                struct sv format, struct event *inner)
{
    if (inner->kind != EVENT_LOG)
        return;
    settle_time(outer, inner);
    if (inner->severity == SEVERITY_UNSET) {
        inner->severity = outer->severity;
        if (sv_empty(inner->severity_text))
            inner->severity_text = outer->severity_text;
    }
    inner->attributes = joined_attributes(arena, outer->attributes, inner->attributes);
    if (name == WITHIN_ALWAYS || of_any_program(inner->format))
        inner->format = format;
}

static int
add_outer(const struct event *outer, struct sv line, struct event_sink *sink,
          struct decode_result *result)
{
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    *event = *outer;
    if (sv_empty(event->body))
        event->body = sv_trim(line);
    return 0;
}

int
decode_within(const struct probe *probe, struct sv line, const struct event *outer,
              enum within_name name, struct event_sink *sink, struct decode_result *result)
{
    size_t from = sink->count;
    struct sv format = sv_from(probe->decoder->info.name);
    struct probe within = *probe;
    within.depth++;
    within.inside = true;
    if (outer->event_time_ns != TIME_NONE)
        within.envelope = outer;
    if (sv_empty(sv_trim(line)))
        return 0;
    bool inner = probe->depth < UNWRAP_DEPTH_MAX && decode_line(&within, line, sink, result) == 0 &&
                 sink->count > from;
    if (!inner) {
        if (sink->max != 0 && sink->count >= sink->max)
            return -1;
        sink->count = from;
        *result = (struct decode_result){.status = DECODE_OK, .format = format};
        return add_outer(outer, line, sink, result);
    }
    result->format = format;
    fill_from_envelope(sink, from, outer);
    for (size_t i = from; i < sink->count; i++)
        take_from_outer(probe->arena, outer, name, format, &sink->events[i]);
    return 0;
}
