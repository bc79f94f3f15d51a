/*
 * Revisions and their differences as JSON Lines: see revision.h. Called by `hindcast revisions` and
 * `hindcast diff` on the main thread.
 */
#include "base/text/json_writer.h"
#include "hindcast/entry_json.h"
#include "report/revision/revision.h"

void
revisions_json(const struct stored_incident *head, const struct revision_list *list,
               struct strbuf *out)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct revision *revision = &list->at[i];
        strbuf_add_char(out, '{');
        json_put(out, "incident", stored_incident_name(head));
        json_put_int(out, "revision", revision->number);
        json_put_time(out, "published_at", revision->published_ns);
        json_put_list(out, "causes", revision->causes, revision->cause_count);
        json_put_int(out, "entries", revision->entries);
        json_put_int(out, "added", revision->added);
        json_put_int(out, "removed", revision->removed);
        json_put_int(out, "changed", revision->changed);
        json_put(out, "title", revision->title);
        json_put_bool(out, "provisional", list->provisional && i + 1 == list->count);
        strbuf_add_text(out, "}\n");
    }
}

static void
put_head(struct strbuf *out, const char *name, const struct stored_incident *stored)
{
    const struct incident *incident = &stored->incident;
    json_put_name(out, name);
    strbuf_add_char(out, '{');
    json_put(out, "title", incident->title);
    json_put_time(out, "first_time", incident->first_ns);
    json_put_time(out, "last_time", incident->last_ns);
    json_put_time(out, "started", incident_start(incident));
    json_put_time(out, "ended", incident_end(incident));
    json_put(out, "state", sv_from(outcome_word(incident->span.outcome)));
    json_put_int(out, "severity", incident->severity);
    json_put_list(out, "services", incident->services, incident->service_count);
    json_put_bool(out, "declared", incident->declared);
    json_put_bool(out, "raised", incident->raised);
    json_put_int(out, "records", incident->record_count);
    json_put_name(out, "milestones");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *row = &incident->milestones[i];
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put(out, "milestone", sv_from(milestone_word(row->milestone)));
        json_put_time(out, "time", row->time_ns);
        json_put(out, "entry_id", row->entry_id);
        json_put_int(out, "confidence", row->confidence);
        strbuf_add_char(out, '}');
    }
    strbuf_add_text(out, "]}");
}

static void
put_entry(struct strbuf *out, const char *name, const struct stored_incident *stored,
          const struct entry *entry)
{
    if (entry == NULL)
        return;
    const struct entry_around around = {.scope = stored->scope,
                                        .incident_key = stored_incident_name(stored),
                                        .position = entry - stored->incident.entries};
    json_put_name(out, name);
    strbuf_add_char(out, '{');
    entry_json_line(out, &around, entry);
    strbuf_add_char(out, '}');
}

void
revision_diff_json(const struct revision_diff *diff, struct strbuf *out)
{
    strbuf_add_char(out, '{');
    json_put(out, "incident", stored_incident_name(diff->to));
    put_head(out, "from", diff->from);
    put_head(out, "to", diff->to);
    json_put_int(out, "added", (int64_t)diff->added);
    json_put_int(out, "removed", (int64_t)diff->removed);
    json_put_int(out, "changed", (int64_t)diff->changed);
    strbuf_add_text(out, "}\n");
    for (size_t i = 0; i < diff->count; i++) {
        const struct entry_change *change = &diff->changes[i];
        struct sv fields = sv_from(change->fields), field;
        strbuf_add_char(out, '{');
        json_put(out, "entry_id", (change->to != NULL ? change->to : change->from)->entry_id);
        put_entry(out, "was", diff->from, change->from);
        put_entry(out, "is", diff->to, change->to);
        json_put_name(out, "differs");
        strbuf_add_char(out, '[');
        while (sv_split(&fields, ' ', &field))
            if (field.len > 0) {
                json_put_comma(out);
                json_put_string(out, field);
            }
        strbuf_add_text(out, "]}\n");
    }
}
