/*
 * The directory of a Slack export: who has which id, and which folder holds which channel. One
 * is filled from all files of an export that tell of people and channels, then read. See slack.h.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "ingest/parse/json.h"
#include "ingest/source/file/slack.h"

#define MEMBERS_SHOWN_MAX 8
#define NAMES_BYTES_MAX 1000 /* of one person; of more none is kept but the one that is shown */

struct known {
    char *id, *name;
    char *names; /* all that the table has, " | " between; NULL: that one */
    int rank;    /* of several names the one of the lowest */
};

enum { OF_ORGANISATION, OF_TEAM, OF_MESSAGE };

struct room {
    char *folder; /* as its path ends: "ops", "teams/search/ops" */
    char *id;
    char *name;    /* of a direct message: of its members */
    char *members; /* "U1 U2", of a direct message only; else NULL */
};

struct file_users {
    const struct file_users *around; /* of the organisation that a team is of, or NULL */
    struct known *people;
    size_t count, size;
    struct room *rooms;
    size_t room_count, room_size;
};

static int
by_id(const void *a, const void *b)
{
    const struct known *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    if (order == 0)
        order = x->rank - y->rank;
    if (order == 0)
        order = strcmp(x->name, y->name);
    return order != 0 ? order
                      : strcmp(x->names == NULL ? "" : x->names, y->names == NULL ? "" : y->names);
}

struct file_users *
file_users_new(const struct file_users *around)
{
    struct file_users *users = memory_calloc(1, sizeof(struct file_users));
    users->around = around;
    return users;
}

void
file_users_free(struct file_users *users)
{
    if (users == NULL)
        return;
    for (size_t i = 0; i < users->count; i++) {
        free(users->people[i].id);
        free(users->people[i].name);
        free(users->people[i].names);
    }
    for (size_t i = 0; i < users->room_count; i++) {
        free(users->rooms[i].folder);
        free(users->rooms[i].id);
        free(users->rooms[i].name);
        free(users->rooms[i].members);
    }
    free(users->people);
    free(users->rooms);
    free(users);
}

static const char *
text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL || text[0] == '\0' ? NULL : text;
}

/* What colleagues see: display name, else real name, else the login. */
const char *
slack_shown_name(const json_t *user)
{
    const json_t *profile = json_object_get(user, "profile");
    const char *name = text_of(profile, "display_name");
    if (name == NULL)
        name = text_of(user, "display_name");
    if (name == NULL)
        name = text_of(profile, "real_name");
    if (name == NULL)
        name = text_of(user, "real_name");
    return name == NULL ? text_of(user, "name") : name;
}

/* Takes over `names`, which may be NULL. */
static void
add_person(struct file_users *users, const char *id, const char *name, char *names, int rank)
{
    users->people =
        memory_grow(users->people, &users->size, users->count + 1, sizeof(*users->people));
    users->people[users->count++] = (struct known){
        .id = memory_copy(id), .name = memory_copy(name), .names = names, .rank = rank};
}

void
file_users_learn(struct file_users *users, const char *id, const char *name)
{
    add_person(users, id, name, NULL, OF_MESSAGE);
}

/* Every name of an entry once, " | " between; NULL: it has one. Freed by the caller. */
static char *
names_of(const json_t *user)
{
    const json_t *profile = json_object_get(user, "profile");
    const char *const names[] = {text_of(user, "real_name"),
                                 text_of(profile, "real_name"),
                                 text_of(profile, "display_name"),
                                 text_of(user, "display_name"),
                                 text_of(user, "name"),
                                 text_of(profile, "email")};
    const size_t count = sizeof(names) / sizeof(names[0]);
    struct strbuf all;
    size_t kept = 0;
    strbuf_init(&all, NAMES_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        bool again = names[i] == NULL || strpbrk(names[i], "|\r\n") != NULL;
        for (size_t k = 0; k < i && !again; k++)
            again = names[k] != NULL && strcmp(names[k], names[i]) == 0;
        if (again)
            continue;
        strbuf_addf(&all, "%s%s", kept++ > 0 ? " | " : "", names[i]);
    }
    char *copy = kept > 1 && !all.overflow ? memory_format("%.*s", (int)all.len, all.ptr) : NULL;
    strbuf_release(&all);
    return copy;
}

static void
read_person(struct file_users *users, const json_t *user, int rank)
{
    const char *id = text_of(user, "id"), *name = slack_shown_name(user);
    if (id != NULL && name != NULL)
        add_person(users, id, name, names_of(user), rank);
}

/* Ids with blanks between. */
static char *
members_of(const json_t *room)
{
    const json_t *list = json_object_get(room, "members");
    char *all = memory_copy("");
    for (size_t i = 0; i < json_array_size(list) && i < MEMBERS_SHOWN_MAX; i++) {
        const char *member = json_string_value(json_array_get(list, i));
        if (member == NULL)
            continue;
        char *more = memory_format("%s%s%s", all, all[0] == '\0' ? "" : " ", member);
        free(all);
        all = more;
    }
    return all;
}

