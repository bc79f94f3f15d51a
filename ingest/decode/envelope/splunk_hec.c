/*
 * Splunk's HTTP Event Collector: {"event": .., "time": .., "host": ..}; the event is a text, or an
 * object that is decoded again. An object is taken for one only when all of its members are those
 * of an event, for nothing else marks it. A body holds several without a separator, which detection
 * takes apart.
 */
#include "ingest/decode/envelope/envelope.h"

#define FIELDS(LIST)                                                                               \
    LIST(inside, "event")                                                                          \
    LIST(times, "time")                                                                            \
    LIST(hosts, "host")                                                                            \
    LIST(marks, "sourcetype|index|source|host|fields")                                             \
    LIST(sourcetype, "sourcetype")                                                                 \
    LIST(members, "event|time|host|source|sourcetype|index|fields")                                \
    LIST(services, "fields.service|fields.service_name|fields.app")                                \
    LIST(environments, "fields.environment|fields.env")
FIELD_LISTS(FIELDS);

static bool
only_members(const struct tape *tape)
{
    for (size_t i = 0; i < tape->count; i++) {
        bool known = false;
        for (int k = 0; k < members.count && !known; k++)
            known = tape->members[i].field == members.fields[k];
        if (!known)
            return false;
    }
    return true;
}

static int
bid(const struct probe *probe)
{
    bool whole = tape_has(probe->tape, &inside) && tape_has(probe->tape, &marks);
    return whole && only_members(probe->tape) ? 70 : 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct envelope envelope = {.event = {.event_time_ns = TIME_NONE}};
    event_tape_time(probe, &times, &envelope.event);
    envelope.event.host = text_without_port(TAPE_PICK(hosts));
    envelope.event.service = TAPE_PICK(services);
    envelope.event.environment = TAPE_PICK(environments);
    const struct tape_value *value = tape_find(probe->tape, &inside);
    return envelope_open(probe, envelope_bytes(probe->arena, value, false), &envelope, sink,
                         result);
}

const struct decoder decoder_splunk_hec = {
    .info = {.name = "splunk_hec",
             .identity = "splunk_hec",
             .title = "Splunk HTTP Event Collector",
             .kinds = "log, or by its content",
             .identified_by = "what identifies its content",
             .reference = "https://docs.splunk.com/Documentation/Splunk/latest/Data/"
                          "FormateventsforHTTPEventCollector",
             .signs = "event, sourcetype|index|source|host|fields",
             .highest = 70},
    .reads = READS_TAPE,
    .envelope = true,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
