/*
 * Events of OpenTelemetry's records: see otlp.h. A log record is a log line; a span is one too,
 * since people look for it in the same place, and an error where its status says so; a data point
 * is a measured value. Called by both readers, for each record.
 *
 * Attributes of the record stand at the top of the event's, as they are called; beside them
 * `resource` (an object), `scope`, `span_id` and what else the record has.
 */
#include "base/sha256.h"
#include "base/text/json_writer.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/log/otlp_attributes.h"

#define STATUS_ERROR "2"

/* ---- events ---- */

static bool
only_zeros(struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '0')
            return false;
    return true;
}

static struct sv
id_or_none(struct sv id)
{
    return only_zeros(id) ? SV_NONE : id;
}

static bool
take_time(struct sv text, struct event *event)
{
    struct read_time time;
    if (only_zeros(text) || !times_read_epoch(text, &time))
        return false;
    times_into_event(&time, event);
    return true;
}

static struct event *
new_event(struct otlp_batch *batch, enum event_kind kind)
{
    struct event *event = event_sink_add(batch->sink);
    if (event == NULL) {
        (void)decode_full(batch->result);
        return NULL;
    }
    event->kind = kind;
    event->storable = true;
    event->service = batch->service;
    event->host = batch->host;
    event->environment = batch->environment;
    return event;
}

static int
finish(struct otlp_batch *batch, const struct otlp_known *known, struct event *event)
{
    if (otlp_no_name(event->service) && !sv_empty(known->service))
        event->service = known->service;
    if (sv_empty(event->host))
        event->host = known->host;
    if (sv_empty(event->environment))
        event->environment = known->environment;
    if (batch->too_deep)
        return decode_bad(batch->result, QUARANTINE_TOO_DEEP, "values are nested too deeply");
    return 0;
}

/* "java.io.IOException: no route" and the trace, which mostly begins with the same words. */
static struct sv
with_exception(struct arena *arena, struct sv body, const struct otlp_known *known)
{
    struct sv what = known->type;
    if (sv_empty(known->type) && sv_empty(known->message) && sv_empty(known->trace))
        return body;
    if (!sv_empty(known->type) && !sv_empty(known->message))
        what = arena_printf(arena, SV_FMT ": " SV_FMT, SV_ARG(known->type), SV_ARG(known->message));
    else if (sv_empty(known->type))
        what = known->message;
    if (!sv_empty(known->trace))
        what = sv_empty(what) || sv_contains(known->trace, what)
                   ? known->trace
                   : arena_printf(arena, SV_FMT "\n" SV_FMT, SV_ARG(what), SV_ARG(known->trace));
    if (sv_empty(body) || sv_starts(what, body))
        return what;
    return sv_contains(body, what)
               ? body
               : arena_printf(arena, SV_FMT "\n" SV_FMT, SV_ARG(body), SV_ARG(what));
}

/* "17", or by its name: "SEVERITY_NUMBER_ERROR", "SEVERITY_NUMBER_WARN3". */
static int
severity_of(struct sv text)
{
    int64_t number = 0;
    if (sv_to_int64(text, &number))
        return number >= 1 && number <= SEVERITY_MAX ? (int)number : SEVERITY_UNSET;
    if (!sv_starts(text, SV("SEVERITY_NUMBER_")))
        return SEVERITY_UNSET;
    struct sv word = sv_slice(text, 16, text.len);
    char last = sv_empty(word) ? '\0' : word.ptr[word.len - 1];
    int more = last >= '2' && last <= '4' ? last - '1' : 0;
    int severity = severity_word(sv_slice(word, 0, word.len - (more > 0 ? 1 : 0)));
    return severity == SEVERITY_UNSET ? severity : severity + more;
}

/* A text among the members of a map, by several names. */
static struct sv
member_of(struct otlp_batch *batch, const struct otlp_value *map, const char *names)
{
    struct otlp_list list = map->list;
    struct otlp_pair pair;
    while (batch->form->pair(batch->probe->arena, &list, &pair)) {
        struct sv rest = sv_from(names), name;
        while (sv_split(&rest, '|', &name))
            if (pair.value.kind == OTLP_STRING && sv_eq_nocase(pair.key, name))
                return pair.value.text;
    }
    return SV_NONE;
}

/* A body that is a map with a message in it says that; the map goes to the attributes. */
static struct sv
message_of(struct otlp_batch *batch, const struct otlp_log *log, struct sv *ret_level)
{
    *ret_level = SV_NONE;
    if (log->body.kind != OTLP_MAP)
        return log->body.kind == OTLP_ARRAY ? SV_NONE : log->body.text;
    *ret_level = member_of(batch, &log->body, "level|severity|lvl|loglevel");
    return member_of(batch, &log->body, "message|msg|log|text");
}

