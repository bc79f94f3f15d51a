/*
 * Slack messages: of exports (day files), of the Events API and of incoming webhooks. `ts` is an id
 * as text; its whole part is the time, the rest a counter. (channel, ts) identifies in every form;
 * an edit or deletion is a later version of the same message with the time at which it was edited
 * or deleted. A message of an export is a post as it was last said, also where it was edited.
 */
#include "ingest/decode/chat/slack_text.h"
#include "ingest/decode/core/decoder_internal.h"

static bool
is_ts(const json_t *value)
{
    if (!json_is_string(value))
        return false;
    struct sv text = sv_of(json_string_value(value), json_string_length(value));
    size_t dot = sv_find_char(text, '.');
    if (dot == SIZE_MAX || dot < 9 || text.len < dot + 2 || text.len > 24)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (i != dot && (text.ptr[i] < '0' || text.ptr[i] > '9'))
            return false;
    return true;
}

/* A page of conversations.history or .replies, or slackdump's file of a channel. */
static bool
is_page(const json_t *json)
{
    const json_t *first = json_array_get(tree_find(json, "messages"), 0);
    bool said =
        tree_is(first, "type", "message") || tree_has(first, "user") || tree_has(first, "bot_id");
    bool page = tree_has(json, "ok") || tree_has(json, "has_more") ||
                tree_has(json, "channel_id") || tree_has(json, "response_metadata");
    return page && said && is_ts(tree_find(first, "ts"));
}

static int
bid(const struct probe *probe)
{
    const json_t *json = probe->json;
    if (is_page(json))
        return 94;
    const json_t *event = tree_find(json, "event");
    /* Some clients leave the ids of the envelope empty. */
    if (json_is_object(event) &&
        (tree_is(json, "type", "event_callback") || tree_has(json, "api_app_id") ||
         (tree_has(event, "type") && json_object_get(json, "event_id") != NULL &&
          tree_has(json, "event_time"))))
        return 88;
    bool ts = is_ts(tree_find(json, "ts"));
    if (ts && tree_is(json, "type", "message"))
        return 95;
    bool who = tree_has(json, "user") || tree_has(json, "bot_id") || tree_has(json, "username");
    if (ts && json_is_string(json_object_get(json, "text")) && who)
        return 85;
    bool posted = json_is_array(tree_find(json, "attachments")) && tree_has(json, "username");
    return posted && tree_has(json, "channel") ? 70 : 0;
}

static int64_t
ts_seconds_ns(struct sv ts)
{
    int64_t seconds = 0;
    size_t dot = sv_find_char(ts, '.');
    bool fine = sv_to_int64(sv_slice(ts, 0, dot == SIZE_MAX ? ts.len : dot), &seconds);
    return fine && seconds > 0 && seconds < INT64_C(9000000000) ? seconds * NS_PER_S : TIME_NONE;
}

/* A number that orders versions: seconds and counter. */
static int64_t
ts_version(struct sv ts)
{
    int64_t seconds = ts_seconds_ns(ts), counter = 0;
    size_t dot = sv_find_char(ts, '.');
    if (seconds == TIME_NONE)
        return 0;
    if (dot != SIZE_MAX && sv_to_int64(sv_slice(ts, dot + 1, dot + 7), &counter) && counter > 0)
        seconds += counter * NS_PER_US;
    return seconds;
}

/* Messages of one second are in the order of their counters. */
static int64_t
ts_sequence(struct sv ts)
{
    return ts_version(ts) / NS_PER_US;
}

static void
take_ts(struct sv ts, struct event *event)
{
    event->event_time_ns = ts_seconds_ns(ts);
    event->precision = PRECISION_SECOND;
    event->time_source = event->event_time_ns == TIME_NONE ? TIME_SOURCE_NONE : TIME_SOURCE_NATIVE;
    event->source_time_text = ts;
    event->sequence = ts_sequence(ts);
}

static struct sv
channel_of(const struct probe *probe, const json_t *page, const json_t *outer,
           const json_t *message)
{
    struct sv name = record_header(probe->record, HEADER_CHANNEL);
    static const char *const paths = "channel_name|channel.name|channel|channel.id";
    if (sv_empty(name))
        name = tree_pick(probe->arena, page, "name|channel_name|channel.name|channel|channel_id");
    if (sv_empty(name))
        name = tree_pick(probe->arena, outer, paths);
    if (sv_empty(name))
        name = tree_pick(probe->arena, message, paths);
    if (sv_empty(name) && probe->record->key.len <= 80 && text_readable(probe->record->key))
        name = probe->record->key;
    return sv_starts(name, SV("#")) ? sv_slice(name, 1, name.len) : name;
}

