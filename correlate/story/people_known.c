/*
 * What a record tells of its speaker: see people_known.h. Called by identify_people() for rows with
 * a speaker.
 */
#include "correlate/story/people_known.h"

#include <jansson.h>

static struct sv
text_at(struct arena *arena, const json_t *object, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, keys[i]);
        if (json_is_string(value) && json_string_length(value) > 0)
            return arena_copy(arena, sv_of(json_string_value(value), json_string_length(value)));
    }
    return SV_NONE;
}

#define TEXT_AT(arena, object, ...)                                                                \
    text_at((arena), (object), (const char *const[]){__VA_ARGS__},                                 \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static bool
may_tell(struct sv attributes)
{
    return sv_contains(attributes, SV("\"user")) || sv_contains(attributes, SV("email\"")) ||
           sv_contains(attributes, SV("\"account"));
}

static void
add_name(struct known_speaker *known, struct sv name)
{
    for (size_t i = 0; i < known->name_count; i++)
        if (sv_eq(known->names[i], name))
            return;
    if (known->name_count < KNOWN_NAMES_MAX)
        known->names[known->name_count++] = name;
}

/* What the table of users has for the account, or for the name where a tool writes accounts. */
static void
look_up(const struct directory *directory, const struct event *event, struct known_speaker *known)
{
    const struct directory_entry *found = directory_find(directory, known->system, known->account);
    if (found == NULL)
        found = directory_find(directory, known->system, event->actor);
    if (found == NULL)
        return;
    known->account = found->account;
    known->tool = found->tool;
    for (size_t i = 0; i < found->name_count; i++)
        add_name(known, found->names[i]);
}

static void
read_attributes(struct arena *arena, const struct event *event, struct known_speaker *ret_known)
{
    if (!may_tell(event->attributes))
        return;
    json_t *root = json_loadb(event->attributes.ptr, event->attributes.len, 0, NULL);
    ret_known->account = TEXT_AT(arena, root, "account", "account_id", "user_id", "user");
    ret_known->address = TEXT_AT(arena, root, "email", "user_email", "author_email");
    const json_t *names = json_object_get(root, "user_names");
    for (size_t i = 0; i < json_array_size(names); i++) {
        const json_t *name = json_array_get(names, i);
        if (json_is_string(name) && json_string_length(name) > 0)
            add_name(ret_known,
                     arena_copy(arena, sv_of(json_string_value(name), json_string_length(name))));
    }
    json_decref(root);
}

void
known_speaker_read(struct arena *arena, const struct directory *directory,
                   const struct event *event, struct known_speaker *ret_known)
{
    *ret_known = (struct known_speaker){.system = directory_system(event)};
    read_attributes(arena, event, ret_known);
    look_up(directory, event, ret_known);
}
