/*
 * The incident of a draft's folder, as far as decisions need it: see decide_folder.h.
 */
#include <jansson.h>
#include <limits.h>

#include "app/decide_folder.h"
#include "app/draft_files.h"
#include "app/infile.h"
#include "correlate/decide/decide.h"

#define TIMELINE_BYTES_MAX ((size_t)1 << 30)

static int
read_text(const char *folder, const char *name, struct strbuf *text, struct err *err)
{
    char path[PATH_MAX];
    bool there = true;
    if (draft_files_path(folder, name, path, err) != 0 || infile_read(path, text, &there, err) != 0)
        return -1;
    return there ? 0 : err_set(err, ERR_NOT_FOUND, "there is no file %s", path);
}

static struct sv
member(struct arena *arena, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value))
        return SV_NONE;
    return arena_copy(arena, sv_of(json_string_value(value), json_string_length(value)));
}

/* 32 hex digits: the bytes; else absent. */
static struct sv
uid_bytes(struct arena *arena, struct sv hex)
{
    if (hex.ptr == NULL || !decide_is_uid(hex))
        return SV_NONE;
    char *bytes = arena_alloc(arena, UID_BYTES);
    for (size_t i = 0; i < UID_BYTES; i++) {
        unsigned value = 0;
        for (size_t k = 2 * i; k < 2 * i + 2; k++) {
            char c = hex.ptr[k];
            value = value << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        bytes[i] = (char)value;
    }
    return sv_of(bytes, UID_BYTES);
}

static void
read_milestones(struct arena *arena, const json_t *array, struct entry *entry)
{
    size_t count = json_array_size(array);
    enum milestone *list = ARENA_ARRAY(arena, enum milestone, count + 1);
    for (size_t i = 0; i < count; i++)
        list[i] = milestone_read(sv_from(json_string_value(json_array_get(array, i))));
    entry->milestones = list;
    entry->milestone_count = count;
}

static void
read_place(struct arena *arena, const json_t *array, struct entry *entry)
{
    const json_t *first = json_array_get(array, 0);
    struct evidence *evidence = ARENA_NEW(arena, struct evidence);
    if (first == NULL)
        return;
    evidence->topic = member(arena, first, "topic");
    evidence->file = member(arena, first, "file");
    evidence->line = json_integer_value(json_object_get(first, "line"));
    evidence->partition = (int32_t)json_integer_value(json_object_get(first, "partition"));
    evidence->at.offset = json_integer_value(json_object_get(first, "offset"));
    entry->evidence = evidence;
    entry->evidence_count = 1;
}

static bool
read_entry(struct arena *arena, const json_t *object, struct entry *entry)
{
    struct err wrong;
    const char *time = json_string_value(json_object_get(object, "time"));
    if (time == NULL || time_parse_arg("time", time, &entry->time_ns, &wrong) != 0)
        return false;
    entry->entry_id = member(arena, object, "entry_id");
    entry->text = member(arena, object, "text");
    entry->told = member(arena, object, "told");
    entry->occurrences = json_integer_value(json_object_get(object, "occurrences"));
    entry->actor = member(arena, object, "actor");
    entry->service = member(arena, object, "service");
    entry->host = member(arena, object, "host");
    entry->source = member(arena, object, "source");
    entry->node_key = member(arena, object, "node");
    entry->kind = entry_kind_read(member(arena, object, "kind"));
    entry->record_kind = record_kind_read(member(arena, object, "record_kind"));
    entry->significance = significance_read(member(arena, object, "significance"));
    entry->uid = uid_bytes(arena, member(arena, object, "event"));
    entry->order_established = true;
    read_milestones(arena, json_object_get(object, "milestones"), entry);
    read_place(arena, json_object_get(object, "evidence"), entry);
    return !sv_empty(entry->entry_id);
}

/* As the rows say; how sure they are of it no file of the folder tells. */
static void
list_milestones(struct arena *arena, struct incident *incident)
{
    size_t count = 0;
    for (size_t i = 0; i < incident->entry_count; i++)
        count += incident->entries[i].milestone_count;
    struct milestone_row *list = ARENA_ARRAY(arena, struct milestone_row, count + 1);
    count = 0;
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        for (size_t k = 0; k < entry->milestone_count; k++)
            list[count++] = (struct milestone_row){.milestone = entry->milestones[k],
                                                   .time_ns = entry->time_ns,
                                                   .entry_id = entry->entry_id};
    }
    incident->milestones = list;
    incident->milestone_count = count;
}

