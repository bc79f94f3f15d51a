/*
 * Facts that several sections need: milestones with their entries, which entry is an alert, a
 * change, a word to users. No judgement, no clock.
 */
#include "report/facts.h"

const struct entry *
entry_named(const struct draft *draft, struct sv entry_id)
{
    size_t count;
    const struct entry *const *found = entry_index_find(&draft->by[BY_ID], entry_id, &count);
    return count == 0 ? NULL : found[0];
}

const struct entry *
milestone_entry(const struct draft *draft, const struct milestone_row *row)
{
    return row == NULL ? NULL : entry_named(draft, row->entry_id);
}

static const struct {
    const char *word;
    int least; /* per cent */
} confidences[] = {
#define CONFIDENCE(name, word, least, meaning) {word, least},
#include "hindcast/confidence.def"
};

enum {
#define CONFIDENCE(name, word, least, meaning) CONFIDENCE_##name,
#include "hindcast/confidence.def"
};

const char *
confidence_word(int confidence)
{
    size_t at = 0;
    while (confidence < confidences[at].least)
        at++;
    return confidences[at].word;
}

bool
is_told(const struct milestone_row *row)
{
    return row->confidence >= confidences[CONFIDENCE_POSSIBLE].least;
}

const char *
doubt_mark(const struct incident *incident, const struct entry *entry, enum milestone milestone)
{
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *row = &incident->milestones[i];
        if (row->milestone == milestone && sv_eq(row->entry_id, entry->entry_id))
            return row->confidence < confidences[CONFIDENCE_LIKELY].least ? "?" : "";
    }
    return "";
}

/* A milestone whose entry is not among the entries proves nothing and does not count. */
const struct milestone_row *
milestone_at(const struct draft *draft, enum milestone milestone)
{
    const struct milestone_row *found = NULL;
    bool last = milestone == MILESTONE_MITIGATED || milestone == MILESTONE_RECOVERED;
    for (size_t i = 0; i < draft->incident->milestone_count; i++) {
        const struct milestone_row *row = &draft->incident->milestones[i];
        if (row->milestone == milestone && (found == NULL || last) && is_told(row) &&
            milestone_entry(draft, row) != NULL)
            found = row;
    }
    return found;
}

const char *
moment_name(enum milestone milestone)
{
    static const char *const names[MILESTONE_COUNT] = {
        [MILESTONE_IMPACT_STARTED] = "Start of impact",
        [MILESTONE_DETECTED] = "Detected",
        [MILESTONE_ACKNOWLEDGED] = "Acknowledged",
        [MILESTONE_DECLARED] = "Declared",
        [MILESTONE_CAUSE_IDENTIFIED] = "Understood",
        [MILESTONE_MITIGATED] = "Mitigated",
        [MILESTONE_RECOVERED] = "Recovered",
        [MILESTONE_REOPENED] = "Trouble returned",
        [MILESTONE_RESOLVED] = "Resolved",
    };
    return names[milestone] != NULL ? names[milestone] : milestone_word(milestone);
}

const char *
start_words(const struct draft *draft)
{
    return draft->start_known  ? "the start"
           : draft->key_window ? "the first row of the timeline"
                               : "the first record";
}

bool
is_alert(const struct entry *entry)
{
    return entry->kind == ENTRY_ALERT_FIRING;
}

bool
is_change(const struct entry *entry)
{
    return entry->record_kind == RECORD_COMMIT || entry->record_kind == RECORD_MERGE ||
           entry->record_kind == RECORD_DEPLOY || entry->kind == ENTRY_CHANGE_STARTED ||
           entry->kind == ENTRY_CHANGE_FINISHED || entry->kind == ENTRY_CHANGE_REVERTED ||
           entry->kind == ENTRY_CHANGE_FAILED;
}

const char *
change_outcome(const struct entry *entry)
{
    return !sv_empty(entry->told)                ? ""
           : entry->kind == ENTRY_CHANGE_STARTED ? " (began)"
           : entry->kind == ENTRY_CHANGE_FAILED  ? " (failed or cancelled)"
                                                 : "";
}

