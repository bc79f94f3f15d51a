/*
 * Slack exports: names of their files, and what a message says outside its text. The message itself
 * stays as it is; ingest/decode reads it. Called while files are read, one thread.
 */
#include "ingest/source/file/slack.h"

#include "base/strbuf.h"
#include "ingest/parse/json.h"

#define MENTIONS_BYTES_MAX ((size_t)4096)

static const char *
text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL || text[0] == '\0' ? NULL : text;
}

/* ---- names of files ---- */

static bool
base_among(const char *name, const char *const *names, size_t count)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash == NULL ? name : slash + 1;
    for (size_t i = 0; i < count; i++)
        if (strcmp(base, names[i]) == 0)
            return true;
    return false;
}

bool
slack_people_file(const char *name)
{
    static const char *const names[] = {"users.json", "org_users.json"};
    return base_among(name, names, 2);
}

bool
slack_rooms_file(const char *name)
{
    static const char *const names[] = {"channels.json", "groups.json", "dms.json", "mpims.json"};
    return base_among(name, names, 4);
}

bool
slack_directory_file(const char *name)
{
    static const char *const names[] = {"integration_logs.json", "canvases.json", "lists.json",
                                        "file_conversations.json", "huddle_transcripts.json"};
    return slack_people_file(name) || slack_rooms_file(name) || base_among(name, names, 5);
}

bool
slack_day_file(const char *name, struct sv *ret_channel)
{
    static const char shape[] = "dddd-dd-dd.json";
    const char *base = strrchr(name, '/');
    if (base == NULL || strlen(base + 1) != sizeof(shape) - 1)
        return false;
    for (size_t i = 0; i < sizeof(shape) - 1; i++) {
        char c = base[i + 1];
        if (shape[i] == 'd' && i < 10 ? c < '0' || c > '9' : c != shape[i])
            return false;
    }
    const char *start = base;
    while (start > name && start[-1] != '/' && start[-1] != '!')
        start--;
    if (start == base)
        return false;
    *ret_channel = sv_of(start, (size_t)(base - start));
    return true;
}

/* The export of an organisation has a folder per team, with channels that may be called alike. */
struct sv
slack_team(const char *name, struct sv channel)
{
    struct sv before = sv_of(name, (size_t)(channel.ptr - name));
    if (!sv_ends(before, SV("/")))
        return SV_NONE;
    before = sv_slice(before, 0, before.len - 1);
    size_t start = before.len;
    while (start > 0 && before.ptr[start - 1] != '/' && before.ptr[start - 1] != '!')
        start--;
    struct sv above = sv_slice(before, 0, start), team = sv_slice(before, start, before.len);
    bool told = sv_eq(above, SV("teams/")) || sv_ends(above, SV("/teams/")) ||
                sv_ends(above, SV("!teams/"));
    return told && team.len > 0 ? team : SV_NONE;
}

/* ---- messages ---- */

/* "1772546400.000200": the part before the point is seconds, the rest a counter. */
static bool
read_ts(const char *ts, int64_t *ret_ns)
{
    struct sv rest = sv_from(ts), seconds;
    int64_t value;
    if (ts == NULL || !sv_split(&rest, '.', &seconds) || seconds.len < 9 ||
        !sv_to_int64(seconds, &value) || value < 0)
        return false;
    *ret_ns = time_of_units_or_none(value, NS_PER_S, 0);
    return *ret_ns != TIME_NONE;
}

struct mentions {
    struct strbuf lines;
    const struct file_users *users;
    struct arena *arena;
};

/* A line for an id that has a name. */
static void
mention(struct mentions *mentions, struct sv id, bool room)
{
    struct slack_room found = {0};
    struct sv name = SV_NONE;
    if (sv_empty(id))
        return;
    if (!room)
        name = file_users_find(mentions->users, id);
    else if (file_users_room(mentions->users, SV_NONE, id, mentions->arena, &found))
        name = found.name;
    struct strbuf *lines = &mentions->lines;
    if (sv_empty(name) || sv_find_char(name, '\n') != SIZE_MAX ||
        lines->len + id.len + name.len + 2 > MENTIONS_BYTES_MAX)
        return;
    strbuf_add_sv(lines, id);
    strbuf_add_char(lines, '=');
    strbuf_add_sv(lines, name);
    strbuf_add_char(lines, '\n');
}

/* "<@U1>", "<@U1|ada>", "<#C1|>" in a text. */
static void
mentions_in_text(struct mentions *mentions, struct sv text)
{
    for (size_t at; (at = sv_find_char(text, '<')) != SIZE_MAX;) {
        char mark = at + 1 < text.len ? text.ptr[at + 1] : '\0';
        text = sv_slice(text, at + 1, text.len);
        if (mark != '@' && mark != '#')
            continue;
        size_t end = 1;
        while (end < text.len && text.ptr[end] != '>' && text.ptr[end] != '|')
            end++;
        mention(mentions, sv_slice(text, 1, end), mark == '#');
    }
}

