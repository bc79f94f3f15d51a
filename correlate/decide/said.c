/*
 * What people said of an incident, for those who show it: see hindcast/incident.h. Pure.
 */
#include "hindcast/incident.h"

const struct decided *
incident_said(const struct incident *incident, enum decision_verb verb)
{
    for (size_t i = incident->decision_count; i-- > 0;)
        if (incident->decisions[i].decision.verb == verb &&
            incident->decisions[i].state == DECIDED_APPLIED)
            return &incident->decisions[i];
    return NULL;
}

const struct decided *
incident_note(const struct incident *incident, const struct entry *entry)
{
    for (size_t i = 0; i < incident->decision_count; i++) {
        const struct decided *decided = &incident->decisions[i];
        if (decided->decision.verb == DECISION_NOTE && decided->row_count > 0 &&
            sv_eq(decided->rows[0].entry_id, entry->entry_id))
            return decided;
    }
    return NULL;
}

const struct decided *
incident_said_moment(const struct incident *incident, const struct milestone_row *row)
{
    struct sv word = sv_from(milestone_word(row->milestone));
    for (size_t i = incident->decision_count; i-- > 0;) {
        const struct decided *decided = &incident->decisions[i];
        if (decided->decision.verb == DECISION_MILESTONE && decided->state == DECIDED_APPLIED &&
            decided->row_count > 0 && sv_eq(decided->rows[0].entry_id, row->entry_id) &&
            sv_eq(decided->decision.value, word))
            return decided;
    }
    return NULL;
}

const struct decided *
incident_hides(const struct incident *incident, struct sv row)
{
    for (size_t i = 0; i < incident->decision_count && !sv_empty(row); i++) {
        const struct decided *decided = &incident->decisions[i];
        if (decided->decision.verb == DECISION_HIDE && decided->state == DECIDED_APPLIED &&
            decided->row_count > 0 &&
            (sv_starts(decided->rows[0].entry_id, row) ||
             (decided->decision.row_count > 0 && sv_eq(decided->decision.rows[0].event, row))))
            return decided;
    }
    return NULL;
}

size_t
incident_hidden(const struct incident *incident)
{
    size_t count = 0;
    for (size_t i = 0; i < incident->decision_count; i++)
        count += incident->decisions[i].decision.verb == DECISION_HIDE &&
                 incident->decisions[i].state == DECIDED_APPLIED;
    return count;
}

size_t
incident_unmatched(const struct incident *incident)
{
    size_t count = 0;
    for (size_t i = 0; i < incident->decision_count; i++)
        count += incident->decisions[i].state == DECIDED_UNMATCHED;
    return count;
}
