/*
 * JSON log lines without a standard: zap, logrus, slog, pino, bunyan, logback's LogstashEncoder,
 * winston, journald's export and whatever else writes one object a line. Any object that nobody
 * else wants ends here, so that nothing readable is lost: it is read by the words of its keys
 * (ingest/decode/generic), and without a message the object itself is the body.
 */
#include "base/text/utf8.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/within.h"
#include "ingest/decode/generic/event.h"

#define FIELDS(LIST)                                                                               \
    LIST(messages, "msg|message|log|text|event|short_message|MESSAGE|body|@m|@mt")                 \
    LIST(levels,                                                                                   \
         "level_name|level|severity|lvl|levelname|log.level|loglevel|error_severity|severityText|" \
         "priority|PRIORITY|@l")                                                                   \
    LIST(times, "time|ts|timestamp|@timestamp|datetime|date|eventTime|t.$date|created_at|asctime|" \
                "timeMillis|_SOURCE_REALTIME_TIMESTAMP|__REALTIME_TIMESTAMP|@t|instant")           \
    LIST(services,                                                                                 \
         "service.name|service_name|service|serviceName|app|application|app_name|appName|"         \
         "container_name|kubernetes.labels.app|SYSLOG_IDENTIFIER|_SYSTEMD_UNIT|_COMM")             \
    LIST(hosts, "hostname|host.name|host|HOSTNAME|_HOSTNAME|node")                                 \
    LIST(environments, "environment|env|service.environment")                                      \
    LIST(traces, "trace_id|traceId|trace.id|traceID")                                              \
    LIST(problems,                                                                                 \
         "stack_trace|error.stack_trace|err.stack|stack|stacktrace|err.message|error.message|"     \
         "error|err|@x")                                                                           \
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
    LIST(hostname, "hostname")                                                                     \
    /* What a line of a log does not have, and what only a tool writes. */                         \
    LIST(others, "alertname|alert_name|alertName|AlertName|alert_id|alertId|alert|firing|"         \
                 "lastReceived|fingerprint|incident_id|incidentId|incident|deployment|"            \
                 "deployment_id|status|state|alert_state|event_type|eventType")                    \
    LIST(words, "level|lvl|levelname|log.level|loglevel|error_severity|severityText|PRIORITY|"     \
                "severity")                                                                        \
    LIST(gelf, "short_message")                                                                    \
    LIST(journal, "PRIORITY")                                                                      \
    LIST(logback, "level_value")                                                                   \
    LIST(epochs, "time")                                                                           \
    LIST(serilog, "@t")                                                                            \
    LIST(seconds, "timestampSeconds|timestamp_seconds|seconds")                                    \
    LIST(nanoseconds, "timestampNanos|timestamp_nanos|timestampNanoseconds|nanos")
FIELD_LISTS(FIELDS);

/* Most lines: a time, a level and a message at the top, and nothing of alerts or changes. */
static bool
is_plain_line(const struct tape *tape)
{
    return tape_has(tape, &times) && tape_has(tape, &messages) && tape_has(tape, &words) &&
           !tape_has(tape, &others);
}

