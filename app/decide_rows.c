/*
 * Rows and times as people name them in decisions: see decide.h.
 */
#include "app/decide.h"

#include <string.h>
#include <time.h>

#include "app/row_named.h"
#include "base/clock.h"

bool
decide_is_uid(struct sv text)
{
    bool hex = text.len == DECISION_UID;
    for (size_t i = 0; i < text.len && hex; i++)
        hex = (text.ptr[i] >= '0' && text.ptr[i] <= '9') ||
              (text.ptr[i] >= 'a' && text.ptr[i] <= 'f');
    return hex;
}

struct sv
decide_uid(const struct incident *incident)
{
    struct sv key = incident->incident_key;
    return key.len < DECISION_UID ? SV_NONE : sv_slice(key, key.len - DECISION_UID, key.len);
}

/* As the records tell it: without what people said of it so far. */
static void
set_original(const struct incident *incident, const struct entry *entry, struct decision_row *row)
{
    row->text = entry->text;
    row->time_ns = entry->time_ns;
    for (size_t i = 0; i < incident->decision_count; i++) {
        const struct decided *decided = &incident->decisions[i];
        if (decided->row_count == 0 || decided->state == DECIDED_UNMATCHED ||
            !sv_eq(decided->rows[0].entry_id, entry->entry_id))
            continue;
        row->text = decided->rows[0].text;
        row->time_ns = decided->rows[0].time_ns;
    }
}

static void
set_shape(const struct incident *incident, const struct entry *entry, struct decision_row *row)
{
    for (size_t i = 0; i < incident->node_count && entry->record_kind == RECORD_LOG; i++)
        if (sv_eq(incident->nodes[i]->node_key, entry->node_key))
            row->fingerprint = incident->nodes[i]->fingerprint;
    if (row->fingerprint.len > DECISION_NAME_MAX)
        row->fingerprint = SV_NONE;
}

int
decide_row(struct arena *arena, const struct incident *incident, const char *name,
           struct decision_row *ret_row, struct err *err)
{
    size_t place;
    if (row_named(incident, name, &place, err) != 0)
        return -1;
    const struct entry *entry = &incident->entries[place];
    const struct decided *note = incident_note(incident, entry);
    if (note != NULL) {
        err_set(err, ERR_USAGE, "row '%s' is a note, not a record", name);
        return err_hint(err, "'hindcast decide undo " SV_FMT "' takes it back",
                        SV_ARG(note->decision.id));
    }
    if (sv_empty(entry->uid)) {
        err_set(err, ERR_FAILED, "the incident was derived before rows could be named");
        return err_hint(err, "'hindcast correlate --once' derives it again");
    }
    *ret_row = (struct decision_row){
        .event = arena_hex(arena, entry->uid.ptr, entry->uid.len),
        .source = entry->source,
    };
    set_original(incident, entry, ret_row);
    set_shape(incident, entry, ret_row);
    return 0;
}

static bool
is_time_of_day(const char *text)
{
    static const char form[] = "00:00:00";
    size_t length = strlen(text);
    bool is = length == 5 || length == 8;
    for (size_t i = 0; i < length && is; i++)
        is = form[i] == ':' ? text[i] == ':' : text[i] >= '0' && text[i] <= '9';
    return is;
}

/* "14:05" of that day, as a clock on the wall there shows it. */
static int64_t
time_on_day(const char *text, int64_t near_ns)
{
    time_t near = (time_t)(near_ns / NS_PER_S);
    struct tm local;
    localtime_r(&near, &local);
    local.tm_hour = (text[0] - '0') * 10 + text[1] - '0';
    local.tm_min = (text[3] - '0') * 10 + text[4] - '0';
    local.tm_sec = strlen(text) == 5 ? 0 : (text[6] - '0') * 10 + text[7] - '0';
    local.tm_isdst = -1;
    if (local.tm_hour > 23 || local.tm_min > 59 || local.tm_sec > 59)
        return TIME_NONE;
    return (int64_t)mktime(&local) * NS_PER_S;
}

int
decide_time(struct arena *arena, const char *text, int64_t near_ns, int64_t *ret_ns,
            struct err *err)
{
    size_t length = strlen(text);
    bool blank = length > 10 && text[10] == ' ' && (text[4] == '-' || text[4] == '/');
    if (!is_time_of_day(text) && !blank)
        return time_parse_arg("TIME", text, ret_ns, err);
    if (blank) { /* as a timeline prints it */
        char *form = arena_alloc(arena, length + 1);
        memcpy(form, text, length + 1);
        form[10] = 'T';
        return time_parse_arg("TIME", form, ret_ns, err);
    }
    int64_t ns = time_on_day(text, near_ns);
    if (ns == TIME_NONE)
        return err_set(err, ERR_USAGE, "'%s' is not a time of the day", text);
    *ret_ns = ns;
    return 0;
}
