/*
 * JSON objects that say nothing themselves and hold what does: a list of records (pages of APIs,
 * batches, webhooks with several events), or one record in a member that is named for it (`body`,
 * `payload`, `_source`), as an object, as JSON in a string, or in base64. Whether what they hold is
 * a record, the bids on it tell; what rides along in an event that is known is left alone, for
 * whoever knows the event bids more, and so is what lies in a log line of its own.
 *
 * What the object around says (service, host, its time) stands in for what the record inside lacks.
 */
#include "base/text/base64.h"
#include "ingest/decode/core/detect.h"
#include "ingest/decode/core/unwrap.h"
#include "ingest/decode/envelope/envelope.h"
#include "ingest/decode/generic/told.h"
#include "ingest/parse/json_walk.h"

#define BY_SOMEBODY 60 /* what a decoder bids at least that knows its format */
#define BY_WORDS 45    /* what JSON that nobody knows gets that has a time and words */
#define OF_WORDS 20    /* that has words */
#define CANDIDATES_MAX 16
#define DEPTH_MAX 3
#define LOOKED_AT_MAX 400 /* members */

/* clang-format off */
#define FIELDS(LIST)                                                                               \
    LIST(times, "time|ts|timestamp|@timestamp|@t|eventTime|date|datetime")                         \
    LIST(messages, "msg|message|MESSAGE|log|@m|@mt|short_message|text")                            \
    LIST(levels, "level|severity|lvl|levelname|log.level|loglevel|PRIORITY|@l")
FIELD_LISTS(FIELDS);
/* clang-format on */

/* Members that are named for lists of records, and for a record. */
static const char list_names[] =
    " alerts items incidents logentries entries messages records events value values results hits "
    "data logs logevents "
    "notifications changes deployments releases issues tickets timeline timelineitems "
    "timelineevents updates "
    "incidentupdates activities activity history notes comments rows list objects elements docs "
    "documents lines "
    "log batch payloads alarms problems audits auditevents auditlogs statuses runs builds "
    "pipelines workflowruns jobs "
    "commits posts threads replies conversations transitions evaluations metrics ";
static const char record_names[] =
    " source body payload data event message value content raw detail notification webhook input "
    "record json request "
    "alert incident result object bodyraw rawbody requestbody original originalevent eventoriginal "
    "logevent text "
    "params item entry doc document attributes fields jsonpayload log ";

static bool
named(const char *names, const struct key *key)
{
    char word[KEY_BYTES_MAX + 3];
    struct sv all = key_all(key);
    word[0] = word[all.len + 1] = ' ';
    memcpy(word + 1, all.ptr, all.len);
    word[all.len + 2] = '\0';
    return strstr(names, word) != NULL;
}

struct candidate {
    struct sv text; /* a list or an object as it stands; the bytes of a string */
    bool list, string, known_name;
    int bid; /* what it is worth */
};

struct search {
    const struct probe *probe;
    struct candidate found[CANDIDATES_MAX];
    size_t count, looked_at;
    bool has_time, has_words; /* what is around lists */
    bool whole_at_the_top;    /* what is around a member, which may be where the rest was found */
};

/* ---- what is inside ---- */

/* True if it is JSON. Other text is nobody's record here. */
static struct sv
json_of_string(struct arena *arena, struct json_walk *walk)
{
    struct sv text = sv_trim(json_walk_text(arena, walk));
    if (sv_starts(text, SV("{")) || sv_starts(text, SV("[")))
        return text;
    bool base64 = sv_starts(text, SV("ey")) || sv_starts(text, SV("W3")) ||
                  sv_starts(text, SV("H4sI")) || sv_starts(text, SV("ew"));
    struct sv bytes = base64 ? sv_trim(base64_decode(arena, text)) : SV_NONE;
    return sv_starts(bytes, SV("{")) || sv_starts(bytes, SV("[")) ? bytes : SV_NONE;
}

static void
add(struct search *search, const struct candidate *candidate)
{
    const struct decoder *decoder;
    struct candidate one = *candidate;
    if (search->count == CANDIDATES_MAX || sv_empty(one.text))
        return;
    one.bid = decode_would_bid(search->probe, one.text, &decoder);
    if (one.bid >= BY_SOMEBODY && decoder->general)
        one.bid = BY_WORDS; /* it is sure of its words alone */
    search->found[search->count++] = one;
}

/* True if a list of objects, or of JSON in strings, begins here: by its first element that is not
 * null. */
static bool
lists_records(struct json_walk walk)
{
    (void)json_walk_enter(&walk, '[');
    while (json_walk_element(&walk)) {
        char kind = json_walk_kind(&walk);
        if (kind != 'n')
            return kind == '{';
        json_walk_skip(&walk);
    }
    return false;
}

static void look_into(struct search *search, struct json_walk walk, int depth);

static void
look_at(struct search *search, const struct key *key, struct json_walk *walk, int depth)
{
    char kind = json_walk_kind(walk);
    struct json_walk before = *walk;
    struct candidate one = {.string = kind == '"', .list = kind == '['};
    one.known_name = named(one.list ? list_names : record_names, key);
    struct sv raw = json_walk_take(walk);
    if (one.list && lists_records(before)) {
        one.text = raw;
        add(search, &one);
    } else if (one.string && one.known_name && raw.len > 4) {
        one.text = json_of_string(search->probe->arena, &before);
        one.list = sv_starts(one.text, SV("["));
        add(search, &one);
    } else if (kind == '{') {
        one.text = raw;
        if (one.known_name)
            add(search, &one);
        if (depth < DEPTH_MAX && vocabulary_container(key) != CONTAINER_RIDER)
            look_into(search, before, depth + 1);
    }
}

