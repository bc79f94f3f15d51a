/*
 * From a record to events: frames are stripped, JSON is scanned onto a tape, envelopes are opened,
 * decoders bid, the highest bid decodes, normalize finishes. Called by workers, one record at a
 * time; no state, so every thread may.
 */
#include <assert.h>
#include <pthread.h>

#include "ingest/decode/core/decoder_internal.h"
#include "ingest/normalize.h"

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
        struct event *larger = arena_alloc(sink->arena, size * sizeof(*larger));
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
    if (probe->envelope != NULL && probe->envelope->event_time_ns != TIME_NONE)
        return probe->envelope->event_time_ns;
    struct sv hint = record_header(probe->record, HEADER_TIME);
    if (times_read(hint, probe->options->assumed_offset_s, &time) ||
        times_read(record_header(probe->record, HEADER_FILE_TIME), 0, &time))
        return time.ns;
    return probe->record->kafka_time_ns;
}

bool
event_tape_time(const struct probe *probe, const struct field_list *list, struct event *event)
{
    for (int i = 0; i < list->count; i++) {
        const struct tape_value *value = tape_alternative(probe->tape, list, i);
        struct read_time time;
        if (value == NULL ||
            !times_read_tape(probe->arena, value, probe->options->assumed_offset_s, &time))
            continue;
        times_into_event(&time, event);
        return true;
    }
    return false;
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

/*
 * Headers of a producer tell as well. The loader's only say where the record lies: a file under
 * another name holds the same events.
 */
void
event_name_by_content(const struct probe *probe, const json_t *told, struct event *event)
{
    const struct record *record = probe->record;
    if (event->event_time_ns == TIME_NONE)
        return;
    bool loaded = !sv_empty(record_header(record, HEADER_ID));
    event->identity =
        IDENTITY(probe->arena, SV("content"), tree_digest(probe->arena, told),
                 record_header(record, HEADER_SERVICE), record_header(record, HEADER_HOST),
                 loaded ? SV_NONE : record_header(record, HEADER_SOURCE));
    event->by_content = true;
}

static const struct decoder *
fixed_format(const struct probe *probe)
{
    struct sv name = probe->options->format;
    if (sv_empty(name))
        name = record_header(probe->record, HEADER_FORMAT);
    return sv_empty(name) ? NULL : decoder_find(name);
}

static int
decode_by(const struct decoder *decoder, struct probe *probe, struct event_sink *sink,
          struct decode_result *result)
{
    size_t from = sink->count;
    result->format = sv_from(decoder->name);
    if (decoder->reads == READS_TREE && probe_make_tree(probe, result) != 0)
        return -1;
    if (decoder->decode(probe, sink, result) != 0)
        return -1;
    for (size_t i = from; i < sink->count; i++)
        if (sv_empty(sink->events[i].format))
            sink->events[i].format = result->format;
    return 0;
}

static int
decode_probe(const struct probe *outer, struct event_sink *sink, struct decode_result *result)
{
    struct probe probe = *outer;
    const struct decoder *decoder = fixed_format(&probe);
    if (decoder != NULL && decoder->reads != READS_TEXT && probe.tape == NULL &&
        decoder != &decoder_cloudevents)
        return decode_bad(result, QUARANTINE_SYNTAX,
                          "the format told for it is JSON, this is not a JSON object");
    probe.json = NULL;
    int status = 0;
    if (decoder == NULL || (decoder->reads == READS_TEXT && probe.tape != NULL))
        status = decoder_by_bids(&probe, &decoder, result);
    if (status == 0)
        status = decode_by(decoder, &probe, sink, result);
    json_decref((json_t *)(uintptr_t)probe.json);
    return status;
}

static int
decode_array(struct probe *probe, const struct tape *tape, struct event_sink *sink,
             struct decode_result *result)
{
    struct element_list list = {0};
    for (size_t i = 0; i < tape->count; i++) {
        const struct tape_member *one = &tape->members[i];
        struct sv text = sv_of(one->from, (size_t)(one->to - one->from));
        probe->element = i + 1;
        if (element_decode(&list, probe, text, sink, result) != 0)
            return -1;
    }
    return element_list_end(&list, result);
}

static int
decode_tape(const struct probe *outer, const struct tape *tape, struct event_sink *sink,
            struct decode_result *result)
{
    struct probe probe = *outer;
    probe.depth = outer->depth + 1;
    if (probe.depth > UNWRAP_DEPTH_MAX + 1)
        return decode_bad(result, QUARANTINE_TOO_DEEP, "more envelopes than the limit");
    if (tape->type == TAPE_ARRAY)
        return decode_array(&probe, tape, sink, result);
    if (tape->type != TAPE_OBJECT)
        return decode_bad(result, QUARANTINE_UNKNOWN_FORMAT, "JSON, but not an object");
    probe.tape = tape;
    probe.body = tape->text;
    int handled = unwrap_tape(&probe, sink, result);
    if (handled != 0)
        return handled < 0 ? -1 : 0;
    return decode_probe(&probe, sink, result);
}

/* `text` is not deep itself when it is a list with a deep element. */
static int
too_large(const struct probe *probe, struct sv text, enum tree_problem problem,
          struct event_sink *sink, struct decode_result *result)
{
    if (problem == TREE_TOO_DEEP && text.ptr[0] == '[' && probe->depth <= UNWRAP_DEPTH_MAX)
        return decode_deep_array(probe, text, sink, result);
    if (problem == TREE_TOO_DEEP)
        return decode_bad(result, QUARANTINE_TOO_DEEP, "JSON is nested deeper than 64 levels");
    return decode_bad(result, QUARANTINE_TOO_MANY_EVENTS, "JSON has more than 20000 members");
}

int
decode_json(const struct probe *probe, struct sv text, struct event_sink *sink,
            struct decode_result *result)
{
    struct tape tape;
    enum tree_problem problem = tape_scan(probe->arena, text, &tape);
    if (problem == TREE_TOO_DEEP || problem == TREE_TOO_MANY)
        return too_large(probe, text, problem, sink, result);
    if (problem != TREE_FINE)
        return decode_bad(result, QUARANTINE_SYNTAX, "begins like JSON but is not valid JSON");
    return decode_tape(probe, &tape, sink, result);
}

int
decode_tree(const struct probe *probe, const json_t *tree, struct event_sink *sink,
            struct decode_result *result)
{
    return decode_json(probe, tree_dump(probe->arena, tree), sink, result);
}

/* The next line that is not blank; false at the end. */
static bool
next_line(struct sv *rest, struct sv *ret_line)
{
    while (sv_split(rest, '\n', ret_line)) {
        *ret_line = sv_trim(*ret_line);
        if (!sv_empty(*ret_line))
            return true;
    }
    return false;
}

/* Is the first line a whole JSON object? One over many lines begins with less. */
static bool
are_json_lines(const struct probe *probe)
{
    struct sv rest = probe->body, line;
    struct tape tape;
    return sv_find_char(rest, '\n') != SIZE_MAX && next_line(&rest, &line) && line.ptr[0] == '{' &&
           tape_scan(probe->arena, line, &tape) == TREE_FINE;
}

static int
decode_json_lines(const struct probe *outer, struct event_sink *sink, struct decode_result *result)
{
    struct probe probe = *outer;
    struct sv rest = probe.body, line;
    struct element_list list = {0};
    probe.depth = outer->depth + 1;
    while (next_line(&rest, &line)) {
        probe.element++;
        if (element_decode(&list, &probe, line, sink, result) != 0)
            return -1;
    }
    return element_list_end(&list, result);
}

/* Begins with a bracket: one JSON text, JSON lines, or after all something else. */
static int
decode_brackets(const struct probe *probe, struct event_sink *sink, struct decode_result *result,
                bool *ret_not_json)
{
    struct tape tape;
    *ret_not_json = false;
    enum tree_problem problem = tape_scan(probe->arena, probe->body, &tape);
    if (problem == TREE_FINE)
        return decode_tape(probe, &tape, sink, result);
    if (problem == TREE_TOO_DEEP || problem == TREE_TOO_MANY)
        return too_large(probe, probe->body, problem, sink, result);
    if (are_json_lines(probe))
        return decode_json_lines(probe, sink, result);
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
    probe.tape = NULL;
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
        int status = decode_brackets(&probe, sink, result, &not_json);
        if (!not_json)
            return status;
    }
    int handled = unwrap_text(&probe, sink, result);
    if (handled != 0)
        return handled < 0 ? -1 : 0;
    return decode_probe(&probe, sink, result);
}

void
decoders_ready(void)
{
    static pthread_once_t registered = PTHREAD_ONCE_INIT;
    pthread_once(&registered, decoders_register);
}

struct decode_result
decode_record(const struct record *record, const struct decode_options *options,
              struct event_sink *sink)
{
    assert(record->value.ptr != NULL);
    decoders_ready();
    struct record bare;
    if (options->ignore_headers && record->header_count > 0) {
        bare = *record;
        bare.header_count = 0;
        record = &bare;
    }
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