static int
bid(const struct probe *probe)
{
    const struct tape *tape = probe->tape;
    if (tape_has(tape, &logger) && tape_has(tape, &level_value))
        return 82;
    if (is_plain_line(tape))
        return 50;
    const struct told *told = told_of_probe(probe);
    bool time = told_has_time(told) || tape_has(tape, &times);
    bool worded = told_has_words(told) || tape_has(tape, &messages);
    return time && worded ? 45 : worded ? 20 : time ? 15 : 5;
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

/* pino and bunyan count in tens, with the time in milliseconds or the process beside it. */
static bool
counts_in_tens(const struct probe *probe, int64_t number)
{
    const struct tape_value *time = tape_find(probe->tape, &epochs);
    bool process = tape_has(probe->tape, &pid) && tape_has(probe->tape, &hostname);
    bool epoch = time != NULL && time->type == TAPE_NUMBER;
    return number >= 10 && number <= 60 && number % 10 == 0 && (process || epoch);
}

/* A number means something only on the scale of the tool that wrote it. */
static void
read_level(const struct probe *probe, struct event *event)
{
    int64_t number;
    event->severity_text = TAPE_PICK(levels);
    if (!sv_to_int64(event->severity_text, &number))
        event->severity = severity_word(event->severity_text);
    else if (tape_has(probe->tape, &journal) || tape_has(probe->tape, &gelf))
        event->severity = severity_syslog(number);
    else if (tape_has(probe->tape, &logback) || counts_in_tens(probe, number))
        event->severity = severity_number(number);
    if (sv_empty(event->severity_text) && tape_has(probe->tape, &serilog))
        event->severity = SEVERITY_INFO; /* which it does not write */
}

static struct sv
message_of(const struct probe *probe)
{
    struct arena *arena = probe->arena;
    struct sv message = text_without_ansi(arena, TAPE_PICK(messages));
    if (sv_empty(message))
        message = text_without_ansi(arena, journal_bytes(probe));
    struct sv problem = TAPE_PICK(problems);
    if (sv_empty(message))
        return problem;
    return sv_empty(problem)
               ? message
               : arena_printf(arena, SV_FMT "\n" SV_FMT, SV_ARG(message), SV_ARG(problem));
}

static void
read_time_of_line(const struct probe *probe, struct event *event)
{
    struct read_time time;
    if (event_tape_time(probe, &times, event))
        return;
    struct sv fraction = TAPE_PICK(nanoseconds);
    if (!sv_empty(fraction) && times_of_parts(TAPE_PICK(seconds), fraction, &time))
        times_into_event(&time, event);
}

static void
read_line(const struct probe *probe, struct event *event)
{
    event->kind = EVENT_LOG;
    read_time_of_line(probe, event);
    read_level(probe, event);
    event->service = service_of(probe);
    event->host = text_without_port(TAPE_PICK(hosts));
    event->environment = TAPE_PICK(environments);
    event->trace_id = TAPE_PICK(traces);
    event->body = message_of(probe);
}

/* JSON over many lines as one. */
static struct sv
on_one_line(struct arena *arena, struct sv text)
{
    if (sv_find_char(text, '\n') == SIZE_MAX)
        return text;
    char *copy = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (quoted && c == '\\')
            copy[len++] = text.ptr[i++];
        else if (c == '"')
            quoted = !quoted;
        if (quoted || !sv_blank(c))
            copy[len++] = text.ptr[i];
    }
    return sv_of(copy, len);
}

/* Not a line of a log, or one by other names. */
static void
read_anything(const struct probe *probe, struct event *event)
{
    const struct told *told = told_of_probe(probe);
    enum event_kind kind = generic_kind(told);
    if (kind == EVENT_LOG)
        read_line(probe, event);
    event->kind = kind;
    generic_fill(probe, told, event);
}

/*
 * A shipper without a time around the line of a program, which has one: the line says what it is.
 * Takes the place of `from`, the last event of the sink, which stays where the line tells neither a
 * time nor how bad it is.
 */
static int
read_line_within(const struct probe *probe, size_t from, struct event_sink *sink,
                 struct decode_result *result)
{
    const struct event alone = sink->events[from];
    struct sv line = text_without_ansi(probe->arena, TAPE_PICK(messages));
    bool json = sv_starts(line, SV("{")) || sv_starts(line, SV("[{"));
    if (alone.kind != EVENT_LOG || alone.event_time_ns != TIME_NONE || sv_empty(line) || json)
        return 0;
    struct event outer = alone;
    outer.title = outer.body = SV_NONE;
    sink->count = from;
    int status = decode_within(probe, line, &outer, WITHIN_UNLESS_NAMED, sink, result);
    const struct event *inner = sink->count > from ? &sink->events[from] : NULL;
    bool told = inner != NULL && inner->kind == EVENT_LOG &&
                (inner->event_time_ns != TIME_NONE || inner->severity != alone.severity);
    if (status == 0 && told)
        return 0;
    *result = (struct decode_result){.status = DECODE_OK, .format = SV("json")};
    sink->count = from;
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    *event = alone;
    return 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    size_t from = sink->count;
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    event->storable = true;
    if (is_plain_line(probe->tape))
        read_line(probe, event);
    else
        read_anything(probe, event);
    if (sv_empty(event->body))
        event->body = on_one_line(probe->arena, probe->tape->text);
    if (probe_names_lines(probe) && event->kind == EVENT_LOG)
        identify(probe, event);
    event->attributes = tape_rest(probe->arena, probe->tape, &taken);
    return read_line_within(probe, from, sink, result);
}

const struct decoder decoder_json = {
    .info = {.name = "json",
             .identity = "file",
             .title = "JSON log lines (zap, logrus, slog, pino, bunyan, logback, winston, "
                      "journald), and JSON that nobody knows",
             .kinds = "log; alert, change, chat by its words",
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
