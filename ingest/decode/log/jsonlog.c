/*
 * JSON log lines without a standard: zap, logrus, slog, pino, bunyan, logback's LogstashEncoder,
 * winston, journald's export and whatever else writes one object a line. Any object that nobody
 * else wants ends here, so that no readable line is lost: without a message the object itself is
 * the body.
 */
#include "base/text/utf8.h"
#include "ingest/decode/core/decoder_internal.h"

#define FIELDS(LIST)                                                                               \
    LIST(messages, "msg|message|log|text|event|short_message|MESSAGE|body")                        \
    LIST(levels, "level|severity|lvl|levelname|log.level|loglevel|error_severity|severityText|"    \
                 "priority|PRIORITY")                                                              \
    LIST(times, "time|ts|timestamp|@timestamp|datetime|date|eventTime|t.$date|created_at|asctime|" \
                "timeMillis|_SOURCE_REALTIME_TIMESTAMP|__REALTIME_TIMESTAMP")                      \
    LIST(services,                                                                                 \
         "service.name|service_name|service|serviceName|app|application|app_name|appName|"         \
         "container_name|kubernetes.labels.app|SYSLOG_IDENTIFIER|_SYSTEMD_UNIT|_COMM")             \
    LIST(hosts, "hostname|host.name|host|HOSTNAME|_HOSTNAME|node")                                 \
    LIST(environments, "environment|env|service.environment")                                      \
    LIST(traces, "trace_id|traceId|trace.id|traceID")                                              \
    LIST(problems,                                                                                 \
         "stack_trace|error.stack_trace|err.stack|stack|stacktrace|err.message|error.message|"     \
         "error|err")                                                                              \
    /* What only one source writes: a name of the line that its every delivery carries. */         \
    LIST(cursor, "__CURSOR")                                                                       \
    LIST(insert_id, "insertId")                                                                    \
    LIST(log_name, "logName")                                                                      \
    LIST(entry_time, "timestamp")                                                                  \
    LIST(audit_id, "auditID")                                                                      \
    LIST(stage, "stage")                                                                           \
    LIST(stage_time, "stageTimestamp|requestReceivedTimestamp")                                    \
    LIST(taken, "time|ts|timestamp|@timestamp|level|msg|message|@version|log|MESSAGE|PRIORITY|"    \
                "_HOSTNAME|SYSLOG_IDENTIFIER|_SOURCE_REALTIME_TIMESTAMP|__REALTIME_TIMESTAMP")     \
    LIST(journal_message, "MESSAGE")                                                               \
    LIST(logger, "logger_name")                                                                    \
    LIST(level_value, "level_value")                                                               \
    LIST(name, "name")                                                                             \
    LIST(pid, "pid")                                                                               \
    LIST(hostname, "hostname")
FIELD_LISTS(FIELDS);

static int
bid(const struct probe *probe)
{
    const struct tape *tape = probe->tape;
    if (tape_has(tape, &logger) && tape_has(tape, &level_value))
        return 82;
    int known = tape_has(tape, &messages) + tape_has(tape, &levels) + tape_has(tape, &times);
    return 5 + 15 * known;
}

/* Bunyan's `name` is the program; elsewhere a name can be anything. */
static struct sv
service_of(const struct probe *probe)
{
    struct sv service = TAPE_PICK(services);
    if (!sv_empty(service))
        return service;
    bool bunyan = tape_has(probe->tape, &pid) && tape_has(probe->tape, &hostname);
    return bunyan ? TAPE_PICK(name) : SV_NONE;
}

/* journald writes a message that is not UTF-8, or has control characters, as a list of its bytes.
 */
static struct sv
journal_bytes(const struct probe *probe)
{
    const struct tape_value *list = tape_find(probe->tape, &journal_message);
    if (list == NULL || list->type != TAPE_ARRAY)
        return SV_NONE;
    struct sv rest = sv_of(list->ptr + 1, list->len - 2), number;
    char *bytes = arena_alloc(probe->arena, list->len);
    size_t count = 0;
    int64_t byte;
    while (sv_split(&rest, ',', &number)) {
        if (!sv_to_int64(sv_trim(number), &byte) || byte < 0 || byte > UINT8_MAX)
            return SV_NONE;
        bytes[count++] = (char)byte;
    }
    return utf8_repair(probe->arena, sv_of(bytes, count));
}

/*
 * Google Cloud numbers within a log and a moment. A client of Kubernetes may choose the id of its
 * request. The names are those of journald, Google Cloud and Kubernetes, whoever reads their lines.
 */
static void
identify(const struct probe *probe, struct event *event)
{
    struct sv id = TAPE_PICK(cursor);
    if (!sv_empty(id)) {
        event->name_space = SV("journald");
        event->identity = id;
    } else if (tape_has(probe->tape, &log_name) && tape_has(probe->tape, &insert_id)) {
        event->name_space = SV("google-cloud");
        event->identity = IDENTITY(probe->arena, TAPE_PICK(log_name), TAPE_PICK(insert_id),
                                   TAPE_PICK(entry_time));
    } else if (tape_has(probe->tape, &audit_id) && tape_has(probe->tape, &stage)) {
        event->name_space = SV("kubernetes");
        event->identity =
            IDENTITY(probe->arena, TAPE_PICK(audit_id), TAPE_PICK(stage), TAPE_PICK(stage_time));
    }
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct arena *arena = probe->arena;
    event->kind = EVENT_LOG;
    event->storable = true;
    event_tape_time(probe, &times, event);
    event->severity_text = TAPE_PICK(levels);
    event->severity = severity_text(event->severity_text);
    event->service = service_of(probe);
    event->host = text_without_port(TAPE_PICK(hosts));
    event->environment = TAPE_PICK(environments);
    event->trace_id = TAPE_PICK(traces);
    struct sv message = text_without_ansi(arena, TAPE_PICK(messages));
    if (sv_empty(message))
        message = text_without_ansi(arena, journal_bytes(probe));
    struct sv problem = TAPE_PICK(problems);
    if (sv_empty(message))
        message = sv_empty(problem) ? probe->tape->text : problem;
    else if (!sv_empty(problem))
        message = arena_printf(arena, SV_FMT "\n" SV_FMT, SV_ARG(message), SV_ARG(problem));
    event->body = message;
    if (probe->options->dedup_native)
        identify(probe, event);
    event->attributes = tape_rest(arena, probe->tape, &taken);
    return 0;
}

const struct decoder decoder_json = {
    .info = {.name = "json",
             .identity = "file",
             .title = "JSON log lines (zap, logrus, slog, pino, bunyan, logback, winston, "
                      "journald)",
             .kinds = "log",
             .identified_by = "native: `__CURSOR` (journald), `insertId` and time (Google Cloud), "
                              "`auditID`, stage and time (Kubernetes)",
             .reference = "docs/formats.md",
             .highest = 82},
    .reads = READS_TAPE,
    .general = true,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
