/*
 * Opening envelopes: see envelope.h. Called by the decoders of this folder on the worker's thread.
 */
#include "ingest/decode/envelope/envelope.h"

#include <assert.h>

#include "base/text/base64.h"
#include "ingest/decode/core/detect.h"
#include "ingest/decode/core/unwrap.h"
#include "ingest/parse/json_walk.h"

/* ---- what is inside ---- */

struct sv
envelope_bytes(struct arena *arena, const struct tape_value *value, bool base64)
{
    if (value == NULL)
        return SV_NONE;
    if (value->type != TAPE_STRING)
        return sv_of(value->ptr, value->len);
    struct sv text = tape_text(arena, value);
    struct sv bytes = base64 ? base64_decode(arena, text) : SV_NONE;
    return bytes.ptr != NULL ? bytes : text;
}

static bool
passed_a_limit(const struct decode_result *result)
{
    return result->reason == QUARANTINE_TOO_DEEP || result->reason == QUARANTINE_TOO_MANY_EVENTS ||
           result->reason == QUARANTINE_TOO_LARGE || result->reason == QUARANTINE_SCHEMA_REGISTRY;
}

static int
keep_as_text(struct sv inside, struct event_sink *sink, struct decode_result *result)
{
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    event->kind = EVENT_LOG;
    event->body = text_readable(inside) ? inside : SV("bytes that are not text");
    return 0;
}

/* A line of text is what the envelope says it is; JSON with a level is a log line wherever it is.
 */
static void
name_general_events(const struct probe *probe, const struct envelope *envelope,
                    struct event_sink *sink, size_t from)
{
    for (size_t i = from; i < sink->count; i++) {
        struct event *event = &sink->events[i];
        const struct decoder *decoder = decoder_find(event->format);
        if (decoder != NULL && !decoder->general)
            continue;
        bool text = decoder == NULL || decoder->reads == READS_TEXT;
        event->format = sv_from(probe->decoder->info.name);
        if (envelope->event.kind != EVENT_NO_KIND && event->kind == EVENT_LOG && text)
            event->kind = envelope->event.kind;
    }
}

int
envelope_open(const struct probe *probe, struct sv inside, const struct envelope *envelope,
              struct event_sink *sink, struct decode_result *result)
{
    struct probe within = *probe;
    size_t from = sink->count;
    assert(probe->decoder != NULL);
    within.list = NULL; /* what is inside is not an element, its envelope is */
    if (sv_empty(sv_trim(inside)))
        return 0;
    if (envelope->event.event_time_ns != TIME_NONE)
        within.envelope = &envelope->event;
    if (envelope->record != NULL)
        within.record = envelope->record;
    within.depth += probe->tape == NULL; /* each JSON value inside another counts by itself */
    if (within.depth > UNWRAP_DEPTH_MAX)
        return decode_bad(result, QUARANTINE_TOO_DEEP, "more envelopes than the limit");
    if (decode_bytes(&within, inside, sink, result) != 0) {
        if (passed_a_limit(result))
            return -1;
        *result = (struct decode_result){.status = DECODE_OK};
        sink->count = from;
        if (keep_as_text(inside, sink, result) != 0)
            return -1;
    }
    name_general_events(probe, envelope, sink, from);
    fill_from_envelope(sink, from, &envelope->event);
    result->format =
        sink->count > from ? sink->events[from].format : sv_from(probe->decoder->info.name);
    return 0;
}

/* ---- headers ---- */

void
envelope_add_header(struct arena *arena, struct envelope_headers *headers, struct sv name,
                    struct sv value)
{
    if (headers->count == RECORD_HEADERS_MAX || sv_empty(name) || value.ptr == NULL ||
        sv_starts_nocase(name, SV("hindcast-")))
        return;
    if (sv_starts_nocase(name, SV("ce-")))
        name = arena_printf(arena, "ce_" SV_FMT, SV_ARG(sv_slice(name, 3, name.len)));
    headers->list[headers->count++] = (struct header){name, value};
}

/* The first of several values counts. */
static struct sv
header_value(struct arena *arena, struct json_walk *walk)
{
    if (json_walk_kind(walk) != '[')
        return json_walk_text(arena, walk);
    struct sv value = SV_NONE;
    (void)json_walk_enter(walk, '[');
    while (json_walk_element(walk)) {
        struct sv one = json_walk_text(arena, walk);
        value = value.ptr == NULL ? one : value;
    }
    return value;
}

static void
add_pair(struct arena *arena, struct envelope_headers *headers, struct json_walk *walk)
{
    struct sv key, name = SV_NONE, value = SV_NONE;
    if (!json_walk_enter(walk, '{')) {
        json_walk_skip(walk);
        return;
    }
    while (json_walk_key(walk, &key)) {
        if (sv_eq_nocase(key, SV("name")) || sv_eq_nocase(key, SV("key")))
            name = json_walk_text(arena, walk);
        else if (sv_eq_nocase(key, SV("value")))
            value = header_value(arena, walk);
        else
            json_walk_skip(walk);
    }
    envelope_add_header(arena, headers, name, value);
}

void
envelope_add_headers(struct arena *arena, struct envelope_headers *headers, struct sv json)
{
    struct json_walk walk = json_walk_of(json);
    struct sv key;
    if (json_walk_enter(&walk, '{')) {
        while (json_walk_key(&walk, &key))
            envelope_add_header(arena, headers, key, header_value(arena, &walk));
    } else if (json_walk_enter(&walk, '[')) {
        while (json_walk_element(&walk)) {
            /* kcat writes names and values in turn. */
            struct sv name = json_walk_kind(&walk) == '"' ? json_walk_text(arena, &walk) : SV_NONE;
            if (name.ptr == NULL)
                add_pair(arena, headers, &walk);
            else if (json_walk_element(&walk))
                envelope_add_header(arena, headers, name, header_value(arena, &walk));
        }
    }
}

const struct record *
envelope_record(struct arena *arena, const struct record *record,
                const struct envelope_headers *headers)
{
    size_t own = record->header_count;
    size_t more =
        headers->count < RECORD_HEADERS_MAX - own ? headers->count : RECORD_HEADERS_MAX - own;
    assert(own <= RECORD_HEADERS_MAX);
    if (more == 0)
        return record;
    struct record *copy = ARENA_NEW(arena, struct record);
    struct header *list = ARENA_ARRAY(arena, struct header, own + more);
    memcpy(list, headers->list, more * sizeof(*list));
    if (own > 0)
        memcpy(list + more, record->headers, own * sizeof(*list));
    *copy = *record;
    copy->headers = list;
    copy->header_count = own + more;
    return copy;
}
