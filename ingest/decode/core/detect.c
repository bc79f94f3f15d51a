/*
 * From a record to events: frames are stripped, JSON is scanned onto a tape, envelopes are opened,
 * decoders bid, the highest bid decodes, normalize finishes. Called by workers, one record at a
 * time; no state, so every thread may.
 */
#include <assert.h>
#include <pthread.h>

#include "ingest/decode/core/bidding.h"
#include "ingest/decode/core/detect.h"
#include "ingest/decode/core/lists.h"
#include "ingest/decode/core/sink.h"
#include "ingest/decode/core/table.h"
#include "ingest/decode/core/unframe.h"
#include "ingest/decode/core/unwrap.h"
#include "ingest/normalize.h"
#include "ingest/parse/joined_text.h"
#include "ingest/parse/text.h"

static bool
ids_identify(struct sv format)
{
    const struct decoder *decoder = decoder_find(format);
    return decoder != NULL && decoder->ids_identify;
}

static const struct decoder *
fixed_format(const struct probe *probe)
{
    if (probe->inside)
        return NULL;
    /* What our loader writes about files goes into any topic, whatever the format of that. */
    struct sv name = record_header(probe->record, HEADER_FORMAT);
    if (!sv_empty(probe->options->format) && !sv_eq(name, SV("hindcast")))
        name = probe->options->format;
    return sv_empty(name) ? NULL : decoder_find(name);
}

static int
decode_by(const struct decoder *decoder, struct probe *probe, struct event_sink *sink,
          struct decode_result *result)
{
    size_t from = sink->count;
    probe->decoder = decoder;
    result->format = sv_from(decoder->info.name);
    if (decoder->reads == READS_TREE && probe_make_tree(probe, result) != 0)
        return -1;
    if (decoder->decode(probe, sink, result) != 0)
        return -1;
    for (size_t i = from; i < sink->count; i++) {
        struct event *event = &sink->events[i];
        if (sv_empty(event->format))
            event->format = result->format;
        if (sv_empty(event->name_space))
            event->name_space = sv_from(decoder->info.identity);
    }
    return 0;
}

/* What nobody knows in a list is for who read the list's first. */
static int
find_by_bids(struct probe *probe, const struct decoder **ret_decoder, struct decode_result *result)
{
    if (decoder_by_bids(probe, ret_decoder, result) != 0)
        return -1;
    if ((*ret_decoder)->general && probe->tape != NULL && probe->list != NULL &&
        probe->list->decoder != NULL)
        *ret_decoder = probe->list->decoder;
    return 0;
}

/* Who decodes it: the format that is told for it, unless that is wrapped in something. */
static int
find_decoder(struct probe *probe, const struct decoder **ret_decoder, struct decode_result *result)
{
    const struct decoder *meant = fixed_format(probe), *envelope = NULL;
    if (meant == NULL)
        return find_by_bids(probe, ret_decoder, result);
    if (!meant->envelope && envelope_by_bids(probe, &envelope, result) != 0)
        return -1;
    *ret_decoder = envelope != NULL ? envelope : meant;
    if (envelope == NULL && meant->reads == READS_TEXT && probe->tape != NULL)
        return decoder_by_bids(probe, ret_decoder, result);
    if (envelope == NULL && meant->reads != READS_TEXT && probe->tape == NULL &&
        meant->info.header == NULL)
        return decode_bad(result, QUARANTINE_SYNTAX,
                          "the format told for it is JSON, this is not a JSON object");
    return 0;
}

static int
decode_probe(const struct probe *outer, struct event_sink *sink, struct decode_result *result)
{
    struct probe probe = *outer;
    const struct decoder *decoder = NULL;
    struct probe_memo memo = {.count = 0};
    struct json_node *nodes = NULL;
    probe.json = NULL;
    probe.memo = &memo;
    probe.nodes = &nodes;
    int status = find_decoder(&probe, &decoder, result);
    if (status == 0)
        status = decode_by(decoder, &probe, sink, result);
    json_decref((json_t *)(uintptr_t)probe.json);
    return status;
}

/* The first object of a list stands for all of them. */
static struct sv
first_object(const struct tape *tape)
{
    for (size_t i = 0; i < tape->count; i++)
        if (tape->members[i].type == TAPE_OBJECT)
            return sv_of(tape->members[i].from,
                         (size_t)(tape->members[i].to - tape->members[i].from));
    return SV_NONE;
}