bool
has_reason(const struct entry *entry, struct sv name)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, name))
            return true;
    return false;
}

_Static_assert(ENTRY_CHAIN_MOST < DOCUMENT_PROOFS_MAX, "what a change is told of is cited");

size_t
chain_of(const struct draft *draft, const struct entry *entry,
         const struct entry *ret_proof[ENTRY_CHAIN_MOST])
{
    size_t count = 1, others;
    ret_proof[0] = entry;
    const struct entry *const *found =
        sv_empty(entry->told) ? NULL
                              : entry_index_find(&draft->by[BY_CHAIN], entry->entry_id, &others);
    for (size_t i = 0; found != NULL && i < others && count < ENTRY_CHAIN_MOST; i++)
        ret_proof[count++] = found[i];
    return count;
}

bool
is_of_person(const struct entry *entry)
{
    return !sv_empty(entry->actor) && !sv_eq(entry->actor_type, SV("bot")) &&
           !sv_eq(entry->actor_type, SV("system"));
}

bool
is_update(const struct entry *entry)
{
    if (entry->kind == ENTRY_PAGE_SENT)
        return false; /* it tells those who are to work */
    return entry->record_kind == RECORD_STATUS || entry->kind == ENTRY_STATUS_PAGE_UPDATE ||
           entry->act == ACT_COMMS || has_reason(entry, SV("also_comms"));
}

bool
is_todo(const struct entry *entry)
{
    return entry->act == ACT_TODO || has_reason(entry, SV("also_todo")) ||
           has_reason(entry, SV("tells_action"));
}

bool
is_under_way(const struct entry *entry)
{
    return has_reason(entry, SV("under_way"));
}

bool
is_rollback(const struct entry *entry)
{
    return (entry->act == ACT_ROLLBACK || entry->kind == ENTRY_CHANGE_REVERTED) &&
           sv_empty(entry->chain) && entry->kind != ENTRY_CHANGE_STARTED &&
           entry->kind != ENTRY_CHANGE_FAILED && !has_reason(entry, SV("came_to_nothing"));
}

bool
announces_change(const struct entry *entry)
{
    return entry->kind == ENTRY_ACTION_TAKEN && sv_empty(entry->chain) &&
           has_reason(entry, SV("deployed")) && !has_reason(entry, SV("tool_repeats_record"));
}

const struct entry *
first_entry(const struct draft *draft, bool (*test)(const struct entry *))
{
    for (size_t i = 0; i < draft->incident->entry_count; i++)
        if (test(&draft->incident->entries[i]))
            return &draft->incident->entries[i];
    return NULL;
}

const struct entry *
answered_before(const struct draft *draft, const struct entry *alert)
{
    for (size_t i = 0; alert != NULL && i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (entry->time_ns >= alert->time_ns)
            return NULL;
        if (entry->kind == ENTRY_ALERT_ACKNOWLEDGED && entry->record_kind == RECORD_INCIDENT_EVENT)
            return entry;
    }
    return NULL;
}

bool
is_person_report(const struct entry *entry)
{
    bool noticed = false;
    if (!is_of_person(entry) || has_reason(entry, SV("tool_repeats_record")))
        return false;
    if (entry->record_kind != RECORD_CHAT && entry->record_kind != RECORD_LINKED_MESSAGE)
        return entry->act == ACT_REPORT;
    for (size_t i = 0; i < entry->milestone_count; i++)
        noticed = noticed || entry->milestones[i] == MILESTONE_DETECTED;
    return noticed || entry->act == ACT_REPORT || entry->act == ACT_SYMPTOM;
}

bool
is_word_of_customers(const struct entry *entry)
{
    return has_reason(entry, SV("from_customers")) || has_reason(entry, SV("tells_of_customers"));
}

