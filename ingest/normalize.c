/*
 * Normalizing events: see normalize.h. Runs on the worker's thread.
 */
#include "ingest/normalize.h"

#include <assert.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "base/text/utf8.h"
#include "ingest/parse/text.h"
#include "ingest/parse/times.h"
#include "ingest/parse/trace.h"
#include "ingest/scope.h"

#define US IDENTITY_SEPARATOR

/* Loaded from a file: the loader's id names the record. */
static void
uid_of_load(struct sv loaded, const struct event *event, size_t index, uint8_t *ret_uid)
{
    struct sha256 digest;
    uint64_t number = __builtin_bswap64(index);
    const struct sha256_part parts[] = {{event->scope.ptr, event->scope.len},
                                        {US "loaded" US, 8},
                                        {loaded.ptr, loaded.len},
                                        {&number, sizeof(number)}};
    sha256_of_parts(parts, 4, &digest);
    memcpy(ret_uid, digest.bytes, UID_BYTES);
}

static bool
plausible(int64_t ns, int64_t kafka_ns)
{
    if (ns == TIME_NONE || ns < TIME_MIN_NS || ns > TIME_MAX_NS)
        return false;
    return kafka_ns == TIME_NONE || kafka_ns > TIME_MAX_NS - FUTURE_MAX_NS ||
           ns <= kafka_ns + FUTURE_MAX_NS;
}

static void
identify(const struct record *record, struct event *event, size_t index)
{
    struct sv loaded = record_header(record, HEADER_ID);
    event->identified = true;
    if (!sv_empty(event->identity) && !event->reused) {
        assert(!sv_empty(event->name_space));
        event_uid_of_name(event->scope, event->name_space, event->identity, event->uid);
    } else if (!sv_empty(loaded)) {
        uid_of_load(loaded, event, index, event->uid);
    } else if (event->kind != EVENT_LOG) {
        const struct event_place place = {
            record->cluster,   record->topic,  record->incarnation,
            record->partition, record->offset, index,
        };
        event_uid_of_place(event->scope, &place, event->uid);
    } else {
        event->identified = false;
    }
}

/* A log line of a file that tells no time itself was written after the one before it. */
static bool
inherit_time(const struct record *record, int64_t kafka, struct event *event)
{
    struct read_time time;
    if (event->kind != EVENT_LOG ||
        !times_read(record_header(record, HEADER_INHERITED), NULL, &time) ||
        !plausible(time.ns, kafka))
        return false;
    event->event_time_ns = time.ns;
    event->precision = time.precision;
    event->time_source = TIME_SOURCE_INHERITED;
    return true;
}

/* The loader was told to: the day on which the file was written last. */
static bool
take_date_of_file(const struct record *record, int64_t kafka, struct event *event)
{
    struct read_time time;
    if (!sv_eq(record_header(record, HEADER_UNDATED), SV(UNDATED_FILE)) ||
        !times_read(record_header(record, HEADER_FILE_TIME), NULL, &time) ||
        !plausible(time.ns, kafka))
        return false;
    event->event_time_ns = time.ns;
    event->precision = PRECISION_DAY;
    event->time_source = TIME_SOURCE_ASSUMED_DATE;
    return true;
}

/*
 * The record tells no time. Where it comes from Kafka, that says when it was appended or created;
 * of what was loaded from a file that is the moment of loading, and says nothing.
 */
static void
stand_in(const struct record *record, int64_t kafka, struct event *event)
{
    bool loaded = !sv_empty(record_header(record, HEADER_ID));
    if (loaded && (inherit_time(record, kafka, event) || take_date_of_file(record, kafka, event)))
        return;
    bool known = !loaded && kafka != TIME_NONE;
    event->event_time_ns = known ? kafka : TIME_NONE;
    event->precision = known ? PRECISION_MILLISECOND : PRECISION_NONE;
    event->time_source = known ? TIME_SOURCE_KAFKA : TIME_SOURCE_ABSENT;
}

static void
settle_place(const struct record *record, struct event *event)
{
    int64_t line = 0;
    event->file = record_header(record, HEADER_FILE);
    if (sv_empty(event->file))
        return;
    event->storable = event->storable && utf8_storable(event->file);
    if (sv_to_int64(record_header(record, HEADER_LINE), &line) && line > 0)
        event->line = line;
}

static void
settle_time(const struct record *record, const struct decode_options *options, struct event *event)
{
    int64_t kafka = record->kafka_time_ns;
    struct sv hint = record_header(record, HEADER_TIME);
    struct read_time time;
    /* About a file, about somebody: whoever wrote it and when. */
    if (event->record_kind == RECORD_MANIFEST || event->record_kind == RECORD_PERSON) {
        event->event_time_ns = TIME_NONE;
        event->precision = PRECISION_NONE;
        event->time_source = TIME_SOURCE_ABSENT;
        return;
    }
    if (event->event_time_ns == TIME_NONE && times_read(hint, options->zone, &time) &&
        plausible(time.ns, kafka)) {
        struct sv text = event->source_time_text;
        times_into_event(&time, event);
        event->source_time_text = text;
    }
    if (kafka != TIME_NONE && (kafka < TIME_MIN_NS || kafka > TIME_MAX_NS))
        kafka = TIME_NONE;
    if (!plausible(event->event_time_ns, kafka))
        stand_in(record, kafka, event);
}

