/*
 * CloudEvents 1.0: structured (one JSON object) and Kafka's binary mode (ce_* headers, the value is
 * the data). The data is decoded again by the other decoders; source and id identify, time and
 * subject stand in for what the data lacks. Data that nobody knows becomes one log event that names
 * its type.
 */
#include "base/text/base64.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/detect.h"
#include "ingest/decode/core/unwrap.h"

static bool
binary(const struct probe *probe)
{
    return !probe->in_cloudevent && !sv_empty(record_header(probe->record, "ce_specversion")) &&
           !sv_empty(record_header(probe->record, "ce_id"));
}

static int
bid(const struct probe *probe)
{
    if (binary(probe))
        return 98;
    bool whole = probe->json != NULL && tree_has(probe->json, "specversion") &&
                 tree_has(probe->json, "id") && tree_has(probe->json, "source") &&
                 tree_has(probe->json, "type");
    return whole ? 96 : 0;
}

struct envelope {
    struct event event; /* what stands in */
    struct sv type, subject;
};

static struct sv
attribute(const struct probe *probe, bool from_headers, const char *name)
{
    if (!from_headers)
        return tree_pick(probe->arena, probe->json, name);
    const char *header = arena_printf(probe->arena, "ce_%s", name).ptr;
    return record_header(probe->record, header);
}

/* Every event inside repeats the name: of a long one its digest is as good. */
static struct sv
short_name(const struct probe *probe, struct sv name)
{
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    if (name.len <= FIELD_BYTES_MAX)
        return name;
    sha256_of(name.ptr, name.len, &digest);
    sha256_hex(&digest, hex);
    return arena_copy(probe->arena, sv_from(hex));
}

static void
read_envelope(const struct probe *probe, bool headers, struct envelope *envelope)
{
    struct read_time time;
    struct event *event = &envelope->event;
    *envelope = (struct envelope){.event = {.event_time_ns = TIME_NONE}};
    envelope->type = attribute(probe, headers, "type");
    envelope->subject = attribute(probe, headers, "subject");
    event->source = attribute(probe, headers, "source");
    if (times_read(attribute(probe, headers, "time"), 0, &time))
        times_into_event(&time, event);
    int64_t number;
    if (sv_to_int64(attribute(probe, headers, "sequence"), &number) && number > 0)
        event->sequence = number;
    struct sv element = probe->element == 0 || !headers
                            ? SV_NONE
                            : arena_printf(probe->arena, "%zu", probe->element);
    event->name_space = sv_from(probe->decoder->info.identity);
    event->identity = IDENTITY(probe->arena, short_name(probe, event->source),
                               short_name(probe, attribute(probe, headers, "id")), element);
}

static int
decode_data(const struct probe *probe, bool headers, struct event_sink *sink,
            struct decode_result *result)
{
    struct probe inner = *probe;
    inner.in_cloudevent = true;
    inner.list = NULL;
    if (headers && probe->tape != NULL)
        return decode_json(&inner, probe->body, sink, result);
    if (headers)
        return decode_bytes(&inner, probe->body, sink, result);
    const json_t *data = tree_find(probe->json, "data");
    if (json_is_object(data) || json_is_array(data))
        return decode_tree(&inner, data, sink, result);
    struct sv bytes = data != NULL ? tree_text(probe->arena, data)
                                   : base64_decode(probe->arena, PICK("data_base64"));
    if (sv_empty(bytes))
        return decode_bad(result, QUARANTINE_UNKNOWN_FORMAT, "no data");
    if (inner.depth > UNWRAP_DEPTH_MAX)
        return decode_bad(result, QUARANTINE_TOO_DEEP, "more envelopes than the limit");
    inner.depth++;
    return decode_bytes(&inner, bytes, sink, result);
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    bool headers = binary(probe);
    if (!headers && probe->json == NULL)
        return decode_bad(result, QUARANTINE_SYNTAX, "neither JSON nor ce_ headers");
    struct envelope envelope;
    read_envelope(probe, headers, &envelope);
    size_t from = sink->count;
    if (decode_data(probe, headers, sink, result) != 0) {
        if (result->reason == QUARANTINE_TOO_DEEP || result->reason == QUARANTINE_TOO_MANY_EVENTS)
            return -1;
        *result = (struct decode_result){.status = DECODE_OK};
        sink->count = from;
        struct event *event = event_sink_add(sink);
        if (event == NULL)
            return decode_full(result);
        event->kind = EVENT_LOG;
        event->title = envelope.type;
        event->body = envelope.type;
    }
    result->format = SV("cloudevents");
    for (size_t i = from; i < sink->count; i++) {
        struct event *event = &sink->events[i];
        const struct decoder *known = sv_empty(event->format) ? NULL : decoder_find(event->format);
        if (known != NULL && !known->general)
            continue;
        event->format = SV("cloudevents");
        event->storable = false; /* the attributes may be headers */
        event->title = envelope.type;
        event->ref = envelope.subject;
    }
    fill_from_envelope(sink, from, &envelope.event);
    return 0;
}

const struct decoder decoder_cloudevents = {
    .info = {.name = "cloudevents",
             .identity = "cloudevents",
             .title = "CloudEvents 1.0, structured and Kafka binary mode",
             .kinds = "any, by its data",
             .identified_by = "what identifies its data, else `source` and `id`",
             .reference = "https://github.com/cloudevents/spec",
             .signs = "specversion",
             .header = "ce_specversion",
             .highest = 98},
    .reads = READS_TREE,
    .ids_identify = true,
    .envelope = true,
    .bid = bid,
    .decode = decode,
};
