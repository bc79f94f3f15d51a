/*
 * syslog as daemons write it: "[<PRI>]Mon dd hh:mm:ss HOST TAG[pid]: MSG" (RFC 3164), with the ISO
 * time of newer ones (Debian 12, Ubuntu 24.04) or of routers, without a priority, a host or even a
 * time. A time of the first kind has no year and no zone: the year is the one that comes nearest to
 * the time of the record and lies no more than a day after it, the zone is declared. The message is
 * a line of its own, which is detected and decoded by itself.
 */
#include "base/text/json_pairs.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/within.h"
#include "ingest/decode/log/syslog_tag.h"

#define FINE_DIGITS 6 /* of the fraction, as rsyslog writes it */

enum head_form {
    HEAD_NONE,
    HEAD_PRIORITY, /* and nothing else: no time */
    HEAD_ISO,      /* a time of RFC 3339 without a priority */
    HEAD_TIME,     /* a time as of old */
    HEAD_FULL,     /* priority and time */
};

struct head {
    enum head_form form;
    int64_t priority; /* -1: none */
    struct read_time time;
    struct sv rest;
};

static struct sv
read_priority(struct sv body, int64_t *ret_priority)
{
    size_t end = sv_find_char(sv_slice(body, 0, 5), '>');
    *ret_priority = -1;
    if (body.ptr[0] != '<' || end == SIZE_MAX ||
        !sv_to_int64(sv_slice(body, 1, end), ret_priority) || *ret_priority < 0 ||
        *ret_priority > 191) {
        *ret_priority = -1;
        return body;
    }
    return sv_slice(body, end + 1, body.len);
}

/* Routers: a number and a sign that the clock is not set, "12345: *". */
static struct sv
without_sequence(struct sv text)
{
    size_t at = 0;
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    if (at > 0 && sv_starts(sv_slice(text, at, text.len), SV(": ")))
        text = sv_slice(text, at + 2, text.len);
    return sv_starts(text, SV("*")) || sv_starts(text, SV(".")) ? sv_slice(text, 1, text.len)
                                                                : text;
}

static bool
fine(const struct read_time *time)
{
    size_t dot = sv_find_char(time->text, '.');
    return dot != SIZE_MAX && time->precision == PRECISION_MICROSECOND &&
           time->text.len > dot + FINE_DIGITS + 1;
}

static enum head_form
read_head(const struct probe *probe, struct head *ret_head)
{
    struct head head = {.time = {.ns = TIME_NONE}};
    const struct time_hints hints = probe_hints(probe);
    size_t length = 0;
    struct sv body = read_priority(probe->body, &head.priority);
    bool priority = head.priority >= 0;
    body = priority ? without_sequence(body) : body;
    enum head_form form = priority ? HEAD_PRIORITY : HEAD_NONE;
    if (times_read_syslog(body, &hints, &head.time, &length))
        form = priority ? HEAD_FULL : HEAD_TIME;
    else if (priority && times_read_prefix(body, &hints, &head.time, &length))
        form = HEAD_FULL;
    else if (!priority && body.len > 20 && body.ptr[10] == 'T' &&
             times_read_prefix(body, &hints, &head.time, &length) &&
             head.time.source == TIME_SOURCE_NATIVE &&
             syslog_tag_sure(sv_slice(body, length, body.len), fine(&head.time)))
        form = HEAD_ISO;
    else
        length = 0;
    head.rest = sv_slice(body, length, body.len);
    head.form = form;
    *ret_head = head;
    return form;
}

/* Bids and decoders ask alike: it is read once. */
static const struct head *
found_head(const struct probe *probe)
{
    static const char key;
    const struct head *found = probe_found(probe, &key);
    struct head head;
    if (found != NULL)
        return found;
    if (read_head(probe, &head) == HEAD_NONE)
        return NULL;
    struct head *kept = ARENA_NEW(probe->arena, struct head);
    *kept = head;
    probe_keep(probe, &key, kept);
    return kept;
}

static int
bid(const struct probe *probe)
{
    const struct head *head = found_head(probe);
    switch (head == NULL ? HEAD_NONE : head->form) {
    case HEAD_FULL:
        return 90;
    case HEAD_TIME:
        return 85;
    case HEAD_ISO:
        return 84;
    case HEAD_PRIORITY:
        return 60;
    case HEAD_NONE:
        break;
    }
    return 0;
}

/* Without a priority, the level is what the message begins with: "error: ..." */
static void
read_level(const struct probe *probe, struct event *event)
{
    struct text_head head;
    const struct time_hints hints = probe_hints(probe);
    text_read_head(event->body, &hints, &head);
    event->severity = head.severity;
    event->severity_text = head.severity_word;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct head *head = found_head(probe);
    struct syslog_tag tag;
    if (head == NULL)
        return decode_bad(result, QUARANTINE_SYNTAX, "neither a priority nor a time of syslog");
    syslog_tag_read(head->rest, &tag);
    struct event outer = {.kind = EVENT_LOG, .event_time_ns = TIME_NONE};
    times_into_event(&head->time, &outer);
    outer.severity = head->priority < 0 ? tag.severity : severity_syslog(head->priority % 8);
    outer.host = tag.host;
    outer.service = tag.program;
    const struct json_pair pairs[] = {{SV("pid"), tag.pid}};
    outer.attributes = json_pairs(probe->arena, pairs, 1);
    struct sv message = text_without_ansi(probe->arena, syslog_unescape(probe->arena, tag.message));
    if (within_syslog(tag.program, message))
        return decode_within(probe, message, &outer, WITHIN_UNLESS_NAMED, sink, result);
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    *event = outer;
    event->body = message;
    if (event->severity == SEVERITY_UNSET)
        read_level(probe, event);
    return 0;
}

const struct decoder decoder_syslog3164 = {
    .info = {.name = "syslog3164",
             .identity = "file",
             .title = "syslog RFC 3164 (BSD), with an ISO time, of routers and of AIX",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://www.rfc-editor.org/rfc/rfc3164",
             .highest = 90},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
