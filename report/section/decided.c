/*
 * What people decided about the incident itself: see decided.h. A decision is its own evidence:
 * these are rows of people, cited by the decision's id.
 */
#include "report/section/decided.h"

void
put_decision(struct document *document, const struct decided *said)
{
    document_words(document, ", said by ");
    document_text(document, said->decision.author);
    document_wordsf(document, " (decision " SV_FMT ")", SV_ARG(said->decision.id));
}

void
add_decided(struct draft *draft)
{
    static const struct {
        enum decision_verb verb;
        const char *name;
    } rows[] = {{DECISION_SEVERITY, "Severity"},
                {DECISION_STATUS, "Status of the work"},
                {DECISION_LEAD, "Lead"}};
    struct document *document = draft->document;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct decided *said = incident_said(draft->incident, rows[i].verb);
        if (said == NULL)
            continue;
        document_row(document, true);
        document_cell(document);
        document_words(document, rows[i].name);
        document_cell(document);
        document_text(document, said->decision.value);
        put_decision(document, said);
    }
}
