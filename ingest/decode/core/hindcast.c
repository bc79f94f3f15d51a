/*
 * hindcast's own event JSON: what any script can write when no decoder fits. The form is documented
 * in docs/event-json.md. An `id` identifies; without one all that is told does, so loading the same
 * file twice gives the same events. Log lines without an id may rightly repeat: their place
 * identifies. Only what has a time and a kind of ours is taken for it: foreign objects have a
 * `kind` as well.
 */
#include "ingest/decode/core/decoder_internal.h"

static const struct synonym {
    const char *word;
    enum record_kind kind;
} synonyms[] = {
    {"deployment", RECORD_DEPLOY},
    {"rollout", RECORD_DEPLOY},
    {"release", RECORD_DEPLOY},
    {"change", RECORD_DEPLOY},
    {"config", RECORD_DEPLOY},
    {"flag", RECORD_DEPLOY},
    {"page", RECORD_INCIDENT_EVENT},
    {"message", RECORD_CHAT},
    {"irc", RECORD_CHAT},
    {"incident_event", RECORD_INCIDENT_EVENT},
    {"incident", RECORD_INCIDENT_EVENT},
    {"status-update", RECORD_STATUS},
    {"status_update", RECORD_STATUS},
    {"statuspage", RECORD_STATUS},
    {"linked-message", RECORD_LINKED_MESSAGE},
    /* Messages that a page links to: seen from outside. */
    {"message_ref", RECORD_LINKED_MESSAGE},
    {"chat_ref", RECORD_LINKED_MESSAGE},
    {"post_ref", RECORD_LINKED_MESSAGE},
    {"slack_ref", RECORD_LINKED_MESSAGE},
    {"irc_ref", RECORD_LINKED_MESSAGE},
    {"pull-request", RECORD_MERGE},
    {"pull_request", RECORD_MERGE},
    {"pr", RECORD_MERGE},
};

static enum record_kind
kind_of(struct sv word)
{
    enum record_kind kind = record_kind_read(word);
    for (size_t i = 0; kind == RECORD_NONE && i < sizeof(synonyms) / sizeof(synonyms[0]); i++)
        if (sv_eq_nocase(word, sv_from(synonyms[i].word)))
            kind = synonyms[i].kind;
    return kind;
}

static int
bid(const struct probe *probe)
{
    struct sv kind = PICK("kind");
    if (sv_empty(kind) || kind_of(kind) == RECORD_NONE)
        return 0;
    bool text = json_is_string(tree_find(probe->json, "text|title"));
    return text && tree_has(probe->json, "time") ? 92 : 0;
}

static int32_t
marks_of(const json_t *json)
{
    const json_t *reactions = tree_find(json, "reactions");
    int64_t marks = json_is_true(tree_find(json, "pinned"));
    if (json_is_integer(reactions))
        marks += json_integer_value(reactions);
    for (size_t i = 0; i < json_array_size(reactions); i++) {
        const json_t *count = tree_find(json_array_get(reactions, i), "count");
        marks += json_is_integer(count) ? json_integer_value(count) : 1;
    }
    return marks < 0 ? 0 : marks > 1000000 ? 1000000 : (int32_t)marks;
}

/* A number of 1 or more, also as text. */
static int64_t
sequence_of(const struct probe *probe)
{
    int64_t number;
    return sv_to_int64(PICK("sequence"), &number) && number > 0 ? number : 0;
}

#define TAKEN                                                                                      \
    "time|kind|text|title|source|service|host|environment|actor|channel|thread|severity|phase|id|" \
    "ref|url|attributes|pinned|reactions|fingerprint|group|incident|correlation|trace_id|"         \
    "sequence"

/* `attributes` and what has no field of its own, in one object; `attributes` wins. */
static struct sv
attributes_of(const struct probe *probe)
{
    struct sv own = tree_rest(probe->arena, probe->json, TAKEN);
    const json_t *given = tree_find(probe->json, "attributes");
    if (!json_is_object(given))
        return own;
    enum tree_problem problem;
    json_t *both = sv_empty(own) ? json_object() : tree_parse(probe->arena, own, &problem);
    json_object_update(both, (json_t *)(uintptr_t)given);
    struct sv text = json_object_size(both) > 0 ? tree_dump(probe->arena, both) : SV_NONE;
    json_decref(both);
    return text;
}

static enum event_phase
phase_default(enum record_kind kind)
{
    if (kind == RECORD_ALERT)
        return PHASE_TRIGGER;
    if (kind == RECORD_INCIDENT_EVENT || kind == RECORD_STATUS)
        return PHASE_UPDATE;
    if (kind == RECORD_CHAT || kind == RECORD_LINKED_MESSAGE)
        return PHASE_POST;
    bool change = record_kind_event_kind(kind) == EVENT_CHANGE;
    return change ? PHASE_SUCCEEDED : PHASE_NONE;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    enum record_kind kind = kind_of(PICK("kind"));
    if (kind == RECORD_NONE)
        return decode_bad(result, QUARANTINE_BAD_FIELD, "kind is not one of the documented words");
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    event->record_kind = kind;
    event->kind = record_kind_event_kind(kind);
    event->source = PICK("source");
    event->source_time_text = PICK("time");
    if (!event_pick_time(probe, probe->json, "time", event) && !sv_empty(event->source_time_text))
        return decode_bad(result, QUARANTINE_BAD_FIELD, "time is not RFC 3339");
    event->body = PICK("text");
    event->title = PICK("title");
    event->service = PICK("service");
    event->host = PICK("host");
    event->environment = PICK("environment");
    event->actor = PICK("actor");
    event->actor_type = sv_empty(event->actor)               ? ACTOR_NONE
                        : sv_ends(event->actor, SV("[bot]")) ? ACTOR_BOT
                                                             : ACTOR_HUMAN;
    struct sv channel = PICK("channel");
    event->channel = sv_starts(channel, SV("#")) ? sv_slice(channel, 1, channel.len) : channel;
    event->thread_key = PICK("thread");
    event->severity_text = PICK("severity");
    event->severity = severity_word(event->severity_text);
    event->phase = event_phase_read(PICK("phase"));
    if (event->phase == PHASE_NONE)
        event->phase = phase_default(kind);
    event->fingerprint = PICK("fingerprint");
    event->group_key = PICK("group");
    event->incident_ref = PICK("incident");
    event->correlation_key = PICK("correlation");
    event->trace_id = PICK("trace_id");
    event->ref = PICK("ref");
    event->url = PICK("url");
    event->marks = marks_of(probe->json);
    event->sequence = sequence_of(probe);
    event->attributes = attributes_of(probe);
    event->identity = IDENTITY(probe->arena, PICK("id"), event->source);
    if (sv_empty(event->identity) && event->kind != EVENT_LOG)
        event_name_by_content(probe, probe->json, event);
    return 0;
}

const struct decoder decoder_hindcast = {
    .info = {.name = "hindcast",
             .identity = "hindcast",
             .title = "hindcast's own event JSON",
             .kinds = "alert log chat change metric note",
             .identified_by = "`id` and source, else all that is told; log lines: `id`, else "
                              "coordinates",
             .reference = "docs/event-json.md",
             .signs = "kind, time, text|title",
             .highest = 92},
    .reads = READS_TREE,
    .ids_identify = true,
    .bid = bid,
    .decode = decode,
};