static void
look_into(struct search *search, struct json_walk walk, int depth)
{
    struct sv name;
    struct key key;
    if (!json_walk_enter(&walk, '{'))
        return;
    while (json_walk_key(&walk, &name)) {
        char kind = json_walk_kind(&walk);
        bool may = kind == '{' || kind == '[' || kind == '"';
        if (!may || search->looked_at++ > LOOKED_AT_MAX || !key_read(name, &key))
            json_walk_skip(&walk);
        else
            look_at(search, &key, &walk, depth);
    }
}

/* ---- which of it counts ---- */

/* True if it is more of a record than what is around it. */
static bool
is_record(const struct search *search, const struct candidate *one)
{
    bool whole = one->list ? search->has_time && search->has_words : search->whole_at_the_top;
    if (one->bid >= BY_SOMEBODY)
        return one->list ? one->known_name || !whole : !whole;
    if (whole || !one->known_name)
        return one->list && !search->has_words && one->bid >= BY_WORDS;
    /* The words of an object in plain sight are those of the object around it. */
    if (!one->list && !one->string)
        return false;
    return one->bid >= BY_WORDS || (one->bid >= OF_WORDS && !search->has_words);
}

static const struct search *
search_in(const struct probe *probe)
{
    static const char key;
    const struct search *found = probe_found(probe, &key);
    if (found != NULL)
        return found;
    struct search *search = ARENA_NEW(probe->arena, struct search);
    const struct told *told = told_of_probe(probe);
    search->probe = probe;
    search->has_time = told_has_time(told);
    search->has_words = told_has_words(told);
    search->whole_at_the_top = told_at_the_top(told);
    look_into(search, json_walk_of(probe->tape->text), 0);
    probe_keep(probe, &key, search);
    return search;
}

/* The most that counts: of somebody's records and others only the former do. */
static int
best_bid(const struct search *search)
{
    int best = 0;
    for (size_t i = 0; i < search->count; i++)
        if (is_record(search, &search->found[i]) && search->found[i].bid > best)
            best = search->found[i].bid;
    return best;
}

static bool
holds_anything(const struct tape *tape)
{
    for (size_t i = 0; i < tape->count; i++)
        if (tape->members[i].type >= TAPE_ARRAY ||
            (tape->members[i].type == TAPE_STRING &&
             tape->members[i].to - tape->members[i].from > 20))
            return true;
    return false;
}

static int
bid(const struct probe *probe)
{
    const struct tape *tape = probe->tape;
    bool line = tape_has(tape, &times) && tape_has(tape, &messages) && tape_has(tape, &levels);
    if (line || !holds_anything(tape))
        return 0;
    int best = best_bid(search_in(probe));
    return best >= BY_SOMEBODY ? 57 : best >= OF_WORDS ? 53 : 0;
}

/* ---- opening it ---- */

/* What stands at the top of the object around. */
static void
read_around(const struct probe *probe, struct event *event)
{
    const struct told *told = told_of_probe(probe);
    static const enum role roles[] = {ROLE_SERVICE, ROLE_HOST, ROLE_ENVIRONMENT};
    struct sv *const fields[] = {&event->service, &event->host, &event->environment};
    *event = (struct event){.event_time_ns = TIME_NONE};
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
        if (told->texts[roles[i]].text.ptr != NULL && told->texts[roles[i]].cost < TOLD_AT_THE_TOP)
            *fields[i] = told->texts[roles[i]].text;
    /* A page of an API tells when it was made, which is not a time of what it lists. */
    const struct told_time *time = &told->times[MOMENT_ITSELF];
    if (time->time.ns != TIME_NONE && time->cost < TOLD_AT_THE_TOP)
        times_into_event(&time->time, event);
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct search *search = search_in(probe);
    int best = best_bid(search);
    struct event around;
    size_t from = sink->count;
    read_around(probe, &around);
    for (size_t i = 0; i < search->count; i++) {
        const struct candidate *one = &search->found[i];
        struct probe within = *probe;
        within.list = NULL;
        if (!is_record(search, one) || (best >= BY_SOMEBODY) != (one->bid >= BY_SOMEBODY) ||
            (!one->list && one->bid < best))
            continue;
        within.envelope = around.event_time_ns == TIME_NONE ? probe->envelope : &around;
        if (decode_json(&within, one->text, sink, result) != 0)
            return -1;
        if (!one->list)
            break; /* the same record again, as text and as an object */
    }
    if (sink->count == from)
        return decode_bad(result, QUARANTINE_UNKNOWN_FORMAT, "no list of records in the object");
    fill_from_envelope(sink, from, &around);
    return 0;
}

const struct decoder decoder_json_wrapper = {
    .info = {.name = "json_wrapper",
             .identity = "json_wrapper",
             .title = "JSON object around a list of records or a record",
             .kinds = "any, by what it holds",
             .identified_by = "what identifies what it holds",
             .reference = "docs/formats.md",
             .highest = 57},
    .reads = READS_TAPE,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