static void
take_actor(const struct probe *probe, const json_t *message, struct event *event)
{
    bool bot = tree_has(message, "bot_id") || tree_is(message, "subtype", "bot_message") ||
               tree_is(message, "user", "USLACKBOT");
    struct sv host = tree_pick(probe->arena, message, "room.created_by");
    if (!sv_empty(host)) { /* Slackbot tells of a huddle that somebody began */
        event->actor = slack_name(host, record_header(probe->record, HEADER_MENTIONS));
        event->actor_type = ACTOR_HUMAN;
        return;
    }
    if (tree_is(message, "user", "USLACKBOT"))
        event->actor = record_header(probe->record, HEADER_USER);
    else
        event->actor = bot ? SV_NONE : record_header(probe->record, HEADER_USER);
    if (sv_empty(event->actor) && bot)
        event->actor = tree_pick(probe->arena, message,
                                 "username|bot_profile.name|user_profile.real_name|user|bot_id");
    if (sv_empty(event->actor))
        event->actor = tree_pick(probe->arena, message,
                                 "user_profile.real_name|user_profile.display_name|username|"
                                 "user.name|user.id|user");
    event->actor_type = sv_empty(event->actor) ? ACTOR_NONE : bot ? ACTOR_BOT : ACTOR_HUMAN;
}

static int32_t
marks_of(const json_t *message)
{
    size_t marks = json_array_size(tree_find(message, "pinned_to"));
    const json_t *reactions = tree_find(message, "reactions");
    for (size_t i = 0; i < json_array_size(reactions) && marks < 1000000; i++) {
        const json_t *reaction = json_array_get(reactions, i),
                     *count = tree_find(reaction, "count");
        size_t users = json_array_size(tree_find(reaction, "users"));
        int64_t told = json_is_integer(count) ? json_integer_value(count) : 0;
        marks += users > 0 ? users : told > 0 && told < 1000000 ? (size_t)told : 1;
    }
    return (int32_t)(marks > 1000000 ? 1000000 : marks);
}

static enum event_phase
phase_of(struct sv subtype)
{
    static const struct {
        const char *suffix;
        enum event_phase phase;
    } phases[] = {{"_join", PHASE_JOIN},           {"_leave", PHASE_LEAVE},
                  {"_topic", PHASE_TOPIC},         {"_purpose", PHASE_TOPIC},
                  {"message_changed", PHASE_EDIT}, {"message_deleted", PHASE_DELETE},
                  {"tombstone", PHASE_DELETE}};
    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
        if (sv_ends(subtype, sv_from(phases[i].suffix)))
            return phases[i].phase;
    return PHASE_POST;
}

/* What else the author is called in the table of users, for whoever tells people apart. */
static void
add_user_names(const struct probe *probe, json_t *left)
{
    struct sv rest = record_header(probe->record, HEADER_USER_NAMES);
    json_t *names = json_array();
    while (!sv_empty(rest)) {
        size_t end = sv_find(rest, SV(" | "));
        struct sv name = end == SIZE_MAX ? rest : sv_slice(rest, 0, end);
        rest = end == SIZE_MAX ? SV_NONE : sv_slice(rest, end + 3, rest.len);
        if (!sv_empty(name))
            json_array_append_new(names, json_stringn(name.ptr, name.len));
    }
    if (json_array_size(names) > 0)
        json_object_set(left, "user_names", names);
    json_decref(names);
}

static struct sv
attributes_of(const struct probe *probe, const json_t *message)
{
    static const char *const keys[] = {"subtype", "user",      "bot_id",      "team", "edited",
                                       "app_id",  "reactions", "reply_count", "room"};
    json_t *left = json_object();
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (tree_has(message, keys[i]))
            json_object_set(left, keys[i], json_object_get(message, keys[i]));
    const json_t *files = tree_find(message, "files");
    json_t *names = json_array();
    for (size_t i = 0; i < json_array_size(files); i++) {
        struct sv url = slack_url_without_token(
            tree_pick(probe->arena, json_array_get(files, i), "permalink|url_private"));
        if (!sv_empty(url))
            json_array_append_new(names, json_stringn(url.ptr, url.len));
    }
    if (json_array_size(names) > 0)
        json_object_set(left, "files", names);
    json_decref(names);
    add_user_names(probe, left);
    struct sv text = json_object_size(left) > 0 ? tree_dump(probe->arena, left) : SV_NONE;
    json_decref(left);
    return text;
}