static struct sv
value_json(struct otlp_batch *batch, const struct otlp_value *value)
{
    strbuf_clear(&batch->json);
    otlp_put_value(batch, value, 0);
    return arena_copy(batch->probe->arena, strbuf_view(&batch->json));
}

static void
take_severity(const struct probe *probe, const struct otlp_log *log, struct sv level,
              const struct otlp_known *known, struct event *event)
{
    int64_t status = 0;
    event->severity_text = sv_empty(log->severity_text) ? level : log->severity_text;
    event->severity = severity_of(log->severity);
    if (event->severity == SEVERITY_UNSET)
        event->severity = severity_text(event->severity_text);
    if (event->severity != SEVERITY_UNSET)
        return;
    if (!sv_empty(known->type) || !sv_empty(known->trace) ||
        (sv_to_int64(known->status, &status) && status >= 500 && status <= 599)) {
        event->severity = SEVERITY_ERROR;
        return;
    }
    struct text_head head;
    const struct time_hints hints = {probe->zone, event->event_time_ns, TIME_NONE, SV_NONE};
    text_read_head(event->body, &hints, &head);
    event->severity = head.severity;
    if (sv_empty(event->severity_text))
        event->severity_text = head.severity_word;
}

int
otlp_add_log(struct otlp_batch *batch, const struct otlp_log *log)
{
    struct arena *arena = batch->probe->arena;
    struct otlp_known known = {.service = SV_NONE};
    struct sv level, message = text_without_ansi(arena, message_of(batch, log, &level));
    struct sv whole = log->body.kind == OTLP_MAP || log->body.kind == OTLP_ARRAY
                          ? value_json(batch, &log->body)
                          : SV_NONE;
    struct event *event = new_event(batch, EVENT_LOG);
    if (event == NULL)
        return -1;
    if (!take_time(log->time, event))
        (void)take_time(log->observed, event);
    event->trace_id = id_or_none(log->trace_id);
    otlp_begin(batch);
    otlp_put_record(batch, log->attributes, &known);
    otlp_put_text(batch, "span_id", id_or_none(log->span_id));
    otlp_put_text(batch, "event_name", log->event_name);
    if (!sv_empty(whole) && !sv_empty(message)) {
        json_put_name(&batch->json, "body");
        strbuf_add_sv(&batch->json, whole);
    }
    otlp_put_batch(batch);
    event->attributes = otlp_end(batch);
    event->body = with_exception(arena, sv_empty(message) ? whole : message, &known);
    if (sv_empty(message))
        event->title = log->event_name;
    if (sv_empty(event->body))
        event->body = log->event_name;
    take_severity(batch->probe, log, level, &known, event);
    if (probe_names_lines(batch->probe) && !sv_empty(known.uid))
        event->identity = IDENTITY(arena, SV("log"), known.uid);
    return finish(batch, &known, event);
}

/* ---- spans ---- */

