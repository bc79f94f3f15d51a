/*
 * From a record to events: frames are stripped, JSON is parsed once, envelopes are opened, decoders
 * bid, the highest bid decodes, normalize finishes. Called by workers, one record at a time; no
 * state, so every thread may.
 */
#include <assert.h>

#include "ingest/decode/decoder_internal.h"
#include "ingest/normalize.h"

static const struct decoder *const decoders[] = {
#define DECODER(name, title, kinds, reference) &decoder_##name,
#include "hindcast/decoders.def"
#undef DECODER
};

static const struct decoder_info infos[] = {
#define DECODER(name, title, kinds, reference) {#name, title, kinds, reference},
#include "hindcast/decoders.def"
#undef DECODER
    {NULL, NULL, NULL, NULL},
};

#define DECODERS (sizeof(decoders) / sizeof(decoders[0]))

const struct decoder_info *
decoder_table(void)
{
    return infos;
}

const struct decoder *
decoder_find(struct sv name)
{
    for (size_t i = 0; i < DECODERS; i++)
        if (sv_eq(sv_from(decoders[i]->name), name))
            return decoders[i];
    return NULL;
}

static bool
ids_identify(struct sv format)
{
    const struct decoder *decoder = decoder_find(format);
    return decoder != NULL && decoder->ids_identify;
}

int
decode_bad(struct decode_result *result, enum quarantine_reason reason, const char *detail)
{
    result->status = DECODE_BAD;
    result->reason = reason;
    result->detail = sv_from(detail);
    return -1;
}

int
decode_full(struct decode_result *result)
{
    return decode_bad(result, QUARANTINE_TOO_MANY_EVENTS, "more than 10000 events in one record");
}

struct event *
event_sink_add(struct event_sink *sink)
{
    if (sink->max != 0 && sink->count >= sink->max)
        return NULL;
    if (sink->count == sink->size) {
        size_t size = sink->size == 0 ? 1 : sink->size * 2;
        struct event *larger = ARENA_ARRAY(sink->arena, struct event, size);
        if (sink->count > 0)
            memcpy(larger, sink->events, sink->count * sizeof(*larger));
        sink->events = larger;
        sink->size = size;
    }
    struct event *event = &sink->events[sink->count++];
    *event = (struct event){.event_time_ns = TIME_NONE};
    return event;
}

int64_t
probe_near_ns(const struct probe *probe)
{
    struct read_time time;
    struct sv hint = record_header(probe->record, HEADER_TIME);
    if (times_read(hint, probe->options->assumed_offset_s, &time) ||
        times_read(record_header(probe->record, HEADER_FILE_TIME), 0, &time))
        return time.ns;
    return probe->record->kafka_time_ns;
}

bool
event_pick_time(const struct probe *probe, const json_t *object, const char *paths,
                struct event *event)
{
    struct sv rest = sv_from(paths), path;
    while (sv_split(&rest, '|', &path)) {
        struct read_time time;
        const json_t *value = tree_find(object, arena_strdup(probe->arena, path));
        if (value == NULL ||
            !times_read_json(probe->arena, value, probe->options->assumed_offset_s, &time))
            continue;
        times_into_event(&time, event);
        return true;
    }
    return false;
}

static const struct decoder *
fixed_format(const struct probe *probe)
{
    struct sv name = probe->options->format;
    if (sv_empty(name))
        name = record_header(probe->record, HEADER_FORMAT);
    return sv_empty(name) ? NULL : decoder_find(name);
}

static const struct decoder *
highest_bid(const struct probe *probe)
{
    const struct decoder *winner = NULL;
    int best = 0;
    for (size_t i = 0; i < DECODERS; i++) {
        bool fits = decoders[i]->text ? probe->json == NULL : probe->json != NULL;
        int bid = fits || decoders[i] == &decoder_cloudevents ? decoders[i]->bid(probe) : 0;
        if (bid > best) {
            best = bid;
            winner = decoders[i];
        }
    }
    return winner;
}

static int
decode_probe(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct decoder *decoder = fixed_format(probe);
    if (decoder != NULL && !decoder->text && probe->json == NULL && decoder != &decoder_cloudevents)
        return decode_bad(result, QUARANTINE_SYNTAX,
                          "the format of this topic is JSON, this is not");
    if (decoder == NULL || (decoder->text && probe->json != NULL))
        decoder = highest_bid(probe);
    if (decoder == NULL)
        return decode_bad(result, QUARANTINE_UNKNOWN_FORMAT, "no decoder recognises the bytes");
    size_t from = sink->count;
    result->format = sv_from(decoder->name);
    if (decoder->decode(probe, sink, result) != 0)
        return -1;
    for (size_t i = from; i < sink->count; i++)
        if (sv_empty(sink->events[i].format))
            sink->events[i].format = sv_from(decoder->name);
    return 0;
}