/* What Slack leaves of a deleted message that has replies; it does not say when it was deleted. */
static bool
is_tombstone(const json_t *message)
{
    return tree_is(message, "subtype", "tombstone");
}

/* The message inside, its own ts, when what is told of it happened, and the version, by the outer
 * subtype. */
static const json_t *
inner_message(const struct probe *probe, const json_t *outer, struct sv subtype,
              struct event *event, struct sv *ret_ts, struct sv *ret_when)
{
    struct arena *arena = probe->arena;
    const json_t *message = outer;
    struct sv changed = tree_pick(arena, outer, "ts|event_ts");
    *ret_when = changed;
    if (sv_eq(subtype, SV("message_changed")) && json_is_object(tree_find(outer, "message"))) {
        message = tree_find(outer, "message");
        *ret_ts = tree_pick(arena, message, "ts");
        event->version = ts_version(tree_pick(arena, message, "edited.ts"));
        if (event->version == 0)
            event->version = ts_version(changed);
        if (is_tombstone(message))
            event->version = VERSION_FINAL;
        return message;
    }
    if (sv_eq(subtype, SV("message_deleted"))) {
        *ret_ts = tree_pick(arena, outer, "deleted_ts|previous_message.ts");
        event->version = ts_version(changed);
        return tree_has(outer, "previous_message") ? tree_find(outer, "previous_message") : outer;
    }
    *ret_ts = tree_pick(arena, outer, "ts");
    event->version =
        is_tombstone(outer) ? VERSION_FINAL : ts_version(tree_pick(arena, outer, "edited.ts"));
    return message;
}

/*
 * Counters begin anew in every channel and workspace. Where no channel is told, at least what
 * different people said at once stays apart.
 */
static struct sv
identity_of(const struct probe *probe, const json_t *page, const json_t *message, struct sv channel,
            struct sv ts)
{
    /* A channel may be renamed, its id stays. */
    struct sv id = record_header(probe->record, HEADER_CHANNEL_ID);
    if (sv_empty(id))
        id = tree_pick(probe->arena, page, "channel_id");
    if (!sv_empty(id))
        return IDENTITY(probe->arena, id, ts);
    if (sv_empty(channel))
        return IDENTITY(probe->arena, SV("-"), ts,
                        tree_pick(probe->arena, message, "user|user.id|bot_id|username"));
    return IDENTITY(probe->arena, channel, ts, record_header(probe->record, HEADER_TEAM));
}

/* `page`: around the message, or NULL. */
static int
decode_message(const struct probe *probe, const json_t *page, const json_t *outer,
               struct event_sink *sink, struct decode_result *result)
{
    struct arena *arena = probe->arena;
    struct sv subtype = tree_pick(arena, outer, "subtype"), ts = SV_NONE, when = SV_NONE;
    if (sv_eq(subtype, SV("message_replied")))
        return 0; /* only repeats the message that got an answer */
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    const json_t *message = inner_message(probe, outer, subtype, event, &ts, &when);
    event->kind = EVENT_CHAT;
    event->record_kind = RECORD_CHAT;
    event->phase = is_tombstone(message) ? PHASE_DELETE : phase_of(subtype);
    event->channel = channel_of(probe, page, outer, message);
    struct sv team = record_header(probe->record, HEADER_TEAM);
    if (!sv_empty(event->channel))
        event->source = arena_printf(arena, "slack:" SV_FMT "%s" SV_FMT, SV_ARG(team),
                                     sv_empty(team) ? "" : "/", SV_ARG(event->channel));
    take_ts(ts_seconds_ns(when) == TIME_NONE ? ts : when, event);
    take_actor(probe, message, event);
    /* A deleted message keeps its place, not its words. */
    if (event->phase != PHASE_DELETE)
        event->body =
            slack_message_text(arena, message, record_header(probe->record, HEADER_MENTIONS));
    event->thread_key = tree_pick(arena, message, "thread_ts");
    event->url = tree_pick(arena, message, "permalink");
    event->marks = marks_of(message);
    if (!sv_empty(ts))
        event->identity = identity_of(probe, page, message, event->channel, ts);
    event->attributes = attributes_of(probe, message);
    return 0;
}

