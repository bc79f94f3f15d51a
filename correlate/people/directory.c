/*
 * Tables of users: see directory.h. Called by correlate_run() once, before records become nodes.
 */
#include "correlate/people/directory.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/strbuf.h"

#define ACCOUNT_BYTES_MAX 200
#define TEXT_BYTES_MAX ((size_t)8 * 1024 * 1024) /* of a longer one nothing is replaced */

struct sv
directory_system(const struct event *event)
{
    struct sv text = event->source;
    size_t colon = sv_find_char(text, ':');
    if (colon == SIZE_MAX || sv_starts(text, SV("file:")))
        text = event->format;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == ':' || text.ptr[i] == '-' || text.ptr[i] == '_')
            return sv_slice(text, 0, i);
    return text;
}

/* ------------------------------------------------------------------- reading */

static void
add_names(struct sv text, struct directory_entry *entry)
{
    struct sv name;
    while (entry->name_count < DIRECTORY_NAMES_MAX && sv_split(&text, '|', &name)) {
        name = sv_trim(name);
        bool again = name.len == 0;
        for (size_t i = 0; i < entry->name_count && !again; i++)
            again = sv_eq(entry->names[i], name);
        if (!again)
            entry->names[entry->name_count++] = name;
    }
}

static void
add_members(struct arena *arena, struct sv attributes, struct directory_entry *entry)
{
    if (!sv_contains(attributes, SV("\"users\"")))
        return;
    json_t *root = json_loadb(attributes.ptr, attributes.len, 0, NULL);
    const json_t *users = json_object_get(root, "users");
    entry->group = json_is_array(users);
    for (size_t i = 0; i < json_array_size(users) && entry->member_count < DIRECTORY_MEMBERS_MAX;
         i++) {
        const json_t *user = json_array_get(users, i);
        if (json_is_string(user) && json_string_length(user) > 0)
            entry->members[entry->member_count++] =
                arena_copy(arena, sv_of(json_string_value(user), json_string_length(user)));
    }
    json_decref(root);
}

static bool
read_entry(struct arena *arena, const struct event *event, struct directory_entry *ret_entry)
{
    if (event->record_kind != RECORD_PERSON || sv_empty(event->fingerprint) ||
        event->fingerprint.len > ACCOUNT_BYTES_MAX)
        return false;
    *ret_entry = (struct directory_entry){.system = directory_system(event),
                                          .account = event->fingerprint,
                                          .shown = event->actor,
                                          .tool = event->actor_type == ACTOR_BOT ||
                                                  event->actor_type == ACTOR_SYSTEM};
    add_names(event->actor, ret_entry);
    add_names(event->body, ret_entry);
    add_members(arena, event->attributes, ret_entry);
    if (sv_empty(ret_entry->shown) && ret_entry->name_count > 0)
        ret_entry->shown = ret_entry->names[0];
    return ret_entry->shown.len > 0;
}

static int
entry_order(const void *left, const void *right)
{
    const struct directory_entry *a = left, *b = right;
    int order = sv_cmp(a->system, b->system);
    return order != 0 ? order : sv_cmp(a->account, b->account);
}

/* Two records of one account: those of kept observations are in order of their uids, the first one
 * counts. */