int
decode_tree(const struct probe *outer, const json_t *tree, struct event_sink *sink,
            struct decode_result *result)
{
    struct probe probe = *outer;
    probe.depth = outer->depth + 1;
    if (probe.depth > UNWRAP_DEPTH_MAX + 1)
        return decode_bad(result, QUARANTINE_TOO_DEEP, "more envelopes than the limit");
    if (json_is_array(tree)) {
        for (size_t i = 0; i < json_array_size(tree); i++) {
            probe.element = i + 1;
            if (decode_tree(&probe, json_array_get(tree, i), sink, result) != 0)
                return -1;
        }
        return 0;
    }
    if (!json_is_object(tree))
        return decode_bad(result, QUARANTINE_UNKNOWN_FORMAT, "JSON, but not an object");
    probe.json = tree;
    int handled = unwrap_tree(&probe, sink, result);
    if (handled != 0)
        return handled < 0 ? -1 : 0;
    return decode_probe(&probe, sink, result);
}

/* Every line a JSON object: one event source each. 1 done, 0 not such a text, -1 bad. */
static int
decode_json_lines(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    if (sv_find_char(probe->body, '\n') == SIZE_MAX)
        return 0;
    json_t *lines = json_array();
    struct sv rest = probe->body, line;
    bool all = true;
    while (all && sv_split(&rest, '\n', &line)) {
        enum tree_problem problem;
        line = sv_trim(line);
        if (sv_empty(line))
            continue;
        json_t *tree = line.ptr[0] == '{' ? tree_parse(probe->arena, line, &problem) : NULL;
        all = json_is_object(tree) && json_array_size(lines) <= EVENTS_PER_RECORD_MAX;
        if (tree != NULL)
            json_array_append_new(lines, tree);
    }
    int status = !all ? 0 : decode_tree(probe, lines, sink, result) != 0 ? -1 : 1;
    json_decref(lines);
    return status;
}

static int
decode_json(const struct probe *probe, struct event_sink *sink, struct decode_result *result,
            bool *ret_not_json)
{
    enum tree_problem problem;
    *ret_not_json = false;
    json_t *tree = tree_parse(probe->arena, probe->body, &problem);
    if (tree != NULL) {
        int status = decode_tree(probe, tree, sink, result);
        json_decref(tree);
        return status;
    }
    if (problem == TREE_TOO_DEEP)
        return decode_bad(result, QUARANTINE_TOO_DEEP, "JSON is nested deeper than 64 levels");
    int lines = decode_json_lines(probe, sink, result);
    if (lines != 0)
        return lines < 0 ? -1 : 0;
    struct sv inside = sv_trim(sv_slice(probe->body, 1, probe->body.len));
    bool meant = probe->body.ptr[0] == '{'
                     ? sv_empty(inside) || inside.ptr[0] == '"' || inside.ptr[0] == '}'
                     : sv_empty(inside) || inside.ptr[0] == '{' || inside.ptr[0] == '"';
    if (meant)
        return decode_bad(result, QUARANTINE_SYNTAX, "begins like JSON but is not valid JSON");
    *ret_not_json = true;
    return 0;
}

static bool
framed(struct sv bytes)
{
    return bytes.len > 0 && bytes.ptr[0] == '\0';
}

int
decode_bytes(const struct probe *outer, struct sv bytes, struct event_sink *sink,
             struct decode_result *result)
{
    struct probe probe = *outer;
    probe.json = NULL;
    /* Confluent's frame: a zero, four bytes of schema id, then the value. */
    if (framed(bytes) && bytes.len > 5 && (bytes.ptr[5] == '{' || bytes.ptr[5] == '['))
        bytes = sv_slice(bytes, 5, bytes.len);
    if (framed(bytes))
        return decode_bad(result, QUARANTINE_SCHEMA_REGISTRY,
                          "begins with the frame of a schema registry");
    if (sv_starts(bytes, SV("\xEF\xBB\xBF")))
        bytes = sv_slice(bytes, 3, bytes.len);
    probe.body = sv_trim(bytes);
    if (sv_empty(probe.body))
        return decode_bad(result, QUARANTINE_EMPTY_VALUE, "the value holds nothing but blanks");
    if (probe.body.ptr[0] == '{' || probe.body.ptr[0] == '[') {
        bool not_json = false;
        int status = decode_json(&probe, sink, result, &not_json);
        if (!not_json)
            return status;
    }
    int handled = unwrap_text(&probe, sink, result);
    if (handled != 0)
        return handled < 0 ? -1 : 0;
    return decode_probe(&probe, sink, result);
}

struct decode_result
decode_record(const struct record *record, const struct decode_options *options,
              struct event_sink *sink)
{
    assert(record->value.ptr != NULL);
    struct decode_result result = {.status = DECODE_OK};
    struct probe probe = {.arena = sink->arena, .record = record, .options = options};
    size_t from = sink->count, max = sink->max;
    int status;
    sink->max = from + (max == 0 ? EVENTS_PER_RECORD_MAX : max);
    if (record->value.len == 0)
        status = decode_bad(&result, QUARANTINE_EMPTY_VALUE, "the value has no bytes");
    else if (record->value.len > RECORD_BYTES_MAX)
        status = decode_bad(&result, QUARANTINE_TOO_LARGE, "the value is larger than 8 MiB");
    else
        status = decode_bytes(&probe, record->value, sink, &result);
    sink->max = max;
    if (status != 0) {
        sink->count = from;
        return result;
    }
    if (sink->count > from)
        normalize_events(record, options, sink->arena, ids_identify, sink->events + from,
                         sink->count - from);
    return result;
}
