/*
 * Slack exports: names of users, names of day files, and what a message says outside its text. The
 * message itself stays as it is; ingest/decode reads it. Called while files are read, one thread.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "ingest/parse/json.h"
#include "ingest/source/file/slack.h"

#define MENTIONS_BYTES_MAX ((size_t)4096)

struct user {
    char *id, *name;
};

struct file_users {
    struct user *users; /* sorted by id */
    size_t count;
};

static int
by_id(const void *a, const void *b)
{
    return strcmp(((const struct user *)a)->id, ((const struct user *)b)->id);
}

struct file_users *
file_users_new(void)
{
    return memory_calloc(1, sizeof(struct file_users));
}

void
file_users_free(struct file_users *users)
{
    if (users == NULL)
        return;
    for (size_t i = 0; i < users->count; i++) {
        free(users->users[i].id);
        free(users->users[i].name);
    }
    free(users->users);
    free(users);
}

static const char *
text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL || text[0] == '\0' ? NULL : text;
}

/* What colleagues see: display name, else real name, else the login. */
static const char *
shown_name(const json_t *user)
{
    const json_t *profile = json_object_get(user, "profile");
    const char *name = text_of(profile, "display_name");
    if (name == NULL)
        name = text_of(profile, "real_name");
    if (name == NULL)
        name = text_of(user, "real_name");
    return name == NULL ? text_of(user, "name") : name;
}

bool
file_users_read(struct file_users *users, struct sv text)
{
    struct arena arena;
    enum tree_problem problem;
    arena_init(&arena, 0);
    json_t *root = tree_parse(&arena, text, &problem);
    arena_release(&arena);
    if (!json_is_array(root)) {
        json_decref(root);
        return false;
    }
    size_t size = json_array_size(root);
    users->users = memory_calloc(size + 1, sizeof(*users->users));
    for (size_t i = 0; i < size; i++) {
        const json_t *user = json_array_get(root, i);
        const char *id = text_of(user, "id"), *name = shown_name(user);
        if (id == NULL || name == NULL)
            continue;
        struct user *row = &users->users[users->count++];
        row->id = memory_copy(id);
        row->name = memory_copy(name);
    }
    json_decref(root);
    qsort(users->users, users->count, sizeof(*users->users), by_id);
    return true;
}

struct sv
file_users_find(const struct file_users *users, struct sv id)
{
    size_t low = 0, high = users == NULL ? 0 : users->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = sv_cmp(sv_from(users->users[middle].id), id);
        if (order == 0)
            return sv_from(users->users[middle].name);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SV_NONE;
}

bool
slack_directory_file(const char *name)
{
    static const char *const names[] = {
        "users.json", "channels.json",          "groups.json",           "dms.json",
        "mpims.json", "org_users.json",         "integration_logs.json", "canvases.json",
        "lists.json", "file_conversations.json"};
    const char *slash = strrchr(name, '/');
    const char *base = slash == NULL ? name : slash + 1;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(base, names[i]) == 0)
            return true;
    return false;
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

/* "1772546400.000200": the part before the point is seconds, the rest a counter. */
static bool
read_ts(const char *ts, int64_t *ret_ns)
{
    struct sv rest = sv_from(ts), seconds;
    int64_t value;
    if (!sv_split(&rest, '.', &seconds) || seconds.len < 9 || !sv_to_int64(seconds, &value) ||
        value < 0)
        return false;
    *ret_ns = time_of_units_or_none(value, NS_PER_S, 0);
    return *ret_ns != TIME_NONE;
}

/* Names of the users that the text names as "<@ID>", so that a reader need not know the directory.
 */
static struct sv
mentions_of(struct sv text, const struct file_users *users, struct arena *arena)
{
    struct strbuf lines;
    strbuf_init(&lines, MENTIONS_BYTES_MAX);
    for (size_t at; (at = sv_find(text, SV("<@"))) != SIZE_MAX;) {
        text = sv_slice(text, at + 2, text.len);
        size_t end = 0;
        while (end < text.len && strchr(">|", text.ptr[end]) == NULL)
            end++;
        struct sv id = sv_slice(text, 0, end), name = file_users_find(users, id);
        if (sv_empty(id) || sv_empty(name) || sv_find_char(name, '\n') != SIZE_MAX ||
            lines.len + id.len + name.len + 2 > MENTIONS_BYTES_MAX)
            continue;
        strbuf_add_sv(&lines, id);
        strbuf_add_char(&lines, '=');
        strbuf_add_sv(&lines, name);
        strbuf_add_char(&lines, '\n');
    }
    struct sv found = lines.len == 0 ? SV_NONE : arena_copy(arena, strbuf_view(&lines));
    strbuf_release(&lines);
    return found;
}

bool
slack_message_read(struct sv object, const struct file_users *users, struct arena *arena,
                   struct slack_message *ret_message)
{
    enum tree_problem problem;
    json_t *root = tree_parse(arena, object, &problem);
    const char *ts = text_of(root, "ts"), *type = text_of(root, "type");
    int64_t time_ns;
    bool is_message =
        ts != NULL && type != NULL && strcmp(type, "message") == 0 && read_ts(ts, &time_ns);
    if (is_message) {
        struct sv user = sv_from(text_of(root, "user"));
        struct sv name = user.ptr == NULL ? SV_NONE : file_users_find(users, user);
        if (name.ptr == NULL)
            name = sv_from(shown_name(json_object_get(root, "user_profile")));
        if (name.ptr == NULL)
            name = sv_from(text_of(root, "username"));
        *ret_message = (struct slack_message){
            .ts = arena_copy(arena, sv_from(ts)),
            .user_name = name.ptr == NULL ? SV_NONE : arena_copy(arena, name),
            .mentions =
                users == NULL ? SV_NONE : mentions_of(sv_from(text_of(root, "text")), users, arena),
            .time_ns = time_ns};
    }
    json_decref(root);
    return is_message;
}
