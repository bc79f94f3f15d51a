/*
 * JSON log lines without a standard: zap, logrus, slog, pino, bunyan, logback's LogstashEncoder,
 * winston and whatever else writes one object a line. Any object that nobody else wants ends here,
 * so that no readable line is lost: without a message the object itself is the body.
 */
#include "ingest/decode/decoder_internal.h"

static struct field_list messages = {.paths =
                                         "msg|message|log|text|event|short_message|MESSAGE|body"};
static struct field_list levels = {.paths = "level|severity|lvl|levelname|log.level|loglevel|error_"
                                            "severity|severityText|priority|PRIORITY"};
static struct field_list times = {.paths = "time|ts|timestamp|@timestamp|datetime|date|eventTime|t."
                                           "$date|created_at|asctime|timeMillis"};
static struct field_list services = {
    .paths = "service.name|service_name|service|serviceName|app|application|app_name|appName|"
             "container_name|kubernetes.labels.app|SYSLOG_IDENTIFIER"};
static struct field_list hosts = {.paths = "hostname|host.name|host|HOSTNAME|_HOSTNAME|node"};
static struct field_list environments = {.paths = "environment|env|service.environment"};
static struct field_list traces = {.paths = "trace_id|traceId|trace.id|traceID"};
static struct field_list problems = {.paths = "stack_trace|error.stack_trace|err.stack|stack|"
                                              "stacktrace|err.message|error.message|error|err"};
static struct field_list taken = {
    .paths = "time|ts|timestamp|@timestamp|level|msg|message|@version|log"};
static struct field_list logger = {.paths = "logger_name"}, level_value = {.paths = "level_value"};
static struct field_list name = {.paths = "name"}, pid = {.paths = "pid"},
                         hostname = {.paths = "hostname"};

static struct field_list *const lists[] = {&messages,     &levels, &times,    &services, &hosts,
                                           &environments, &traces, &problems, &taken,    &logger,
                                           &level_value,  &name,   &pid,      &hostname, NULL};

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
    struct sv problem = TAPE_PICK(problems);
    if (sv_empty(message))
        message = sv_empty(problem) ? probe->tape->text : problem;
    else if (!sv_empty(problem))
        message = arena_printf(arena, SV_FMT "\n" SV_FMT, SV_ARG(message), SV_ARG(problem));
    event->body = message;
    event->attributes = tape_rest(arena, probe->tape, &taken);
    return 0;
}

const struct decoder decoder_json = {"json", READS_TAPE, 82, false, bid, decode, NULL, lists};
