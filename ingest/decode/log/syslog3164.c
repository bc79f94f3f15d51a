/*
 * syslog RFC 3164: "[<PRI>]Mon dd hh:mm:ss HOST TAG[pid]: MSG". It has no year and no zone: the
 * year is the one that comes nearest to the time of the record and lies no more than a day after
 * it, the zone is declared. The host may be missing, PRI is often stripped, months can be
 * localised, newer daemons write an ISO time.
 */
#include "ingest/decode/core/decoder_internal.h"

struct head {
    int64_t priority; /* -1: none */
    struct read_time time;
    struct sv rest;
};

static bool
read_head(const struct probe *probe, struct head *ret_head)
{
    struct sv body = probe->body;
    struct head head = {.priority = -1};
    size_t length = 0, end = sv_find_char(sv_slice(body, 0, 5), '>');
    if (body.ptr[0] == '<' && end != SIZE_MAX &&
        sv_to_int64(sv_slice(body, 1, end), &head.priority) && head.priority >= 0 &&
        head.priority <= 191)
        body = sv_slice(body, end + 1, body.len);
    else
        head.priority = -1;
    const struct time_hints hints = probe_hints(probe);
    bool bsd = times_read_syslog(body, &hints, &head.time, &length);
    if (!bsd && !(head.priority >= 0 && times_read_prefix(body, &hints, &head.time, &length)))
        return false;
    head.rest = sv_trim(sv_slice(body, length, body.len));
    *ret_head = head;
    return true;
}

static int
bid(const struct probe *probe)
{
    struct head head;
    if (!read_head(probe, &head))
        return 0;
    return head.priority >= 0 ? 90 : 85;
}

static bool
tag_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           strchr("-_./()", c) != NULL;
}

/* "tag[pid]: " or "tag: " at the start: its length with the colon and the tag; 0 when there is
 * none. */
static size_t
read_tag(struct sv text, struct sv *ret_tag)
{
    size_t at = 0;
    while (at < text.len && at < 64 && text.ptr[at] != '\0' && tag_char(text.ptr[at]))
        at++;
    struct sv tag = sv_slice(text, 0, at);
    bool bracket = at < text.len && text.ptr[at] == '[';
    if (bracket) {
        size_t close = sv_find_char(sv_slice(text, at, at + 80), ']');
        if (close == SIZE_MAX)
            return 0;
        at += close + 1;
    }
    if (sv_empty(tag) ||
        (at < text.len && text.ptr[at] != ':' && !(bracket && text.ptr[at] == ' ')))
        return 0;
    if (at >= text.len && !bracket)
        return 0;
    *ret_tag = tag;
    return at < text.len ? at + 1 : at;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct head head;
    if (!read_head(probe, &head))
        return decode_bad(result, QUARANTINE_SYNTAX, "no BSD syslog time at the start");
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    event->kind = EVENT_LOG;
    times_into_event(&head.time, event);
    event->severity = head.priority < 0 ? SEVERITY_UNSET : severity_syslog(head.priority % 8);
    struct sv rest = head.rest, host = SV_NONE, tag = SV_NONE;
    size_t length = read_tag(rest, &tag);
    if (length == 0 && !sv_starts(rest, SV("last message repeated"))) {
        sv_split(&rest, ' ', &host);
        rest = rest.ptr == NULL ? SV("") : sv_trim(rest);
        length = read_tag(rest, &tag);
    }
    event->host = host;
    event->service = tag;
    event->body = text_without_ansi(probe->arena, sv_trim(sv_slice(rest, length, rest.len)));
    return 0;
}

const struct decoder decoder_syslog3164 = {
    .info = {.name = "syslog3164",
             .identity = "file",
             .title = "syslog RFC 3164 (BSD)",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://www.rfc-editor.org/rfc/rfc3164",
             .highest = 90},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