/* Of an enum: "3" or "SPAN_KIND_CLIENT". */
static struct sv
kind_of(struct sv kind)
{
    static const struct {
        const char *number, *name, *word;
    } kinds[] = {{"1", "SPAN_KIND_INTERNAL", "internal"},
                 {"2", "SPAN_KIND_SERVER", "server"},
                 {"3", "SPAN_KIND_CLIENT", "client"},
                 {"4", "SPAN_KIND_PRODUCER", "producer"},
                 {"5", "SPAN_KIND_CONSUMER", "consumer"}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (sv_eq(kind, sv_from(kinds[i].number)) || sv_eq(kind, sv_from(kinds[i].name)))
            return sv_from(kinds[i].word);
    return SV_NONE;
}

static void
put_duration(struct otlp_batch *batch, const struct otlp_span *span)
{
    int64_t start, end;
    if (!sv_to_int64(span->start, &start) || !sv_to_int64(span->end, &end) || start <= 0 ||
        end < start)
        return;
    int64_t ns = end - start;
    json_put_name(&batch->json, "duration_ms");
    strbuf_addf(&batch->json, "%lld", (long long)(ns / NS_PER_MS));
    if (ns % NS_PER_MS != 0) {
        strbuf_addf(&batch->json, ".%06lld", (long long)(ns % NS_PER_MS));
        while (batch->json.ptr[batch->json.len - 1] == '0')
            batch->json.ptr[--batch->json.len] = '\0';
    }
}

/* Events of a span; what the last exception says is known afterwards. */
static void
put_moments(struct otlp_batch *batch, struct otlp_list list, struct otlp_known *known)
{
    struct otlp_moment moment;
    bool any = false;
    while (batch->form->moment(batch->probe->arena, &list, &moment)) {
        if (!any) {
            json_put_name(&batch->json, "events");
            strbuf_add_char(&batch->json, '[');
        }
        any = true;
        json_put_comma(&batch->json);
        strbuf_add_char(&batch->json, '{');
        otlp_put_text(batch, "name", moment.name);
        otlp_put_number(batch, "time", moment.time);
        known->type = known->message = known->trace = SV_NONE;
        otlp_put_record(batch, moment.attributes, known);
        strbuf_add_char(&batch->json, '}');
    }
    if (any)
        strbuf_add_char(&batch->json, ']');
}

int
otlp_add_span(struct otlp_batch *batch, const struct otlp_span *span)
{
    struct arena *arena = batch->probe->arena;
    struct otlp_known known = {.service = SV_NONE};
    struct event *event = new_event(batch, EVENT_LOG);
    if (event == NULL)
        return -1;
    bool failed =
        sv_eq(span->status, SV(STATUS_ERROR)) || sv_eq(span->status, SV("STATUS_CODE_ERROR"));
    struct sv trace = id_or_none(span->trace_id), id = id_or_none(span->span_id);
    (void)take_time(span->start, event);
    event->trace_id = trace;
    otlp_begin(batch);
    otlp_put_record(batch, span->attributes, &known);
    otlp_put_text(batch, "span_id", id);
    otlp_put_text(batch, "parent_span_id", id_or_none(span->parent_id));
    otlp_put_text(batch, "span_kind", kind_of(span->kind));
    put_duration(batch, span);
    if (failed)
        json_put(&batch->json, "status", SV("error"));
    put_moments(batch, span->moments, &known);
    otlp_put_batch(batch);
    event->attributes = otlp_end(batch);
    event->severity = failed ? SEVERITY_ERROR : SEVERITY_UNSET;
    event->title = span->name;
    if (!sv_empty(span->status_message))
        event->title = arena_printf(arena, SV_FMT ": " SV_FMT, SV_ARG(span->name),
                                    SV_ARG(span->status_message));
    event->body = with_exception(arena, event->title, &known);
    if (probe_names_lines(batch->probe) && !sv_empty(trace) && !sv_empty(id))
        event->identity = IDENTITY(arena, SV("span"), trace, id);
    return finish(batch, &known, event);
}

/* ---- data points ---- */

/* One series is one fingerprint: who measures what, with which attributes. */
static struct sv
fingerprint_of(struct arena *arena, const struct event *event, struct sv name)
{
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    struct sv series =
        IDENTITY(arena, name, event->service, event->host, event->environment, event->attributes);
    if (sv_empty(series))
        return SV_NONE;
    sha256_of(series.ptr, series.len, &digest);
    sha256_hex(&digest, hex);
    return arena_copy(arena, sv_of(hex, 32));
}

static struct sv
point_words(struct arena *arena, const struct otlp_point *point)
{
    bool unit = !sv_empty(point->unit) && !sv_eq(point->unit, SV("1"));
    struct sv blank = unit ? SV(" ") : SV(""), unit_text = unit ? point->unit : SV("");
    if (!sv_empty(point->value))
        return arena_printf(arena, SV_FMT " = " SV_FMT SV_FMT SV_FMT, SV_ARG(point->name),
                            SV_ARG(point->value), SV_ARG(blank), SV_ARG(unit_text));
    if (!sv_empty(point->count) && !sv_empty(point->sum))
        return arena_printf(arena, SV_FMT ": count " SV_FMT ", sum " SV_FMT SV_FMT SV_FMT,
                            SV_ARG(point->name), SV_ARG(point->count), SV_ARG(point->sum),
                            SV_ARG(blank), SV_ARG(unit_text));
    return point->name;
}

int
otlp_add_point(struct otlp_batch *batch, const struct otlp_point *point)
{
    struct arena *arena = batch->probe->arena;
    struct otlp_known known = {.service = SV_NONE};
    struct event *event = new_event(batch, EVENT_METRIC);
    if (event == NULL)
        return -1;
    (void)take_time(point->time, event);
    otlp_begin(batch);
    otlp_put_record(batch, point->attributes, &known);
    otlp_put_text(batch, "metric", point->name);
    otlp_put_text(batch, "type", point->type);
    otlp_put_text(batch, "unit", point->unit);
    otlp_put_batch(batch);
    size_t series = batch->json.len;
    event->attributes = otlp_end(batch);
    event->fingerprint = fingerprint_of(arena, event, point->name);
    batch->json.len = series; /* what is measured comes behind who measures it */
    otlp_put_number(batch, "value", point->value);
    otlp_put_number(batch, "count", point->count);
    otlp_put_number(batch, "sum", point->sum);
    otlp_put_number(batch, "min", point->min);
    otlp_put_number(batch, "max", point->max);
    otlp_put_number(batch, "start", id_or_none(point->start));
    event->attributes = otlp_end(batch);
    event->title = event->body = point_words(arena, point);
    if (event->event_time_ns != TIME_NONE) {
        event->identity = IDENTITY(arena, SV("point"), event->fingerprint, point->time,
                                   point->value, point->count, point->sum);
        event->by_content = true;
    }
    return finish(batch, &known, event);
}
