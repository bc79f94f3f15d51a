/*
 * syslog RFC 5424: "<PRI>1 TIME HOST APP PROCID MSGID [SD] MSG", with or without the octet count of
 * RFC 6587 before it. A message that may be a line of a format is detected and decoded by itself.
 */
#include "base/text/json_pairs.h"
#include "base/text/utf8.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/within.h"
#include "ingest/decode/log/syslog_tag.h"

/* The part from '<' on, without an octet count; SV_NONE when it is not such a line. */
static struct sv
message_of(struct sv body)
{
    size_t at = 0;
    while (at < body.len && at < 6 && body.ptr[at] >= '0' && body.ptr[at] <= '9')
        at++;
    if (at > 0 && at < body.len && body.ptr[at] == ' ')
        body = sv_slice(body, at + 1, body.len);
    size_t end = 1;
    if (body.len < 5 || body.ptr[0] != '<')
        return SV_NONE;
    while (end < 5 && body.ptr[end] >= '0' && body.ptr[end] <= '9')
        end++;
    if (end < 2 || !sv_starts(sv_slice(body, end, body.len), SV(">1 ")))
        return SV_NONE;
    return body;
}

static int
bid(const struct probe *probe)
{
    return message_of(probe->body).ptr != NULL ? 95 : 0;
}

static struct sv
field(struct sv *rest)
{
    struct sv part = SV_NONE;
    if (!sv_split(rest, ' ', &part) || (part.len == 1 && part.ptr[0] == '-'))
        return SV_NONE;
    return part;
}

/* Length of the structured data at the start: '-' or elements in brackets; SIZE_MAX when broken. */
static size_t
structured_length(struct sv text)
{
    if (sv_starts(text, SV("-")))
        return 1;
    size_t at = 0;
    while (at < text.len && text.ptr[at] == '[') {
        bool quoted = false;
        for (at++; at < text.len && (quoted || text.ptr[at] != ']'); at++) {
            if (quoted && text.ptr[at] == '\\' && at + 1 < text.len)
                at++;
            else if (text.ptr[at] == '"')
                quoted = !quoted;
        }
        if (at >= text.len)
            return SIZE_MAX;
        at++;
    }
    return at;
}

/* "<PRI>1 " at the start; false when it is broken. */
static bool
read_priority(struct sv *rest, int *ret_severity)
{
    struct sv part;
    int64_t priority = 0;
    if (rest->ptr == NULL || !sv_split(rest, ' ', &part) ||
        !sv_to_int64(sv_slice(part, 1, part.len - 2), &priority) || priority > 191)
        return false;
    *ret_severity = severity_syslog(priority % 8);
    return true;
}

static struct sv
read_header(const struct probe *probe, struct sv rest, struct event *event)
{
    struct read_time time;
    struct sv stamp = field(&rest);
    if (times_read(stamp, probe->zone, &time))
        times_into_event(&time, event);
    event->source_time_text = stamp;
    event->host = field(&rest);
    event->service = field(&rest);
    struct sv process = field(&rest), id = field(&rest);
    rest = rest.ptr == NULL ? SV("") : rest;
    size_t length = structured_length(rest);
    struct sv data = length == SIZE_MAX ? SV_NONE : sv_slice(rest, 0, length);
    struct sv message = length == SIZE_MAX ? rest : sv_trim(sv_slice(rest, length, rest.len));
    const struct json_pair left[] = {
        {SV("procid"), process},
        {SV("msgid"), id},
        {SV("structured_data"), sv_eq(data, SV("-")) ? SV_NONE : data}};
    event->attributes = json_pairs(probe->arena, left, sizeof(left) / sizeof(left[0]));
    return sv_starts(message, SV("\xEF\xBB\xBF")) ? sv_slice(message, 3, message.len) : message;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct sv rest = message_of(probe->body);
    struct event outer = {.kind = EVENT_LOG, .event_time_ns = TIME_NONE};
    if (!read_priority(&rest, &outer.severity))
        return decode_bad(result, QUARANTINE_SYNTAX, "no priority and version at the start");
    struct sv message = text_without_ansi(probe->arena, read_header(probe, rest, &outer));
    if (within_syslog(outer.service, message))
        return decode_within(probe, message, &outer, WITHIN_UNLESS_NAMED, sink, result);
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    *event = outer;
    event->body = message;
    event->storable = utf8_storable(probe->body);
    return 0;
}

const struct decoder decoder_syslog5424 = {
    .info = {.name = "syslog5424",
             .identity = "file",
             .title = "syslog RFC 5424",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://www.rfc-editor.org/rfc/rfc5424",
             .first = "<0-9",
             .highest = 95},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
