/*
 * Plain text lines: the last resort, so that no readable line is lost. The head of the line, told
 * by a time or a level, is taken apart (line_head.h); the message is what is left. Lines that say
 * how others are to be read are not events.
 */
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/parse/trace.h"

static int
bid(const struct probe *probe)
{
    return text_readable(probe->body) ? 1 : 0;
}

/* Blanks before the first line of the record are part of what it says. */
static bool
is_indented(const struct probe *probe)
{
    struct sv value = probe->record->value;
    return probe->depth == 0 && value.len > 1 && sv_blank(value.ptr[0]) && value.ptr[0] != '\n';
}

/*
 * What tells of an exception is an error, though it has no level. A line that goes on and tells no
 * time says so: it belongs to one before it, which came as another record.
 */
static void
settle_trace(const struct probe *probe, struct event *event)
{
    struct trace_told told;
    enum trace_line kind = trace_line(event->body);
    /* Of a single line its kind says it all. */
    bool many = sv_find_char(event->body, '\n') != SIZE_MAX;
    bool tells = kind == TRACE_BEGIN || kind == TRACE_EXCEPTION || kind == TRACE_CRASH ||
                 (many && trace_read(event->body, &told));
    if (event->severity == 0 && tells)
        event->severity = SEVERITY_ERROR;
    if (event->event_time_ns != TIME_NONE || tells || !(trace_goes_on(kind) || is_indented(probe)))
        return;
    struct sv rest = event->attributes;
    event->attributes = sv_empty(rest)
                            ? SV("{\"continuation\":true}")
                            : arena_printf(probe->arena, "{\"continuation\":true," SV_FMT,
                                           SV_ARG(sv_slice(rest, 1, rest.len)));
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    if (!text_readable(probe->body))
        return decode_bad(result, QUARANTINE_UNKNOWN_FORMAT, "the bytes are not text");
    if (text_is_file_header(probe->body))
        return 0; /* says how the lines below it are to be read */
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct sv line = text_without_ansi(probe->arena, probe->body);
    struct text_head head;
    const struct time_hints hints = probe_hints(probe);
    text_read_head(line, &hints, &head);
    event->kind = EVENT_LOG;
    if (head.has_time)
        times_into_event(&head.time, event);
    event->severity = head.severity;
    event->severity_text = head.severity_word;
    event->title = text_first_line(head.message);
    event->body = head.message;
    event->attributes = text_head_json(probe->arena, &head);
    settle_trace(probe, event);
    return 0;
}

const struct decoder decoder_text = {
    .info = {.name = "text",
             .identity = "file",
             .title = "plain text lines",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "docs/formats.md",
             .highest = 1},
    .reads = READS_TEXT,
    .general = true,
    .bid = bid,
    .decode = decode,
};
