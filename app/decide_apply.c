/*
 * An incident with other decisions than those that it has: see decide.h. What the records alone
 * would give is not kept: which rows are key and which prove milestones stays as it was decided.
 */
#include <string.h>

#include "app/decide.h"
#include "correlate/decide/decide.h"

/* What is read of a change has the same words of people behind it as its text. */
static void
take_words_back(struct entry *entry, struct sv text)
{
    if (sv_starts(entry->text, text)) {
        struct sv marks = sv_slice(entry->text, text.len, entry->text.len);
        size_t kept = entry->told.len < marks.len ? 0 : entry->told.len - marks.len;
        if (sv_eq(sv_slice(entry->told, kept, entry->told.len), marks))
            entry->told = sv_slice(entry->told, 0, kept);
    }
    entry->text = text;
}

/* As the records tell it, as far as what was decided of it keeps that. */
static void
take_row_back(const struct incident *before, struct entry *entry)
{
    for (size_t k = 0; k < before->decision_count; k++) {
        const struct decided *decided = &before->decisions[k];
        if (decided->state == DECIDED_UNMATCHED || decided->row_count == 0 ||
            !sv_eq(decided->rows[0].entry_id, entry->entry_id))
            continue;
        take_words_back(entry, decided->rows[0].text);
        entry->time_ns = decided->rows[0].time_ns;
    }
}

static bool
has_entry(const struct entry *entries, size_t count, struct sv entry_id)
{
    for (size_t i = 0; i < count; i++)
        if (sv_eq(entries[i].entry_id, entry_id))
            return true;
    return false;
}

/* A row that people hid is in the list alone, which knows what it said and when. */
static struct entry
hidden_row(const struct decided *decided)
{
    const struct decided_row *row = &decided->rows[0];
    return (struct entry){.entry_id = row->entry_id,
                          .node_key = row->entry_id,
                          .time_ns = row->time_ns,
                          .text = row->text,
                          .source = decided->decision.rows[0].source,
                          .order_established = true};
}

static void
set_head_back(const struct incident *before, struct incident *incident)
{
    const struct decided *title = incident_said(before, DECISION_TITLE);
    const struct decided *severity = incident_said(before, DECISION_SEVERITY);
    if (title != NULL && !sv_empty(title->was))
        incident->title = title->was;
    if (severity != NULL && !sv_empty(severity->was))
        incident->severity = decision_severity(severity->was);
}

/* Rows as the records tell them, the hidden ones, too: all of it is decided again. */
static void
take_back(struct arena *arena, const struct stored_incident *stored, struct incident *incident)
{
    const struct incident *before = &stored->incident;
    struct entry *entries =
        ARENA_ARRAY(arena, struct entry, before->entry_count + before->decision_count + 1);
    size_t count = 0;
    *incident = *before;
    set_head_back(before, incident);
    for (size_t i = 0; i < before->entry_count; i++) {
        if (incident_note(before, &before->entries[i]) != NULL)
            continue;
        entries[count] = before->entries[i];
        take_row_back(before, &entries[count++]);
    }
    for (size_t i = 0; i < before->decision_count; i++) {
        const struct decided *decided = &before->decisions[i];
        if (decided->decision.verb == DECISION_HIDE && decided->state != DECIDED_UNMATCHED &&
            decided->row_count > 0 && !has_entry(entries, count, decided->rows[0].entry_id))
            entries[count++] = hidden_row(decided);
    }
    incident->entries = entries;
    incident->entry_count = count;
    incident->decisions = NULL;
    incident->decision_count = 0;
}

/* A row that was found once is found again, by whichever of its lines it was named. */
static void
find_again(struct arena *arena, const struct incident *before, const struct incident *now,
           struct deciding_one *one)
{
    for (size_t i = 0; i < before->decision_count; i++) {
        const struct decided *decided = &before->decisions[i];
        if (decided->state == DECIDED_UNMATCHED || decided->row_count == 0 ||
            one->decision.row_count != 1 || !sv_eq(decided->decision.id, one->decision.id))
            continue;
        for (size_t k = 0; k < now->entry_count; k++)
            if (sv_eq(now->entries[k].entry_id, decided->rows[0].entry_id)) {
                one->row_node = now->entries[k].node_key;
                one->found = ARENA_NEW(arena, struct deciding_row);
                *one->found = (struct deciding_row){NO_NODE, decided->rows[0].time_ns};
            }
    }
}

void
decide_apply(struct arena *arena, const struct stored_incident *stored,
             const struct decision_list *list, struct incident *ret_incident)
{
    const struct incident *before = &stored->incident;
    struct incident now, *incident = &now;
    size_t count = before->decision_count + list->count;
    struct decision *all = ARENA_ARRAY(arena, struct decision, count + 1);
    struct deciding deciding;
    for (size_t i = 0; i < before->decision_count; i++)
        all[i] = before->decisions[i].decision;
    if (list->count > 0)
        memcpy(all + before->decision_count, list->all, list->count * sizeof(*all));
    deciding_init(arena, all, count, &deciding);
    take_back(arena, stored, incident);
    for (size_t i = 0; i < deciding.count; i++) {
        deciding.all[i].incident_key = before->incident_key;
        find_again(arena, before, incident, &deciding.all[i]);
    }
    decide_incident(&deciding, incident);
    *ret_incident = now;
}
