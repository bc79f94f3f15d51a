/*
 * Open ends: see open_end.h.
 */
#include "report/section/open_end.h"

#include "report/facts.h"

/* The last record that reads like the end and may as well be none; NULL: there is none. */
static const struct entry *
unclear_end(const struct draft *draft, int *ret_confidence)
{
    const struct entry *found = NULL;
    for (size_t i = 0; i < draft->incident->milestone_count; i++) {
        const struct milestone_row *row = &draft->incident->milestones[i];
        if ((row->milestone != MILESTONE_RECOVERED && row->milestone != MILESTONE_RESOLVED) ||
            is_told(row) || milestone_entry(draft, row) == NULL ||
            (draft->last_state_ns != TIME_NONE && row->time_ns < draft->last_state_ns))
            continue;
        found = milestone_entry(draft, row);
        *ret_confidence = row->confidence;
    }
    return found;
}

void
say_open_end(struct draft *draft)
{
    int confidence;
    const struct entry *unclear = unclear_end(draft, &confidence);
    if (unclear != NULL) {
        document_words(draft->document, "unclear, perhaps ");
        document_time(draft->document, unclear->time_ns);
        document_wordsf(draft->document, " (%d of 100 such moments were right)", confidence);
        return;
    }
    if (draft->last_state == OUTCOME_SEEN) {
        document_words(draft->document, INCIDENT_OPEN_WORDS);
        return;
    }
    document_words(draft->document, INCIDENT_OPEN_WORDS "; last state: ");
    document_words(draft->document, outcome_words(draft->last_state));
    if (draft->last_state_ns == TIME_NONE)
        return;
    document_words(draft->document, " at ");
    document_time(draft->document, draft->last_state_ns);
}

void
state_open_end(struct draft *draft)
{
    if (!draft->open || draft->told_last == NULL)
        return;
    int confidence;
    const struct entry *unclear = unclear_end(draft, &confidence);
    document_begin(draft->document, BLOCK_STATEMENT);
    if (unclear != NULL) {
        document_words(draft->document, "Whether it is over is unclear: a record of ");
        document_time(draft->document, unclear->time_ns);
        document_words(draft->document, " reads like its end, ");
        entry_words(draft->document, unclear);
    } else {
        document_words(draft->document, "It is ");
        say_open_end(draft);
    }
    document_words(draft->document, ".");
    document_prove(draft->document, unclear != NULL ? &unclear : &draft->told_last, 1);
}
