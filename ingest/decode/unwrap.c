/*
 * Envelopes that bridges put around a record: Kafka Connect's {schema, payload}, Amazon SNS, HTTP
 * sources that keep the body as text in `message` (Vector, Filebeat), Docker's json-file, and the
 * "name | " of compose. The inner record is decoded again; what it lacks comes from the envelope.
 */
#include "ingest/decode/decoder_internal.h"

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
        fill(&event->service, envelope->service);
        fill(&event->environment, envelope->environment);
        fill(&event->host, envelope->host);
        fill(&event->source, envelope->source);
        fill(&event->title, envelope->title);
        fill(&event->url, envelope->url);
        fill(&event->trace_id, envelope->trace_id);
        if (event->event_time_ns == TIME_NONE && envelope->event_time_ns != TIME_NONE) {
            event->event_time_ns = envelope->event_time_ns;
            event->precision = envelope->precision;
            event->time_source = envelope->time_source;
            event->source_time_text = envelope->source_time_text;
        }
        /* One envelope names one event; a second one inside would get the same name. */
        if (sv_empty(event->identity) && sink->count == from + 1)
            event->identity = envelope->identity;
    }
}

static int
inner_tree(const struct probe *probe, const json_t *tree, const struct event *envelope,
           struct event_sink *sink, struct decode_result *result)
{
    size_t from = sink->count;
    int status = json_is_string(tree)
                     ? decode_bytes(probe, tree_text(probe->arena, tree), sink, result)
                     : decode_tree(probe, tree, sink, result);
    if (status != 0)
        return -1;
    fill_from_envelope(sink, from, envelope);
    return 1;
}

/* A string that holds a JSON object. */
static json_t *
inner_object(const struct probe *probe, const char *key)
{
    const json_t *value = tree_find(probe->json, key);
    enum tree_problem problem;
    if (!json_is_string(value) || json_string_value(value)[0] != '{')
        return NULL;
    struct sv text = sv_of(json_string_value(value), json_string_length(value));
    json_t *tree = tree_parse(probe->arena, sv_trim(text), &problem);
    if (json_is_object(tree))
        return tree;
    json_decref(tree);
    return NULL;
}

static int
unwrap_message(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct event envelope = {.event_time_ns = TIME_NONE};
    bool bridge = tree_has(probe->json, "source_type") || tree_has(probe->json, "@timestamp") ||
                  tree_has(probe->json, "path") || tree_has(probe->json, "timestamp");
    if (!bridge)
        return 0;
    json_t *tree = inner_object(probe, "message");
    if (tree == NULL)
        return 0;
    event_pick_time(probe, probe->json, "timestamp|@timestamp", &envelope);
    envelope.host = PICK("host.name|host");
    envelope.service = PICK("service.name|fields.service|service|kubernetes.labels.app");
    int status = inner_tree(probe, tree, &envelope, sink, result);
    json_decref(tree);
    return status;
}

int
unwrap_tree(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const json_t *json = probe->json;
    struct event envelope = {.event_time_ns = TIME_NONE};
    const json_t *payload = json_object_get(json, "payload");
    if (json_object_size(json) == 2 && payload != NULL && json_object_get(json, "schema") != NULL) {
        if (json_is_object(payload) || json_is_array(payload) || json_is_string(payload))
            return inner_tree(probe, payload, &envelope, sink, result);
        return json_is_null(payload) ? 1 : 0;
    }
    if (tree_has(json, "TopicArn") && tree_has(json, "Message")) {
        event_pick_time(probe, json, "Timestamp", &envelope);
        envelope.title = PICK("Subject");
        return inner_tree(probe, tree_find(json, "Message"), &envelope, sink, result);
    }
    if (tree_has(json, "log") && tree_has(json, "stream") && tree_has(json, "time") &&
        json_is_string(tree_find(json, "log"))) {
        event_pick_time(probe, json, "time", &envelope);
        if (sv_empty(sv_trim(PICK("log"))))
            return 1;
        return inner_tree(probe, tree_find(json, "log"), &envelope, sink, result);
    }
    return unwrap_message(probe, sink, result);
}

int
unwrap_text(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    size_t bar = sv_find(sv_slice(probe->body, 0, 80), SV("| {\""));
    size_t name = 0;
    while (bar != SIZE_MAX && name < bar && probe->body.ptr[name] != ' ')
        name++;
    if (bar == SIZE_MAX || name == 0 || probe->depth >= UNWRAP_DEPTH_MAX ||
        !sv_empty(sv_trim(sv_slice(probe->body, name, bar))))
        return 0;
    struct event envelope = {.event_time_ns = TIME_NONE};
    envelope.service = sv_slice(probe->body, 0, name);
    struct probe inner = *probe;
    inner.depth++;
    size_t from = sink->count;
    if (decode_bytes(&inner, sv_slice(probe->body, bar + 2, probe->body.len), sink, result) != 0)
        return -1;
    fill_from_envelope(sink, from, &envelope);
    return 1;
}
