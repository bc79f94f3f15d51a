/*
 * Kafka Connect's JsonConverter with schemas: {"schema": .., "payload": ..}. The payload is decoded
 * again; the schema has its name, and says which of its numbers are times.
 */
#include "ingest/decode/core/unwrap.h"
#include "ingest/decode/envelope/envelope.h"

#define FIELDS(LIST)                                                                               \
    LIST(payload, "payload")                                                                       \
    LIST(schema, "schema")                                                                         \
    LIST(names, "schema.name")
FIELD_LISTS(FIELDS);

static int
bid(const struct probe *probe)
{
    const struct tape *tape = probe->tape;
    bool both = tape->count == 2 && tape_named(tape, &payload) && tape_has(tape, &schema);
    return both ? 91 : 0;
}

static bool
is_time(struct sv type)
{
    return sv_ends(type, SV("connect.data.Timestamp")) ||
           (sv_starts(type, SV("io.debezium.time.")) && sv_ends(type, SV("Timestamp")));
}

/* The first of the payload's own members that its schema calls a time. */
static void
read_time_of_schema(const struct probe *probe, struct event *event)
{
    const struct tape_value *about = tape_find(probe->tape, &schema);
    const struct tape_value *value = tape_find(probe->tape, &payload);
    enum tree_problem problem;
    struct read_time time;
    json_t *described = tree_parse(probe->arena, sv_of(about->ptr, about->len), &problem);
    json_t *told = tree_parse(probe->arena, sv_of(value->ptr, value->len), &problem);
    const json_t *fields = json_object_get(described, "fields");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        const char *name = json_string_value(json_object_get(field, "field"));
        struct sv type = sv_from(json_string_value(json_object_get(field, "name")));
        const json_t *one = name == NULL ? NULL : json_object_get(told, name);
        if (one == NULL || !is_time(type) || !times_read_json(probe->arena, one, 0, &time))
            continue;
        times_into_event(&time, event);
        break;
    }
    json_decref(described);
    json_decref(told);
}

static void
fill_time(const struct probe *probe, struct event_sink *sink, size_t from)
{
    const struct tape_value *value = tape_find(probe->tape, &payload);
    struct event told = {.event_time_ns = TIME_NONE};
    bool lacking = false;
    for (size_t i = from; i < sink->count; i++)
        lacking = lacking || sink->events[i].event_time_ns == TIME_NONE;
    if (lacking && value != NULL && value->type == TAPE_OBJECT) {
        read_time_of_schema(probe, &told);
        fill_from_envelope(sink, from, &told);
    }
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct envelope envelope = {.event = {.event_time_ns = TIME_NONE}};
    size_t from = sink->count;
    struct sv inside =
        envelope_bytes(probe->arena, tape_alternative(probe->tape, &payload, 0), false);
    envelope.event.title = TAPE_PICK(names);
    /* Without a payload: the record was deleted. */
    if (envelope_open(probe, inside, &envelope, sink, result) != 0)
        return -1;
    fill_time(probe, sink, from);
    return 0;
}

const struct decoder decoder_kafka_connect_json_schema = {
    .info = {.name = "kafka_connect_json_schema",
             .identity = "kafka_connect",
             .title = "Kafka Connect JSON with its schema",
             .kinds = "any, by its payload",
             .identified_by = "what identifies its payload",
             .reference = "https://docs.confluent.io/platform/current/connect/"
                          "userguide.html#json-with-schemas",
             .signs = "schema",
             .highest = 91},
    .reads = READS_TAPE,
    .envelope = true,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
