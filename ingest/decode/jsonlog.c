/*
 * JSON log lines without a standard: zap, logrus, slog, pino, bunyan, logback's LogstashEncoder,
 * winston and whatever else writes one object a line. Any object that nobody else wants ends here,
 * so that no readable line is lost: without a message the object itself is the body.
 */
#include "ingest/decode/decoder_internal.h"

#define MESSAGES "msg|message|log|text|event|short_message|MESSAGE|body"
#define LEVELS                                                                                     \
    "level|severity|lvl|levelname|log.level|loglevel|error_severity|severityText|PRIORITY|"        \
    "priority"
#define TIMES                                                                                      \
    "time|ts|timestamp|@timestamp|datetime|date|eventTime|t.$date|created_at|asctime|timeMillis"
#define SERVICES                                                                                   \
    "service.name|service_name|service|serviceName|app|application|app_name|appName|container_"    \
    "name|"                                                                                        \
    "kubernetes.labels.app|SYSLOG_IDENTIFIER"
#define HOSTS "hostname|host.name|host|HOSTNAME|_HOSTNAME|node"

static int
bid(const struct probe *probe)
{
    if (tree_has(probe->json, "logger_name") && tree_has(probe->json, "level_value"))
        return 82;
    int known = tree_find(probe->json, MESSAGES) != NULL;
    known += tree_find(probe->json, LEVELS) != NULL;
    known += tree_find(probe->json, TIMES) != NULL;
    return 5 + 15 * known;
}

static int
level_of(const struct probe *probe, struct sv *ret_word)
{
    static const char *const paths[] = {"level",          "severity",     "lvl",
                                        "levelname",      "log.level",    "loglevel",
                                        "error_severity", "severityText", "priority"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct sv word = tree_pick(probe->arena, probe->json, paths[i]);
        if (sv_empty(word))
            continue;
        *ret_word = word;
        return severity_text(word);
    }
    *ret_word = PICK("PRIORITY");
    return severity_text(*ret_word);
}

/* Bunyan's `name` is the program; elsewhere a name can be anything. */
static struct sv
service_of(const struct probe *probe)
{
    struct sv service = PICK(SERVICES);
    if (!sv_empty(service))
        return service;
    bool bunyan = tree_has(probe->json, "pid") && tree_has(probe->json, "hostname");
    return bunyan ? PICK("name") : SV_NONE;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct arena *arena = probe->arena;
    event->kind = EVENT_LOG;
    event_pick_time(probe, probe->json, TIMES, event);
    event->severity = level_of(probe, &event->severity_text);
    event->service = service_of(probe);
    event->host = text_without_port(PICK(HOSTS));
    event->environment = PICK("environment|env|service.environment");
    event->trace_id = PICK("trace_id|traceId|trace.id|traceID");
    struct sv message = text_without_ansi(arena, PICK(MESSAGES));
    struct sv problem = PICK("stack_trace|error.stack_trace|err.stack|stack|stacktrace|err.message|"
                             "error.message|error|err");
    if (sv_empty(message))
        message = sv_empty(problem) ? tree_dump(arena, probe->json) : problem;
    else if (!sv_empty(problem))
        message = arena_printf(arena, SV_FMT "\n" SV_FMT, SV_ARG(message), SV_ARG(problem));
    event->body = message;
    event->attributes = tree_rest(arena, probe->json,
                                  "time|ts|timestamp|@timestamp|level|msg|message|@version|log");
    return 0;
}

const struct decoder decoder_json = {"json", false, false, bid, decode};