static int
read_entries(const char *folder, struct arena *arena, struct incident *incident, struct err *err)
{
    struct strbuf text;
    size_t lines = 0, count = 0;
    strbuf_init(&text, TIMELINE_BYTES_MAX);
    int status = read_text(folder, DRAFT_TIMELINE, &text, err);
    for (struct sv rest = strbuf_view(&text), line; sv_split(&rest, '\n', &line);)
        lines++;
    struct entry *entries = ARENA_ARRAY(arena, struct entry, lines + 1);
    for (struct sv rest = strbuf_view(&text), line; status == 0 && sv_split(&rest, '\n', &line);) {
        if (sv_empty(sv_trim(line)))
            continue;
        json_t *object = json_loadb(line.ptr, line.len, 0, NULL);
        if (!read_entry(arena, object, &entries[count++]))
            status =
                err_set(err, ERR_IO, "%s/" DRAFT_TIMELINE ": line %zu is damaged", folder, count);
        json_decref(object);
    }
    strbuf_release(&text);
    incident->entries = entries;
    incident->entry_count = count;
    list_milestones(arena, incident);
    if (count > 0) {
        incident->first_ns = entries[0].time_ns;
        incident->last_ns = entries[count - 1].time_ns;
    }
    return status;
}

static bool
is_shown(const struct incident *incident, struct sv event, struct arena *arena)
{
    for (size_t i = 0; i < incident->entry_count; i++) {
        struct sv uid = incident->entries[i].uid;
        if (sv_eq(arena_hex(arena, uid.ptr, uid.len), event))
            return true;
    }
    return false;
}

/* A draft leaves out what people hid: what the decision knows of it is shown again by an undo. */
static void
add_hidden(struct arena *arena, const struct decision_list *list, struct incident *incident)
{
    size_t count = incident->entry_count;
    struct entry *entries = ARENA_ARRAY(arena, struct entry, count + list->count + 1);
    for (size_t i = 0; i < count; i++)
        entries[i] = incident->entries[i];
    incident->entries = entries;
    for (size_t i = 0; i < list->count; i++) {
        const struct decision *decision = &list->all[i];
        if (decision->verb != DECISION_HIDE || is_shown(incident, decision->rows[0].event, arena))
            continue;
        entries[incident->entry_count++] =
            (struct entry){.entry_id = decision->rows[0].event,
                           .time_ns = decision->rows[0].time_ns,
                           .text = decision->rows[0].text,
                           .source = decision->rows[0].source,
                           .uid = uid_bytes(arena, decision->rows[0].event)};
    }
}

/* As if applied: which row each is of, and what that was by its record. */
static void
list_decisions(struct arena *arena, const struct decision_list *list, struct incident *incident)
{
    struct decided *decided = ARENA_ARRAY(arena, struct decided, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        const struct decision *decision = &list->all[i];
        struct decided_row *row = ARENA_NEW(arena, struct decided_row);
        decided[i].decision = *decision;
        for (size_t k = 0; k < incident->entry_count; k++) {
            const struct entry *entry = &incident->entries[k];
            bool note = decision->verb == DECISION_NOTE &&
                        sv_eq(entry->entry_id, sv_slice(decision->digest, 0, 16));
            struct sv uid = arena_hex(arena, entry->uid.ptr, entry->uid.len);
            if (!note && (decision->row_count != 1 || !sv_eq(uid, decision->rows[0].event)))
                continue;
            *row =
                (struct decided_row){entry->entry_id, note ? entry->text : decision->rows[0].text,
                                     note ? entry->time_ns : decision->rows[0].time_ns};
            decided[i].rows = row;
            decided[i].row_count = 1;
            break;
        }
    }
    struct deciding deciding;
    deciding_init(arena, list->all, list->count, &deciding);
    for (size_t i = 0; i < list->count; i++) {
        const struct deciding_one *one = deciding_with(&deciding, decided[i].decision.id);
        if (sv_empty(one->undone_by))
            continue;
        decided[i].state = DECIDED_UNDONE;
        decided[i].by = one->undone_by;
    }
    incident->decisions = decided;
    incident->decision_count = list->count;
}

int
decide_folder_read(const char *folder, struct arena *arena, struct stored_incident *ret_stored,
                   struct err *err)
{
    struct stored_incident stored = {0};
    struct incident_file file;
    struct decision_list list = {0};
    struct strbuf text;
    strbuf_init(&text, INCIDENT_FILE_BYTES_MAX);
    int status = read_text(folder, INCIDENT_FILE, &text, err);
    if (status == 0 && !incident_file_read(strbuf_view(&text), arena, &file))
        status = err_set(err, ERR_IO, "%s/" INCIDENT_FILE " is damaged", folder);
    strbuf_release(&text);
    if (status != 0 || read_entries(folder, arena, &stored.incident, err) != 0 ||
        decide_folder_decisions(folder, arena, &list, err) != 0)
        return -1;
    stored.scope = file.scope;
    stored.number = file.number;
    stored.digest_hex = file.incident_digest;
    stored.incident.incident_key = file.key;
    add_hidden(arena, &list, &stored.incident);
    list_decisions(arena, &list, &stored.incident);
    *ret_stored = stored;
    return 0;
}
