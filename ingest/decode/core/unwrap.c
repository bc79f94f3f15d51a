/*
 * Envelopes around log lines, which come by the million: HTTP sources that keep the body as text in
 * `message` (Vector, Filebeat). The inner record is decoded again; what it lacks comes from the
 * envelope. Others are decoders (ingest/decode/envelope, ingest/decode/log).
 */
#include "ingest/decode/core/unwrap.h"

#include "ingest/decode/core/detect.h"
#include "ingest/decode/core/registry.h"

#define FIELDS(LIST)                                                                               \
    LIST(message, "message")                                                                       \
    LIST(bridges, "source_type|@timestamp|path|timestamp")                                         \
    LIST(bridge_times, "timestamp|@timestamp")                                                     \
    LIST(bridge_hosts, "host.name|host")                                                           \
    LIST(bridge_services, "service.name|fields.service|service|kubernetes.labels.app")
FIELD_LISTS(FIELDS);

void
unwrap_register(void)
{
    for (size_t i = 0; lists[i] != NULL; i++)
        tape_register(lists[i]);
}

static void
fill(struct sv *field, struct sv value)
{
    if (sv_empty(*field))
        *field = value;
}

void
fill_from_envelope(struct event_sink *sink, size_t from, const struct event *envelope)
{
    for (size_t i = from; i < sink->count; i++) {
        struct event *event = &sink->events[i];
        event->storable = false; /* an envelope may be headers or text */
        fill(&event->service, envelope->service);
        fill(&event->environment, envelope->environment);
        fill(&event->host, envelope->host);
        fill(&event->source, envelope->source);
        fill(&event->title, envelope->title);
        fill(&event->url, envelope->url);
        fill(&event->trace_id, envelope->trace_id);
        if (event->sequence == 0)
            event->sequence = envelope->sequence;
        if (event->event_time_ns == TIME_NONE && envelope->event_time_ns != TIME_NONE) {
            event->event_time_ns = envelope->event_time_ns;
            event->precision = envelope->precision;
            event->time_source = envelope->time_source;
            event->source_time_text = envelope->source_time_text;
        }
        /* One envelope names one event; of several inside each needs its place as well. */
        if ((sv_empty(event->identity) || event->by_content || event->reused) &&
            !sv_empty(envelope->identity)) {
            event->identity = sink->count == from + 1
                                  ? envelope->identity
                                  : arena_printf(sink->arena, SV_FMT IDENTITY_SEPARATOR "%zu",
                                                 SV_ARG(envelope->identity), i - from);
            event->name_space = envelope->name_space;
            event->by_content = event->reused = false;
        }
    }
}

/* True if it is a JSON object. The same text is scanned again when it is decoded. */
static bool
is_object(struct arena *arena, struct sv text)
{
    struct tape tape;
    return !sv_empty(text) && text.ptr[0] == '{' && tape_scan(arena, text, &tape) == TREE_FINE;
}

int
unwrap_tape(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct tape_value *value = tape_find(probe->tape, &message);
    if (value == NULL || value->type != TAPE_STRING || value->ptr[0] != '{' ||
        !tape_has(probe->tape, &bridges))
        return 0;
    struct sv text = sv_trim(tape_text(probe->arena, value));
    if (!is_object(probe->arena, text))
        return 0;
    struct event envelope = {.event_time_ns = TIME_NONE};
    event_tape_time(probe, &bridge_times, &envelope);
    envelope.host = TAPE_PICK(bridge_hosts);
    envelope.service = TAPE_PICK(bridge_services);
    size_t from = sink->count;
    struct probe within = *probe;
    within.list = NULL;
    if (decode_json(&within, text, sink, result) != 0)
        return -1;
    fill_from_envelope(sink, from, &envelope);
    return 1;
}
