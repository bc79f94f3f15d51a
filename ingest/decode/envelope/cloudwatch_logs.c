/*
 * Amazon CloudWatch Logs, as a subscription delivers them: base64 of gzip of {logEvents: [..]}, or
 * that object itself. Each event's message is a line of its own, decoded again; its id names it.
 */
#include "ingest/decode/envelope/envelope.h"
#include "ingest/parse/json_walk.h"

#define FIELDS(LIST)                                                                               \
    LIST(packed, "awslogs.data")                                                                   \
    LIST(events, "logEvents")                                                                      \
    LIST(type, "messageType")                                                                      \
    LIST(group, "logGroup")                                                                        \
    LIST(stream, "logStream")
FIELD_LISTS(FIELDS);

static bool
holds_events(const struct probe *probe)
{
    const struct tape_value *list = tape_find(probe->tape, &events);
    return list != NULL && list->type == TAPE_ARRAY && tape_has(probe->tape, &type);
}

static int
bid(const struct probe *probe)
{
    const struct tape_value *data = tape_find(probe->tape, &packed);
    return (data != NULL && data->type == TAPE_STRING) || holds_events(probe) ? 94 : 0;
}

/* Groups are called after what writes them: /aws/lambda/checkout, /ecs/checkout. */
static struct sv
service_of(struct sv name)
{
    while (name.len > 0 && name.ptr[name.len - 1] == '/')
        name.len--;
    for (size_t at; (at = sv_find_char(name, '/')) != SIZE_MAX;)
        name = sv_slice(name, at + 1, name.len);
    return name;
}

static int
one_event(const struct probe *probe, struct json_walk *walk, struct event_sink *sink,
          struct decode_result *result)
{
    struct envelope envelope = {.event = {.event_time_ns = TIME_NONE}};
    struct event *event = &envelope.event;
    struct sv key, message = SV_NONE;
    struct read_time time;
    if (!json_walk_enter(walk, '{')) {
        json_walk_skip(walk);
        return 0;
    }
    while (json_walk_key(walk, &key)) {
        struct sv text = json_walk_text(probe->arena, walk);
        if (sv_eq(key, SV("message")))
            message = text;
        else if (sv_eq(key, SV("id")))
            event->identity = text;
        else if (sv_eq(key, SV("timestamp")) && times_read(text, 0, &time))
            times_into_event(&time, event);
    }
    event->name_space = SV("aws_cloudwatch_logs");
    event->service = service_of(TAPE_PICK(group));
    /* An instance's id, or a path that names a container or a version of a function. */
    struct sv writer = TAPE_PICK(stream);
    event->host = sv_find_char(writer, '/') == SIZE_MAX ? writer : SV_NONE;
    return envelope_open(probe, message, &envelope, sink, result);
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct tape_value *data = tape_find(probe->tape, &packed);
    const struct tape_value *list = tape_find(probe->tape, &events);
    const struct envelope nothing = {.event = {.event_time_ns = TIME_NONE}};
    if (data != NULL)
        return envelope_open(probe, envelope_bytes(probe->arena, data, true), &nothing, sink,
                             result);
    if (list == NULL || list->type != TAPE_ARRAY)
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "no list of log events");
    /* Amazon asks whether the destination can be reached. */
    if (tape_is(probe->tape, &type, "CONTROL_MESSAGE"))
        return 0;
    struct json_walk walk = json_walk_of(sv_of(list->ptr, list->len));
    (void)json_walk_enter(&walk, '[');
    while (json_walk_element(&walk))
        if (one_event(probe, &walk, sink, result) != 0)
            return -1;
    return 0;
}

const struct decoder decoder_aws_cloudwatch_logs_subscription = {
    .info = {.name = "aws_cloudwatch_logs_subscription",
             .identity = "aws_cloudwatch_logs",
             .title = "Amazon CloudWatch Logs subscription",
             .kinds = "log",
             .identified_by = "native: `id` of the log event",
             .reference = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"
                          "SubscriptionFilters.html",
             .signs = "awslogs.data; messageType=DATA_MESSAGE|CONTROL_MESSAGE, logEvents",
             .highest = 94},
    .reads = READS_TAPE,
    .envelope = true,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
