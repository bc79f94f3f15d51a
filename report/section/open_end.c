/*
 * Open ends: see open_end.h.
 */
#include "report/section/open_end.h"

void
say_open_end(struct draft *draft)
{
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
    document_begin(draft->document, BLOCK_STATEMENT);
    document_words(draft->document, "It is ");
    say_open_end(draft);
    document_words(draft->document, ".");
    document_prove(draft->document, &draft->told_last, 1);
}
