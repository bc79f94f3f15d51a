/*
 * Elastic Common Schema and Beats: nested or dotted keys. @timestamp is when Filebeat read the
 * line; level and message inside a plain line are read from it when the shipper has not.
 */
#include "ingest/decode/decoder_internal.h"

static int
bid(const struct probe *probe)
{
    if (!tree_has(probe->json, "@timestamp"))
        return 0;
    if (tree_has(probe->json, "@metadata.beat") || tree_has(probe->json, "ecs.version"))
        return 85;
    if (tree_has(probe->json, "agent.type") || tree_has(probe->json, "log.file.path"))
        return 80;
    return tree_has(probe->json, "log.level") ? 80 : 0;
}

static struct sv
service_of(const struct probe *probe)
{
    return PICK("service.name|fields.service|fields.app|kubernetes.labels.app|"
                "kubernetes.labels.app_kubernetes_io/name|kubernetes.container.name|"
                "container.name|event.dataset|systemd.unit");
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct arena *arena = probe->arena;
    event->kind = EVENT_LOG;
    event_pick_time(probe, probe->json, "@timestamp", event);
    event->service = service_of(probe);
    event->host = PICK("host.name|host.hostname|kubernetes.node.name|agent.hostname|agent.name");
    event->environment = PICK("service.environment|fields.env|fields.environment");
    event->trace_id = PICK("trace.id");
    struct sv message = text_without_ansi(arena, PICK("message|log.original|event.original"));
    event->severity_text = PICK("log.level|level|event.severity");
    event->severity = severity_text(event->severity_text);
    event->body = message;
    if (event->severity == SEVERITY_UNSET) {
        struct text_head head;
        text_read_head(message, probe->options->assumed_offset_s, &head);
        event->severity = head.severity;
        if (sv_empty(event->severity_text))
            event->severity_text = head.severity_word;
        event->title = text_first_line(head.message);
    }
    struct sv problem = PICK("error.stack_trace|error.message");
    if (!sv_empty(problem))
        event->body = sv_empty(message) ? problem
                                        : arena_printf(arena, SV_FMT "\n" SV_FMT, SV_ARG(message),
                                                       SV_ARG(problem));
    event->identity = PICK("log.offset");
    if (!sv_empty(event->identity))
        event->identity = text_identity(arena, PICK("agent.id|agent.name|host.name"),
                                        PICK("log.file.path"), event->identity, SV_NONE);
    event->attributes =
        tree_rest(arena, probe->json,
                  "@timestamp|@metadata|message|agent|ecs|input|log.level|ecs.version|host");
    return 0;
}

const struct decoder decoder_ecs = {"ecs", false, false, bid, decode};
