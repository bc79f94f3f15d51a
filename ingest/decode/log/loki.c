/*
 * Grafana Loki: streams of lines with labels, as its API answers and as what pushes to it sends
 * them. Each line is decoded by itself; labels and the time of the entry stand around it.
 */
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/within.h"
#include "ingest/parse/json_walk.h"
#include "ingest/parse/severity.h"

#define FIELDS(LIST)                                                                               \
    LIST(kind, "data.resultType")                                                                  \
    LIST(answered, "data.result")                                                                  \
    LIST(pushed, "streams")
FIELD_LISTS(FIELDS);

static const struct field_list *
list_of(const struct probe *probe)
{
    return tape_is(probe->tape, &kind, "streams") ? &answered : &pushed;
}

/* The first stream has values, or entries as Loki's first API called them. */
static bool
holds_streams(const struct tape_value *list)
{
    struct sv key;
    if (list == NULL || list->type != TAPE_ARRAY)
        return false;
    struct json_walk walk = json_walk_of(sv_of(list->ptr, list->len));
    (void)json_walk_enter(&walk, '[');
    if (!json_walk_element(&walk) || !json_walk_enter(&walk, '{'))
        return false;
    bool labels = false, entries = false;
    while (json_walk_key(&walk, &key)) {
        char begins = json_walk_kind(&walk);
        labels = labels || (sv_eq(key, SV("stream")) && begins == '{') ||
                 (sv_eq(key, SV("labels")) && begins == '"');
        entries =
            entries || ((sv_eq(key, SV("values")) || sv_eq(key, SV("entries"))) && begins == '[');
        json_walk_skip(&walk);
    }
    return labels && entries;
}

static int
bid(const struct probe *probe)
{
    return holds_streams(tape_find(probe->tape, list_of(probe))) ? 93 : 0;
}

/* ---- labels ---- */

enum label { LABEL_SERVICE, LABEL_HOST, LABEL_ENVIRONMENT, LABEL_LEVEL, LABELS };

/* In order of preference. */
static const char *const labels[LABELS][8] = {
    [LABEL_SERVICE] = {"service_name", "service", "app_kubernetes_io_name", "app", "application",
                       "container", "job"},
    [LABEL_HOST] = {"host", "hostname", "node_name", "node", "instance", "pod"},
    [LABEL_ENVIRONMENT] = {"environment", "deployment_environment", "env"},
    [LABEL_LEVEL] = {"level", "severity", "detected_level", "lvl"}};

struct chosen {
    struct sv text[LABELS];
    size_t rank[LABELS]; /* the smallest is preferred; beyond the list where there is none */
};

static void
take_label(struct chosen *chosen, struct sv name, struct sv text)
{
    for (size_t label = 0; label < LABELS; label++)
        for (size_t i = 0; i < 8 && labels[label][i] != NULL; i++)
            if (sv_eq(name, sv_from(labels[label][i])) &&
                (chosen->text[label].ptr == NULL || i < chosen->rank[label])) {
                chosen->text[label] = text;
                chosen->rank[label] = i;
            }
}

static void
take_labels(struct arena *arena, struct json_walk walk, struct event *outer)
{
    struct chosen chosen = {.text = {SV_NONE}};
    struct sv name;
    struct json_walk members = walk;
    if (!json_walk_enter(&members, '{'))
        return;
    while (json_walk_key(&members, &name))
        take_label(&chosen, name, json_walk_text(arena, &members));
    if (chosen.text[LABEL_SERVICE].ptr != NULL)
        outer->service = chosen.text[LABEL_SERVICE];
    if (chosen.text[LABEL_HOST].ptr != NULL)
        outer->host = text_without_port(chosen.text[LABEL_HOST]);
    if (chosen.text[LABEL_ENVIRONMENT].ptr != NULL)
        outer->environment = chosen.text[LABEL_ENVIRONMENT];
    if (chosen.text[LABEL_LEVEL].ptr != NULL) {
        outer->severity_text = chosen.text[LABEL_LEVEL];
        outer->severity = severity_text(outer->severity_text);
    }
    if (sv_empty(outer->attributes))
        outer->attributes = json_walk_take(&walk);
}