/* `folder`: where the file lies, with a slash behind it, or "". */
static void
read_room(struct file_users *users, const char *folder, const json_t *room, bool direct)
{
    const char *id = text_of(room, "id"), *name = text_of(room, "name");
    if (id == NULL)
        return;
    users->rooms =
        memory_grow(users->rooms, &users->room_size, users->room_count + 1, sizeof(*users->rooms));
    users->rooms[users->room_count++] = (struct room){
        .folder = memory_format("%s%s", folder, name == NULL ? id : name),
        .id = memory_copy(id),
        .name = memory_copy(name == NULL ? id : name),
        .members = direct ? members_of(room) : NULL,
    };
}

bool
file_users_read(struct file_users *users, const char *name, struct sv text)
{
    struct arena arena;
    enum tree_problem problem;
    const char *slash = strrchr(name, '/'), *base = slash == NULL ? name : slash + 1;
    bool people = strcmp(base, "users.json") == 0 || strcmp(base, "org_users.json") == 0;
    arena_init(&arena, 0);
    json_t *root = tree_parse(&arena, text, &problem);
    arena_release(&arena);
    if (!json_is_array(root) && !(json_is_null(root) && !people)) {
        json_decref(root);
        return false;
    }
    char *folder = memory_copy(name);
    folder[base - name] = '\0';
    for (size_t i = 0; i < json_array_size(root); i++) {
        if (people)
            read_person(users, json_array_get(root, i),
                        strcmp(base, "users.json") == 0 ? OF_TEAM : OF_ORGANISATION);
        else
            read_room(users, folder, json_array_get(root, i), strcmp(base, "dms.json") == 0);
    }
    free(folder);
    json_decref(root);
    return true;
}

void
file_users_end(struct file_users *users)
{
    size_t kept = 0;
    if (users->count > 0)
        qsort(users->people, users->count, sizeof(*users->people), by_id);
    for (size_t i = 0; i < users->count; i++) {
        struct known *one = &users->people[i];
        if (kept > 0 && strcmp(users->people[kept - 1].id, one->id) == 0) {
            free(one->id);
            free(one->name);
            free(one->names);
        } else {
            users->people[kept++] = *one;
        }
    }
    users->count = kept;
}

static const struct known *
find_known(const struct file_users *users, struct sv id)
{
    for (; users != NULL; users = users->around) {
        size_t low = 0, high = users->count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            int order = sv_cmp(sv_from(users->people[middle].id), id);
            if (order == 0)
                return &users->people[middle];
            if (order < 0)
                low = middle + 1;
            else
                high = middle;
        }
    }
    return NULL;
}

struct sv
file_users_find(const struct file_users *users, struct sv id)
{
    const struct known *known = find_known(users, id);
    return known == NULL ? SV_NONE : sv_from(known->name);
}

struct sv
file_users_names(const struct file_users *users, struct sv id)
{
    const struct known *known = sv_empty(id) ? NULL : find_known(users, id);
    return known == NULL || known->names == NULL ? SV_NONE : sv_from(known->names);
}

/* True if the path ends so, behind a '/' or '!'. */
static bool
ends_with(struct sv path, struct sv folder)
{
    if (!sv_ends(path, folder))
        return false;
    size_t before = path.len - folder.len;
    return before == 0 || path.ptr[before - 1] == '/' || path.ptr[before - 1] == '!';
}

static const struct room *
room_by(const struct file_users *users, struct sv path, struct sv id)
{
    for (; users != NULL; users = users->around) {
        const struct room *best = NULL;
        for (size_t i = 0; i < users->room_count; i++) {
            const struct room *room = &users->rooms[i];
            bool fits = sv_empty(id) ? ends_with(path, sv_from(room->folder))
                                     : sv_eq(sv_from(room->id), id);
            if (fits && (best == NULL || strlen(room->folder) > strlen(best->folder)))
                best = room;
        }
        if (best != NULL)
            return best;
    }
    return NULL;
}

/* A direct message is called by who takes part in it. */
static struct sv
name_of_room(const struct file_users *users, const struct room *room, struct arena *arena)
{
    struct sv rest = sv_from(room->members), id, name = SV_NONE;
    if (room->members == NULL || room->members[0] == '\0')
        return sv_from(room->name);
    while (sv_split(&rest, ' ', &id)) {
        struct sv member = file_users_find(users, id);
        if (sv_empty(member))
            member = id;
        name = name.ptr == NULL
                   ? member
                   : arena_printf(arena, SV_FMT ", " SV_FMT, SV_ARG(name), SV_ARG(member));
    }
    return name;
}

bool
file_users_room(const struct file_users *users, struct sv path, struct sv id, struct arena *arena,
                struct slack_room *ret_room)
{
    const struct room *room = room_by(users, path, id);
    if (room == NULL)
        return false;
    *ret_room =
        (struct slack_room){.id = sv_from(room->id), .name = name_of_room(users, room, arena)};
    return true;
}