static size_t
keep_first(struct directory_entry *all, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || entry_order(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    return kept;
}

struct placed {
    struct directory_entry entry;
    size_t place;
};

static int
placed_order(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    int order = entry_order(&a->entry, &b->entry);
    return order != 0 ? order : a->place < b->place ? -1 : 1;
}

void
directory_read(struct arena *arena, const struct observation *const *kept, size_t count,
               struct directory *ret_directory)
{
    size_t most = 0, used = 0;
    for (size_t i = 0; i < count; i++)
        most += kept[i]->event.record_kind == RECORD_PERSON;
    struct placed *placed = ARENA_ARRAY(arena, struct placed, most + 1);
    struct directory_entry *all = ARENA_ARRAY(arena, struct directory_entry, most + 1);
    for (size_t i = 0; i < count; i++) {
        placed[used].place = used;
        used += read_entry(arena, &kept[i]->event, &placed[used].entry);
    }
    if (used > 1)
        qsort(placed, used, sizeof(*placed), placed_order);
    for (size_t i = 0; i < used; i++)
        all[i] = placed[i].entry;
    *ret_directory = (struct directory){all, keep_first(all, used)};
}

const struct directory_entry *
directory_find(const struct directory *directory, struct sv system, struct sv account)
{
    const struct directory_entry asked = {.system = system, .account = account};
    if (directory->count == 0 || sv_empty(account))
        return NULL;
    return bsearch(&asked, directory->at, directory->count, sizeof(asked), entry_order);
}

/* ------------------------------------------------------------------ mentions */

static bool
in_account(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("_.:-", c) != NULL);
}

/* Whom the text at an "@" names, and how far that goes; accounts of Matrix begin with "@". */
static const struct directory_entry *
named_at(const struct directory *directory, struct sv system, struct sv text, size_t at,
         size_t *ret_end)
{
    size_t from = at + 1, end;
    while (from < text.len && (text.ptr[from] == '!' || text.ptr[from] == '&'))
        from++;
    for (end = from; end < text.len && in_account(text.ptr[end]); end++)
        ;
    while (end > from && strchr(".:-", text.ptr[end - 1]) != NULL)
        end--; /* of the sentence */
    const struct directory_entry *found =
        directory_find(directory, system, sv_slice(text, from, end));
    if (found == NULL)
        found = directory_find(directory, system, sv_slice(text, at, end));
    *ret_end = end;
    return found;
}

/* One word, so that nobody takes the rest of a name for another one, and masks take it whole. */
static void
add_mention(struct strbuf *out, struct sv name)
{
    strbuf_add_char(out, '@');
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] == ' ')
            strbuf_add_text(out, "\xC2\xA0");
        else
            strbuf_add_char(out, name.ptr[i]);
}

struct sv
directory_text(struct arena *arena, const struct directory *directory, struct sv system,
               struct sv text)
{
    struct strbuf out;
    size_t done = 0, end;
    if (directory->count == 0 || sv_find_char(text, '@') == SIZE_MAX)
        return text;
    strbuf_init(&out, TEXT_BYTES_MAX);
    for (size_t i = 0; i < text.len; i++) {
        const struct directory_entry *found =
            text.ptr[i] == '@' ? named_at(directory, system, text, i, &end) : NULL;
        if (found == NULL)
            continue;
        bool framed = i > done && text.ptr[i - 1] == '<' && end < text.len && text.ptr[end] == '>';
        strbuf_add_sv(&out, sv_slice(text, done, framed ? i - 1 : i));
        add_mention(&out, found->shown);
        done = framed ? end + 1 : end;
        i = done - 1;
    }
    strbuf_add_sv(&out, sv_slice(text, done, text.len));
    struct sv named = done == 0 || out.overflow ? text : arena_copy(arena, strbuf_view(&out));
    strbuf_release(&out);
    return named;
}

void
directory_apply(struct arena *arena, const struct directory *directory,
                const struct observation **kept, size_t count)
{
    for (size_t i = 0; directory->count > 0 && i < count; i++) {
        const struct event *event = &kept[i]->event;
        if (event->kind != EVENT_CHAT && event->kind != EVENT_NOTE)
            continue;
        struct sv system = directory_system(event);
        struct sv title = directory_text(arena, directory, system, event->title);
        struct sv body = directory_text(arena, directory, system, event->body);
        if (title.ptr == event->title.ptr && body.ptr == event->body.ptr)
            continue;
        struct observation *named = ARENA_ARRAY(arena, struct observation, 1);
        *named = *kept[i];
        named->event.title = title;
        named->event.body = body;
        kept[i] = named;
    }
}