/* The messages of a page, and the answers that slackdump puts into them. */
static int
decode_page(const struct probe *probe, const json_t *page, const json_t *messages,
            struct event_sink *sink, struct decode_result *result)
{
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        if (!json_is_object(message))
            continue;
        if (decode_message(probe, page, message, sink, result) != 0)
            return -1;
        const json_t *answers = tree_find(message, "slackdump_thread_replies");
        for (size_t k = 0; k < json_array_size(answers); k++) {
            const json_t *answer = json_array_get(answers, k);
            if (json_is_object(answer) && decode_message(probe, page, answer, sink, result) != 0)
                return -1;
        }
    }
    return 0;
}

/* Reactions, people who come and go, what becomes of channels. Presence and profiles: nothing. */
static int
decode_happened(const struct probe *probe, const json_t *told, struct event_sink *sink,
                struct decode_result *result)
{
    static const struct {
        const char *type;
        enum event_phase phase;
        const char *done; /* to a channel */
    } types[] = {{"reaction_added", PHASE_REACT, NULL},
                 {"reaction_removed", PHASE_REACT, NULL},
                 {"member_joined_channel", PHASE_JOIN, NULL},
                 {"member_left_channel", PHASE_LEAVE, NULL},
                 {"channel_created", PHASE_UPDATE, "created"},
                 {"channel_rename", PHASE_UPDATE, "renamed"},
                 {"channel_archive", PHASE_UPDATE, "archived"},
                 {"channel_unarchive", PHASE_UPDATE, "unarchived"}};
    const size_t count = sizeof(types) / sizeof(types[0]);
    struct arena *arena = probe->arena;
    struct sv type = tree_pick(arena, told, "type");
    size_t which = 0;
    while (which < count && !sv_eq(type, sv_from(types[which].type)))
        which++;
    if (which == count)
        return 0;
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct sv ts = tree_pick(arena, told, "event_ts"),
              reaction = tree_pick(arena, told, "reaction");
    event->kind = EVENT_CHAT;
    event->record_kind = RECORD_CHAT;
    event->phase = types[which].phase;
    event->actor = tree_pick(arena, told, "user.id|user");
    event->actor_type = sv_empty(event->actor) ? ACTOR_NONE : ACTOR_HUMAN;
    event->channel = tree_pick(arena, told, "item.channel|channel.name|channel.id|channel");
    take_ts(ts, event);
    event->thread_key = tree_pick(arena, told, "item.ts");
    if (!sv_empty(reaction))
        event->body =
            arena_printf(arena, "%s:" SV_FMT ":",
                         sv_eq(type, SV("reaction_removed")) ? "no longer " : "", SV_ARG(reaction));
    if (types[which].done != NULL && !sv_empty(event->channel))
        event->body =
            arena_printf(arena, "channel " SV_FMT " %s", SV_ARG(event->channel), types[which].done);
    if (event->event_time_ns != TIME_NONE)
        event->identity = IDENTITY(arena, tree_pick(arena, probe->json, "event_id"));
    return 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const json_t *event = tree_find(probe->json, "event");
    if (is_page(probe->json))
        return decode_page(probe, probe->json, tree_find(probe->json, "messages"), sink, result);
    if (!json_is_object(event))
        return decode_message(probe, NULL, probe->json, sink, result);
    bool message = tree_is(event, "type", "message") || tree_is(event, "type", "app_mention");
    return message ? decode_message(probe, NULL, event, sink, result)
                   : decode_happened(probe, event, sink, result);
}

const struct decoder decoder_slack = {
    .info = {.name = "slack",
             .identity = "slack",
             .title = "Slack: messages of exports, events, API pages, slackdump",
             .kinds = "chat",
             .identified_by = "id of the channel (else its name and team) and `ts`; the version is "
                              "the time of the edit, a "
                              "deletion is final",
             .reference = "https://api.slack.com/reference/messaging/payload",
             .signs = "messages, ok|has_more|channel_id|response_metadata; type=event_callback, "
                      "event; api_app_id, event; event.type, event_time; "
                      "type=message, ts; "
                      "user|bot_id|username, ts; attachments, channel",
             .highest = 95},
    .reads = READS_TREE,
    .bid = bid,
    .decode = decode,
};