/* What blocks and huddles name by id, anywhere in the tree; jansson bounds its depth. */
static void
mentions_in_tree(struct mentions *mentions, const json_t *value)
{
    const char *key;
    json_t *member;
    for (size_t i = 0; i < json_array_size(value); i++)
        mentions_in_tree(mentions, json_array_get(value, i));
    if (json_is_string(value))
        mentions_in_text(mentions, sv_from(json_string_value(value)));
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        if (strcmp(key, "user_id") == 0)
            mention(mentions, sv_from(json_string_value(member)), false);
        else if (strcmp(key, "channel_id") == 0)
            mention(mentions, sv_from(json_string_value(member)), true);
        else
            mentions_in_tree(mentions, member);
    }
}

static void
mentions_of_huddle(struct mentions *mentions, const json_t *room)
{
    static const char *const lists[] = {"participant_history", "participants"};
    mention(mentions, sv_from(text_of(room, "created_by")), false);
    for (size_t i = 0; i < 2; i++) {
        const json_t *list = json_object_get(room, lists[i]);
        for (size_t k = 0; k < json_array_size(list); k++)
            mention(mentions, sv_from(json_string_value(json_array_get(list, k))), false);
    }
}

/* Names of what the message names by id, so that a reader need not know the directory. */
static struct sv
mentions_of(const json_t *message, const struct file_users *users, struct arena *arena)
{
    static const char *const places[] = {"text", "blocks", "attachments"};
    struct mentions mentions = {.users = users, .arena = arena};
    if (users == NULL)
        return SV_NONE;
    strbuf_init(&mentions.lines, MENTIONS_BYTES_MAX);
    for (size_t i = 0; i < 3; i++)
        mentions_in_tree(&mentions, json_object_get(message, places[i]));
    mentions_of_huddle(&mentions, json_object_get(message, "room"));
    struct sv found =
        mentions.lines.len == 0 ? SV_NONE : arena_copy(arena, strbuf_view(&mentions.lines));
    strbuf_release(&mentions.lines);
    return found;
}

static struct sv
author_of(const json_t *message, const struct file_users *users, struct arena *arena)
{
    struct sv user = sv_from(text_of(message, "user"));
    struct sv name = user.ptr == NULL ? SV_NONE : file_users_find(users, user);
    if (name.ptr == NULL)
        name = sv_from(slack_shown_name(json_object_get(message, "user_profile")));
    if (name.ptr == NULL)
        name = sv_from(text_of(message, "username"));
    return name.ptr == NULL ? SV_NONE : arena_copy(arena, name);
}

bool
slack_message_read(struct sv object, const char *name, struct sv channel,
                   const struct file_users *users, struct arena *arena,
                   struct slack_message *ret_message)
{
    enum tree_problem problem;
    json_t *root = tree_parse(arena, object, &problem);
    const char *type = text_of(root, "type");
    struct slack_message message = {.time_ns = TIME_NONE};
    struct slack_room room = {.name = channel};
    bool timed = read_ts(text_of(root, "ts"), &message.time_ns);
    /* In an export a message without a time is one all the same. */
    bool is_message = type != NULL && strcmp(type, "message") == 0 && (timed || users != NULL);
    if (is_message) {
        struct sv path = sv_of(name, (size_t)(channel.ptr + channel.len - name));
        (void)file_users_room(users, path, SV_NONE, arena, &room);
        message.user_name = author_of(root, users, arena);
        message.user_names =
            arena_copy(arena, file_users_names(users, sv_from(text_of(root, "user"))));
        message.mentions = mentions_of(root, users, arena);
        message.room_id = room.id;
        message.room_name = room.name;
        if (!timed)
            message.day = sv_of(channel.ptr + channel.len + 1, 10);
        *ret_message = message;
    }
    json_decref(root);
    return is_message;
}

struct file_users *
slack_guests(struct sv bytes, const struct file_users *around)
{
    struct arena arena;
    enum tree_problem problem;
    struct file_users *guests = NULL;
    if (around == NULL || !sv_contains(bytes, SV("\"user_profile\"")))
        return NULL;
    arena_init(&arena, 0);
    json_t *root = tree_parse(&arena, bytes, &problem);
    for (size_t i = 0; i < json_array_size(root); i++) {
        const json_t *message = json_array_get(root, i);
        const char *id = text_of(message, "user");
        const char *name = slack_shown_name(json_object_get(message, "user_profile"));
        if (id == NULL || name == NULL || !sv_empty(file_users_find(around, sv_from(id))))
            continue;
        if (guests == NULL)
            guests = file_users_new(around);
        file_users_learn(guests, id, name);
    }
    if (guests != NULL)
        file_users_end(guests);
    json_decref(root);
    arena_release(&arena);
    return guests;
}