/* ---- entries ---- */

static int
take_entry(const struct probe *probe, struct sv when, struct sv line, const struct event *stream,
           struct event_sink *sink, struct decode_result *result)
{
    struct event outer = *stream;
    struct read_time time;
    if (times_read(when, 0, &time))
        times_into_event(&time, &outer);
    return decode_within(probe, line, &outer, WITHIN_ALWAYS, sink, result);
}

/* ["1772359200000000000", "line", {"trace_id": ".."}] */
static int
read_value(const struct probe *probe, struct json_walk *walk, const struct event *stream,
           struct event_sink *sink, struct decode_result *result)
{
    struct event around = *stream;
    struct sv parts[2] = {SV_NONE, SV_NONE};
    for (size_t i = 0; json_walk_element(walk); i++)
        if (i < 2) {
            parts[i] = json_walk_text(probe->arena, walk);
        } else {
            take_labels(probe->arena, *walk, &around);
            json_walk_skip(walk);
        }
    return take_entry(probe, parts[0], parts[1], &around, sink, result);
}

/* {"ts": "2026-03-01T10:00:00Z", "line": "..."} */
static int
read_entry(const struct probe *probe, struct json_walk *walk, const struct event *stream,
           struct event_sink *sink, struct decode_result *result)
{
    struct sv key, when = SV_NONE, line = SV_NONE;
    while (json_walk_key(walk, &key)) {
        struct sv text = json_walk_text(probe->arena, walk);
        if (sv_eq(key, SV("ts")) || sv_eq(key, SV("timestamp")))
            when = text;
        else if (sv_eq(key, SV("line")))
            line = text;
    }
    return take_entry(probe, when, line, stream, sink, result);
}

static int
read_entries(const struct probe *probe, struct json_walk walk, const struct event *stream,
             struct event_sink *sink, struct decode_result *result)
{
    int status = 0;
    if (!json_walk_enter(&walk, '['))
        return 0;
    while (status == 0 && json_walk_element(&walk)) {
        if (json_walk_enter(&walk, '['))
            status = read_value(probe, &walk, stream, sink, result);
        else if (json_walk_enter(&walk, '{'))
            status = read_entry(probe, &walk, stream, sink, result);
        else
            json_walk_skip(&walk);
    }
    return status;
}

static int
read_stream(const struct probe *probe, struct json_walk *walk, struct event_sink *sink,
            struct decode_result *result)
{
    struct event outer = {.kind = EVENT_LOG, .event_time_ns = TIME_NONE};
    struct json_walk entries = {NULL, NULL};
    struct sv key;
    while (json_walk_key(walk, &key)) {
        if (sv_eq(key, SV("stream")))
            take_labels(probe->arena, *walk, &outer);
        else if (sv_eq(key, SV("values")) || sv_eq(key, SV("entries")))
            entries = *walk;
        json_walk_skip(walk);
    }
    return entries.at == NULL ? 0 : read_entries(probe, entries, &outer, sink, result);
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct tape_value *list = tape_find(probe->tape, list_of(probe));
    if (list == NULL || list->type != TAPE_ARRAY)
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "no list of streams");
    struct json_walk walk = json_walk_of(sv_of(list->ptr, list->len));
    (void)json_walk_enter(&walk, '[');
    while (json_walk_element(&walk)) {
        if (!json_walk_enter(&walk, '{'))
            json_walk_skip(&walk);
        else if (read_stream(probe, &walk, sink, result) != 0)
            return -1;
    }
    return 0;
}

const struct decoder decoder_grafana_loki = {
    .info = {.name = "grafana_loki",
             .identity = "file",
             .title = "Grafana Loki, streams of a query or a push, around lines of any format",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://grafana.com/docs/loki/latest/reference/loki-http-api/",
             .signs = "data.resultType=streams, data.result[]; streams[]",
             .highest = 93},
    .reads = READS_TAPE,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
