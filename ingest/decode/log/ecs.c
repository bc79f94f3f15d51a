/*
 * Elastic Common Schema and Beats: nested or dotted keys. @timestamp is when Filebeat read the
 * line. Where the shipper has not read the level, a line that may be of a format (an access log, a
 * line of klog) is detected and decoded by itself; of others the level is taken.
 */
#include "base/sha256.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/within.h"
#include "ingest/decode/log/syslog_tag.h"

#define FIELDS(LIST)                                                                               \
    LIST(times, "@timestamp")                                                                      \
    LIST(beats, "@metadata.beat|ecs.version")                                                      \
    LIST(agents, "agent.type|log.file.path")                                                       \
    LIST(level, "log.level")                                                                       \
    LIST(services,                                                                                 \
         "service.name|fields.service|fields.app|kubernetes.labels.app|"                           \
         "kubernetes.labels.app_kubernetes_io/name|kubernetes.container.name|container.name|"      \
         "event.dataset|systemd.unit|winlog.provider_name")                                        \
    LIST(hosts, "host.name|host.hostname|kubernetes.node.name|agent.hostname|agent.name")          \
    LIST(environments, "service.environment|fields.env|fields.environment")                        \
    LIST(trace, "trace.id")                                                                        \
    LIST(messages, "message|log.original|event.original")                                          \
    LIST(levels, "log.level|level|event.severity")                                                 \
    LIST(problems, "error.stack_trace|error.message")                                              \
    LIST(offset, "log.offset")                                                                     \
    LIST(readers, "agent.id|agent.name|host.name")                                                 \
    LIST(event_computer, "winlog.computer_name")                                                   \
    LIST(event_channel, "winlog.channel")                                                          \
    LIST(event_record, "winlog.record_id")                                                         \
    LIST(path, "log.file.path")                                                                    \
    LIST(file, "log.file.fingerprint|log.file.inode")                                              \
    LIST(taken,                                                                                    \
         "@timestamp|@metadata|message|agent|ecs|input|log.level|ecs.version|host|host.name|"      \
         "service.name|service.environment|trace.id")
FIELD_LISTS(FIELDS);

static int
bid(const struct probe *probe)
{
    if (!tape_has(probe->tape, &times))
        return 0;
    if (tape_has(probe->tape, &beats))
        return 85;
    return tape_has(probe->tape, &agents) || tape_has(probe->tape, &level) ? 80 : 0;
}

/* The level and the message of a plain line, where the shipper has not read them. */
static void
read_line(const struct probe *probe, struct sv message, struct event *event)
{
    struct text_head head;
    const struct time_hints hints = {
        .zone = probe->zone, .near_ns = TIME_NONE, .before_ns = TIME_NONE};
    text_read_head(message, &hints, &head);
    event->severity = head.severity;
    if (sv_empty(event->severity_text))
        event->severity_text = head.severity_word;
    event->title = text_first_line(head.message);
}

/*
 * Reader, file, offset and the line. A rotated file begins again at offset 0 under the same path,
 * and a new file may get the inode of an old one: the line itself tells them apart.
 */
static struct sv
identity_of(const struct probe *probe, struct sv message)
{
    struct sv at = TAPE_PICK(offset), where = TAPE_PICK(path), which = TAPE_PICK(file);
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    if (tape_has(probe->tape, &event_record))
        return IDENTITY(probe->arena, SV("winlog"), TAPE_PICK(event_computer),
                        TAPE_PICK(event_channel), TAPE_PICK(event_record));
    if (sv_empty(at) || (sv_empty(where) && sv_empty(which)))
        return SV_NONE;
    sha256_of(message.ptr, message.len, &digest);
    sha256_hex(&digest, hex);
    return IDENTITY(probe->arena, TAPE_PICK(readers), where, at, which,
                    arena_copy(probe->arena, sv_of(hex, 16)));
}

/* All but what the message itself says. */
static void
fill(const struct probe *probe, struct sv message, struct event *event)
{
    event->kind = EVENT_LOG;
    event_tape_time(probe, &times, event);
    event->service = TAPE_PICK(services);
    event->host = TAPE_PICK(hosts);
    event->environment = TAPE_PICK(environments);
    event->trace_id = TAPE_PICK(trace);
    event->severity_text = TAPE_PICK(levels);
    event->severity = severity_text(event->severity_text);
    if (probe_names_lines(probe))
        event->identity = identity_of(probe, message);
    event->attributes = tape_rest(probe->arena, probe->tape, &taken);
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct arena *arena = probe->arena;
    struct event outer = {.event_time_ns = TIME_NONE};
    struct sv message = text_without_ansi(arena, TAPE_PICK(messages));
    struct sv problem = TAPE_PICK(problems);
    fill(probe, message, &outer);
    if (outer.severity == SEVERITY_UNSET && sv_empty(problem) && within_syslog(SV_NONE, message))
        return decode_within(probe, message, &outer, WITHIN_ALWAYS, sink, result);
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    *event = outer;
    event->storable = true;
    event->body = message;
    if (event->severity == SEVERITY_UNSET)
        read_line(probe, message, event);
    if (!sv_empty(problem))
        event->body = sv_empty(message) ? problem
                                        : arena_printf(arena, SV_FMT "\n" SV_FMT, SV_ARG(message),
                                                       SV_ARG(problem));
    return 0;
}

const struct decoder decoder_ecs = {
    .info = {.name = "ecs",
             .identity = "ecs",
             .title = "Elastic Common Schema and Filebeat JSON",
             .kinds = "log",
             .identified_by =
                 "native: reader, file, offset and line; computer, channel and number (Windows)",
             .reference = "https://www.elastic.co/guide/en/ecs/current/ecs-reference.html",
             .signs = "@timestamp",
             .highest = 85},
    .reads = READS_TAPE,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