int
decode_would_bid(const struct probe *outer, struct sv json, const struct decoder **ret_decoder)
{
    struct probe probe = *outer;
    struct decode_result ignored = {0};
    struct probe_memo memo = {.count = 0};
    struct json_node *nodes = NULL;
    struct tape tape;
    *ret_decoder = NULL;
    probe.depth++;
    probe.bids = NULL;
    probe.json = NULL;
    probe.memo = &memo;
    probe.nodes = &nodes;
    if (probe.depth > UNWRAP_DEPTH_MAX || sv_empty(json) ||
        tape_scan(probe.arena, json, &tape) != TREE_FINE)
        return 0;
    if (tape.type == TAPE_ARRAY)
        return decode_would_bid(&probe, first_object(&tape), ret_decoder);
    probe.tape = &tape;
    probe.body = tape.text;
    if (tape.type != TAPE_OBJECT || decoder_by_bids(&probe, ret_decoder, &ignored) != 0)
        probe.bid = 0;
    json_decref((json_t *)(uintptr_t)probe.json);
    return probe.bid;
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
    if (are_json_values(probe))
        return decode_json_values(probe, sink, result);
    struct sv mended = tree_commas_mended(probe->arena, probe->body);
    if (!sv_empty(mended) && tape_scan(probe->arena, mended, &tape) == TREE_FINE)
        return decode_tape(probe, &tape, sink, result);
    struct sv inside = sv_trim(sv_slice(probe->body, 1, probe->body.len));
    bool meant = probe->body.ptr[0] == '{'
                     ? sv_empty(inside) || inside.ptr[0] == '"' || inside.ptr[0] == '}'
                     : sv_empty(inside) || inside.ptr[0] == '{' || inside.ptr[0] == '"';
    if (meant)
        return decode_bad(result, QUARANTINE_SYNTAX, "begins like JSON but is not valid JSON");
    *ret_not_json = true;
    return 0;
}

/* JSON or text. A line of a log may begin with a bracket without being a list of records. */
static int
decode_body(struct probe *probe, bool lists, struct event_sink *sink, struct decode_result *result)
{
    if (probe->body.ptr[0] == '{' || (probe->body.ptr[0] == '[' && lists)) {
        bool not_json = false;
        int status = decode_brackets(probe, sink, result, &not_json);
        if (!not_json)
            return status;
    }
    probe->body = sv_trim(text_without_ansi(probe->arena, probe->body));
    if (sv_empty(probe->body))
        return decode_bad(result, QUARANTINE_EMPTY_VALUE, "the value holds nothing but colours");
    return decode_probe(probe, sink, result);
}

int
decode_bytes(const struct probe *outer, struct sv bytes, struct event_sink *sink,
             struct decode_result *result)
{
    struct probe probe = *outer;
    probe.json = NULL;
    probe.tape = NULL;
    probe.body = bytes;
    int handled = unframe(&probe, sink, result);
    if (handled != 0)
        return handled < 0 ? -1 : 0;
    probe.bytes = probe.body;
    const struct decoder *meant = fixed_format(&probe), *binary = decoder_by_bytes(&probe);
    if (binary != NULL && (meant == NULL || meant == binary))
        return decode_by(binary, &probe, sink, result);
    probe.body = sv_trim(probe.bytes);
    if (sv_empty(probe.body))
        return decode_bad(result, QUARANTINE_EMPTY_VALUE, "the value holds nothing but blanks");
    return decode_body(&probe, true, sink, result);
}

int
decode_line(const struct probe *outer, struct sv line, struct event_sink *sink,
            struct decode_result *result)
{
    struct probe probe = *outer;
    probe.json = NULL;
    probe.tape = NULL;
    probe.bytes = line;
    probe.body = sv_trim(line);
    if (sv_empty(probe.body))
        return decode_bad(result, QUARANTINE_EMPTY_VALUE, "the line holds nothing but blanks");
    return decode_body(&probe, false, sink, result);
}

static void
make_ready(void)
{
    decoders_known();
    unwrap_register();
    bidding_prepare();
}

void
decoders_ready(void)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
    if (bidding_prepared())
        return;
    pthread_mutex_lock(&one);
    if (!bidding_prepared())
        make_ready();
    pthread_mutex_unlock(&one);
}

struct decode_result
decode_record(const struct record *record, const struct decode_options *options,
              struct event_sink *sink)
{
    return decode_record_bids(record, options, sink, NULL);
}

/* What a loader joined has the text of its program in one piece. */
static struct sv
text_of(struct arena *arena, const struct record *record)
{
    bool joined = !sv_empty(record_header(record, HEADER_LINE)) &&
                  sv_find_char(record->value, '\n') != SIZE_MAX;
    return joined ? joined_text(arena, record->value) : record->value;
}

struct decode_result
decode_record_bids(const struct record *record, const struct decode_options *options,
                   struct event_sink *sink, struct decoder_bids *bids)
{
    assert(record->value.ptr != NULL && options != NULL && sink->arena != NULL);
    decoders_ready();
    struct record bare;
    if (options->ignore_headers && record->header_count > 0) {
        bare = *record;
        bare.header_count = 0;
        record = &bare;
    }
    struct decode_result result = {.status = DECODE_OK};
    struct probe probe = {.arena = sink->arena,
                          .record = record,
                          .options = options,
                          .zone = record_zone(record, options),
                          .bids = bids};
    size_t from = sink->count, max = sink->max;
    int status;
    sink->max = from + (max == 0 ? EVENTS_PER_RECORD_MAX : max);
    if (record->value.len == 0)
        status = decode_bad(&result, QUARANTINE_EMPTY_VALUE, "the value has no bytes");
    else if (record->value.len > RECORD_BYTES_MAX)
        status = decode_bad(&result, QUARANTINE_TOO_LARGE, "the value is larger than 8 MiB");
    else
        status = decode_bytes(&probe, text_of(sink->arena, record), sink, &result);
    sink->max = max;
    if (status != 0) {
        sink->count = from;
        return result;
    }
    if (!normalize_events(record, options, sink->arena, ids_identify, sink->events + from,
                          sink->count - from, &result.detail)) {
        decode_bad_as(&result, QUARANTINE_SCOPE);
        sink->count = from;
    }
    return result;
}