static bool
is_at_work(const struct entry *entry)
{
    static const enum act acts[] = {ACT_ACK,    ACT_ROLE,       ACT_DECLARATION, ACT_STATUS,
                                    ACT_ACTION, ACT_HYPOTHESIS, ACT_FINDING,     ACT_REFUTED,
                                    ACT_COMMS,  ACT_ROLLBACK,   ACT_DECISION,    ACT_ESCALATION};
    bool works = entry->kind == ENTRY_ALERT_ACKNOWLEDGED;
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]) && entry->record_kind == RECORD_CHAT; i++)
        works = works || entry->act == acts[i];
    return works && is_of_person(entry);
}

/* From the first alert, or from what it was detected by, whichever was before. */
const struct entry *
first_at_work(const struct draft *draft)
{
    const struct entry *alert = first_entry(draft, is_alert);
    const struct entry *found = milestone_entry(draft, milestone_at(draft, MILESTONE_DETECTED));
    const struct entry *first = found == NULL || (alert != NULL && alert < found) ? alert : found;
    const struct entry *end = draft->incident->entries + draft->incident->entry_count;
    for (const struct entry *entry = first; entry != NULL && entry < end; entry++)
        if (is_at_work(entry))
            return entry;
    return NULL;
}

const struct entry *
first_report(const struct draft *draft, bool customers)
{
    const struct entry *work = first_at_work(draft);
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (customers ? is_word_of_customers(entry)
                      : is_person_report(entry) && !is_word_of_customers(entry) &&
                            (work == NULL || entry <= work))
            return entry;
    }
    return NULL;
}

const struct entry *
first_person_report(const struct draft *draft)
{
    const struct entry *own = first_report(draft, false), *customers = first_report(draft, true);
    if (customers != NULL && !is_person_report(customers))
        customers = NULL;
    return own == NULL || (customers != NULL && customers < own) ? customers : own;
}

bool
node_entries(const struct draft *draft, const struct node *node, const struct entry **ret_first,
             const struct entry **ret_last)
{
    size_t count;
    const struct entry *const *found =
        entry_index_find(&draft->by[BY_NODE], node->node_key, &count);
    if (count == 0)
        return false;
    *ret_first = found[0];
    *ret_last = found[count - 1];
    return true;
}

const char *
ended_words(const struct entry *entry)
{
    static const char *const says[] = {"resolved", "recovered", "ended", "closed"};
    for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++)
        for (size_t at = 0; at < entry->text.len; at++)
            if (sv_starts_nocase(sv_slice(entry->text, at, entry->text.len), sv_from(says[i])))
                return ""; /* its own words tell it */
    return "ended: ";
}

const char *
alert_words(const struct draft *draft, const struct entry *entry)
{
    return entry->kind == ENTRY_ALERT_RESOLVED ? ended_words(entry)
           : entry->kind == ENTRY_ALERT_ACKNOWLEDGED && !sv_starts_nocase(entry->text, SV("ack")) &&
                   draft->moments[entry - draft->incident->entries] == 0
               ? "acknowledged: "
               : "";
}

struct sv
told_without_person(const struct entry *entry)
{
    struct sv joint = SV(", by "), told = entry_shown(entry);
    size_t found = SIZE_MAX;
    for (size_t at = 0; !sv_empty(entry->told) && at < told.len; at++)
        if (sv_starts(sv_slice(told, at, told.len), joint))
            found = at;
    return found == SIZE_MAX ? told : sv_slice(told, 0, found);
}

struct sv
told_beside(const struct entry *entry, struct sv who)
{
    struct sv shown = entry_shown(entry), without = told_without_person(entry), joint = SV(", by ");
    return shown.len > without.len &&
                   sv_eq(sv_slice(shown, without.len + joint.len, shown.len), who)
               ? without
               : shown;
}

void
entry_words(struct document *document, const struct entry *entry)
{
    if (sv_empty(entry->told))
        document_quote(document, entry->text);
    else
        document_text(document, told_without_person(entry));
}
