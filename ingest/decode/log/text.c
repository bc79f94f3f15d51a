/*
 * Plain text lines: the last resort, so that no readable line is lost. The head of the line, told
 * by a time or a level, is taken apart (line_head.h); the message is what is left. Lines that say
 * how others are to be read are no events.
 */
#include "ingest/decode/core/decoder_internal.h"

static int
bid(const struct probe *probe)
{
    return text_readable(probe->body) ? 1 : 0;
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
