/*
 * incident.json: see incident_file.h. Written and read by draft.
 */
#include "app/incident_file.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/text/json_writer.h"
#include "hindcast/version.h"

#define UID_DIGITS 32
#define PEOPLE_MAX 1000 /* of each list of people; the timeline has all */

static int
compare_uids(const void *a, const void *b)
{
    return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

/* Sorts, and leaves each out but once. */
static struct uid_list
sorted(struct sv *uids, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(uids, count, sizeof(*uids), compare_uids);
    for (size_t i = 0; i < count && kept < INCIDENT_FILE_UIDS_MAX; i++)
        if (kept == 0 || !sv_eq(uids[i], uids[kept - 1]))
            uids[kept++] = uids[i];
    return (struct uid_list){uids, kept};
}

static bool
is_uid(struct sv text)
{
    bool hex = text.len == UID_DIGITS;
    for (size_t i = 0; i < text.len && hex; i++)
        hex = (text.ptr[i] >= '0' && text.ptr[i] <= '9') ||
              (text.ptr[i] >= 'a' && text.ptr[i] <= 'f');
    return hex;
}

/* Of "TIME/SOURCE/UIDHEX". */
static struct sv
uid_of(const struct node *node)
{
    struct sv key = node->node_key;
    return key.len < UID_DIGITS ? SV_NONE : sv_slice(key, key.len - UID_DIGITS, key.len);
}

static struct uid_list
uids_of(const struct incident *incident, bool opening, struct arena *arena)
{
    struct sv *uids = ARENA_ARRAY(arena, struct sv, incident->node_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < incident->node_count; i++) {
        const struct node *node = incident->nodes[i];
        if (node_is_opening(node) == opening && is_uid(uid_of(node)))
            uids[count++] = uid_of(node);
    }
    return sorted(uids, count);
}

void
incident_file_of(const struct stored_incident *stored, struct arena *arena,
                 struct incident_file *ret_file)
{
    *ret_file = (struct incident_file){
        .key = stored->incident.incident_key,
        .number = stored->number,
        .scope = stored->scope,
        .incident_digest = stored->digest_hex,
        .shown = &stored->incident,
        .members = uids_of(&stored->incident, true, arena),
        .attached = uids_of(&stored->incident, false, arena),
    };
}

static void
put_entry(struct strbuf *out, const struct entry *entry, const char *time)
{
    json_put_time(out, time, entry->time_ns);
    json_put(out, "entry", entry->entry_id);
    strbuf_add_char(out, '}');
}

static void
put_pages(struct strbuf *out, const struct incident *incident)
{
    json_put_name(out, "pages");
    strbuf_add_char(out, '[');
    for (size_t i = 0, count = 0; i < incident->entry_count; i++)
        for (size_t p = 0; p < incident->entries[i].page_count && count < PEOPLE_MAX; p++) {
            const struct paged *paged = &incident->entries[i].pages[p];
            struct sv how = sv_from(answered_word(paged->how));
            strbuf_add_text(out, count++ > 0 ? ",{" : "{");
            json_put(out, "person", paged->person);
            json_put(out, "doubt", sv_empty(paged->doubt) ? SV_NONE : paged->doubt);
            json_put_time(out, "answered", paged->answered_ns);
            json_put(out, "how", sv_empty(how) ? SV_NONE : how);
            json_put(out, "answer", sv_empty(paged->answer) ? SV_NONE : paged->answer);
            put_entry(out, &incident->entries[i], "paged");
        }
    strbuf_add_char(out, ']');
}

static void
put_roles(struct strbuf *out, const struct incident *incident)
{
    json_put_name(out, "roles");
    strbuf_add_char(out, '[');
    for (size_t i = 0, count = 0; i < incident->entry_count; i++)
        for (size_t r = 0; r < incident->entries[i].role_count && count < PEOPLE_MAX; r++) {
            const struct given_role *given = &incident->entries[i].roles[r];
            strbuf_add_text(out, count++ > 0 ? ",{" : "{");
            json_put(out, "person", given->person);
            json_put(out, "role", given->role);
            json_put_time(out, "until", given->until_ns);
            json_put(out, "end", sv_empty(given->end) ? SV_NONE : given->end);
            put_entry(out, &incident->entries[i], "from");
        }
    strbuf_add_char(out, ']');
}

/* For programs and people that look into the folder; never read back. */
static void
put_shown(struct strbuf *out, const struct incident *incident)
{
    if (incident == NULL)
        return;
    json_put_time(out, "started", incident_start(incident));
    json_put_time(out, "ended", incident_end(incident));
    json_put(out, "state", sv_from(outcome_word(incident->span.outcome)));
    json_put_int(out, "rank", incident->rank.score);
    json_put_bool(out, "worth", incident->rank.worth);
    json_put_list(out, "rank_reasons", incident->rank.reasons, incident->rank.reason_count);
    put_pages(out, incident);
    put_roles(out, incident);
}

void
incident_file_put(const struct incident_file *file, struct strbuf *out)
{
    strbuf_add_char(out, '{');
    json_put(out, "hindcast", SV(HINDCAST_VERSION));
    json_put(out, "incident", file->key);
    json_put(out, "number", file->number);
    json_put(out, "scope", file->scope);
    json_put(out, "incident_digest", file->incident_digest);
    json_put(out, "document_digest", file->document_digest);
    json_put(out, "configuration_digest", file->configuration);
    json_put(out, "decoding_digest", file->decoding);
    json_put(out, "merged_into", file->merged_into);
    put_shown(out, file->shown);
    json_put_list(out, "members", file->members.uids, file->members.count);
    json_put_list(out, "attached", file->attached.uids, file->attached.count);
    strbuf_add_text(out, "}\n");
}

/* ------------------------------------------------------------------- reading */

static struct sv
text_member(const json_t *object, const char *name, struct arena *arena)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value))
        return SV_NONE;
    return arena_copy(arena, sv_of(json_string_value(value), json_string_length(value)));
}

struct uid_list
incident_file_uids(const json_t *object, const char *name, struct arena *arena)
{
    const json_t *list = json_object_get(object, name);
    size_t total = json_array_size(list), count = 0;
    struct sv *uids = ARENA_ARRAY(arena, struct sv, total + 1);
    for (size_t i = 0; i < total; i++) {
        const json_t *value = json_array_get(list, i);
        struct sv uid = sv_of(json_string_value(value), json_string_length(value));
        if (uid.ptr != NULL && is_uid(uid))
            uids[count++] = arena_copy(arena, uid);
    }
    return sorted(uids, count);
}

bool
incident_file_read(struct sv json, struct arena *arena, struct incident_file *ret_file)
{
    json_t *object = json_loadb(json.ptr, json.len, 0, NULL);
    bool ours = json_is_string(json_object_get(object, "hindcast")) &&
                json_is_array(json_object_get(object, "members"));
    if (ours)
        *ret_file = (struct incident_file){
            .key = text_member(object, "incident", arena),
            .number = text_member(object, "number", arena),
            .scope = text_member(object, "scope", arena),
            .incident_digest = text_member(object, "incident_digest", arena),
            .document_digest = text_member(object, "document_digest", arena),
            .configuration = text_member(object, "configuration_digest", arena),
            .decoding = text_member(object, "decoding_digest", arena),
            .merged_into = text_member(object, "merged_into", arena),
            .members = incident_file_uids(object, "members", arena),
            .attached = incident_file_uids(object, "attached", arena),
        };
    json_decref(object);
    return ours;
}