static void
limit(struct arena *arena, struct sv *field, size_t max, bool storable)
{
    if (field->ptr == NULL || (storable && field->len <= max))
        return;
    struct sv cut = utf8_cut(*field, max);
    *field = utf8_cut(storable ? cut : utf8_repair(arena, cut), max);
}

static inline void
limit_name(struct arena *arena, struct sv *field, bool storable)
{
    if (field->len > 0)
        *field = sv_trim(*field);
    if (field->len == 0)
        *field = SV_NONE;
    else if (!storable || field->len > FIELD_BYTES_MAX)
        limit(arena, field, FIELD_BYTES_MAX, storable);
}

static void
limit_fields(struct arena *arena, struct event *event)
{
    static const size_t names[] = {
        offsetof(struct event, scope),         offsetof(struct event, format),
        offsetof(struct event, source),        offsetof(struct event, service),
        offsetof(struct event, environment),   offsetof(struct event, host),
        offsetof(struct event, severity_text), offsetof(struct event, actor),
        offsetof(struct event, channel),       offsetof(struct event, thread_key),
        offsetof(struct event, dedup_key),     offsetof(struct event, fingerprint),
        offsetof(struct event, group_key),     offsetof(struct event, correlation_key),
        offsetof(struct event, incident_ref),  offsetof(struct event, trace_id),
        offsetof(struct event, ref),           offsetof(struct event, url),
        offsetof(struct event, file),          offsetof(struct event, source_time_text)};
    bool storable = event->storable;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        limit_name(arena, (struct sv *)(void *)((char *)event + names[i]), storable);
    limit(arena, &event->identity, FIELD_BYTES_MAX, storable);
    limit(arena, &event->title, TITLE_BYTES_MAX, storable);
    limit(arena, &event->body, BODY_BYTES_MAX, storable);
    /* A cut would break the JSON: what does not fit is left to the raw record. */
    if (event->attributes.len > ATTRIBUTES_BYTES_MAX)
        event->attributes = arena_printf(arena, "{\"left_out_bytes\":%zu}", event->attributes.len);
    assert(storable || utf8_storable(event->attributes));
}

static enum record_kind
kind_default(enum event_kind kind)
{
    static const enum record_kind defaults[] = {RECORD_NONE, RECORD_ALERT,  RECORD_LOG,
                                                RECORD_CHAT, RECORD_DEPLOY, RECORD_METRIC,
                                                RECORD_NOTE};
    return (size_t)kind < sizeof(defaults) / sizeof(defaults[0]) ? defaults[kind] : RECORD_NONE;
}

/* Headers and settings can hold any bytes. */
static inline void
take_hint(struct event *event, struct sv *field, struct sv hint)
{
    if (!sv_empty(*field) || sv_empty(hint))
        return;
    *field = hint;
    event->storable = false;
}

/* A line that says what a trace of many lines is about. */
static void
settle_title(struct arena *arena, struct event *event)
{
    struct trace_told told;
    struct sv first = text_first_line(event->body);
    event->title = sv_empty(event->title) ? first : text_first_line(event->title);
    if (event->kind != EVENT_LOG || sv_find_char(event->body, '\n') == SIZE_MAX ||
        !trace_read(event->body, &told))
        return;
    /* Whoever knows the format has said what a trace that nothing stands before is about. */
    if (told.from_start && !told.python && !sv_eq(event->title, first))
        told.exception = event->title;
    event->title = trace_title(arena, event->title, &told);
}

bool
normalize_events(const struct record *record, const struct decode_options *options,
                 struct arena *arena, bool (*ids_identify)(struct sv format), struct event *events,
                 size_t count, struct sv *ret_detail)
{
    for (size_t i = 0; i < count; i++) {
        struct event *event = &events[i];
        take_hint(event, &event->service, record_header(record, HEADER_SERVICE));
        take_hint(event, &event->service, options->default_service);
        take_hint(event, &event->environment, options->default_environment);
        take_hint(event, &event->host, record_header(record, HEADER_HOST));
        take_hint(event, &event->source, record_header(record, HEADER_SOURCE));
        if (sv_empty(event->source))
            event->source = event->format;
        if (!scope_of_event(record, options, arena, event, &event->scope, ret_detail))
            return false;
        if (event->record_kind == RECORD_NONE)
            event->record_kind = kind_default(event->kind);
        settle_title(arena, event);
        settle_time(record, options, event);
        settle_place(record, event);

        if (event->kind == EVENT_LOG && !options->dedup_native && !sv_empty(event->identity) &&
            !ids_identify(event->format))
            event->reused = true;
        /* Before the cut of the limits: long names that differ at the end stay apart. */
        identify(record, event, i);
        limit_fields(arena, event);
    }
    return true;
}
