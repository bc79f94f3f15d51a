/*
 * Timeline: the key rows with their moments in bold, and what was folded away. The rows stand in
 * the total order of the incident.
 */
#include "report/draft.h"
#include "report/facts.h"
#include "report/order.h"
#include "report/section/fills.h"

#define HIDDEN_TOLD 10 /* decisions that hide rows, by name; the rest is counted */

static const struct {
    enum milestone milestone;
    const char *words;
} bold[] = {
    {MILESTONE_IMPACT_STARTED, "IMPACT BEGINS"},
    {MILESTONE_DETECTED, "DETECTED"},
    {MILESTONE_DECLARED, "DECLARED"},
    {MILESTONE_ACKNOWLEDGED, "ACKNOWLEDGED"},
    {MILESTONE_CAUSE_IDENTIFIED, "UNDERSTOOD"},
    {MILESTONE_MITIGATED, "MITIGATED"},
    {MILESTONE_RECOVERED, "IMPACT ENDS"},
    {MILESTONE_REOPENED, "TROUBLE RETURNS"},
    {MILESTONE_RESOLVED, "RESOLVED"},
};

static bool
has_milestone(const struct draft *draft, const struct entry *entry, enum milestone milestone)
{
    return (draft->moments[entry - draft->incident->entries] >> milestone & 1) != 0;
}

static bool
is_shown(const struct draft *draft, const struct entry *entry)
{
    return entry->significance == SIGNIFICANCE_KEY ||
           draft->moments[entry - draft->incident->entries] != 0;
}

static void
add_when(struct draft *draft, const struct entry *entry)
{
    struct document *document = draft->document;
    bool coarse = entry->uncertainty_ns >= NS_PER_MINUTE;
    document_cell(document);
    if (order_is_open(draft, entry))
        document_words(document, "± ");
    if (coarse)
        document_words(document, "~");
    document_clock(document, entry->time_ns);
    if (coarse) {
        document_words(document, " (within ");
        document_duration(document, entry->uncertainty_ns);
        document_words(document, ")");
    }
    if (draft->second_zone) {
        document_cell(document);
        document_local_time(document, entry->time_ns);
    }
}

static void
add_what(struct draft *draft, const struct entry *entry)
{
    struct document *document = draft->document;
    document_cell(document);
    for (size_t i = 0; i < sizeof(bold) / sizeof(bold[0]); i++)
        if (has_milestone(draft, entry, bold[i].milestone)) {
            document_strong(document, bold[i].words);
            document_words(document, " ");
        }
    document_words(document, alert_words(draft, entry));
    document_text(document, told_beside(entry, sv_empty(entry->role) ? entry->actor : SV_NONE));
    document_words(document, change_outcome(entry));
    if (entry->occurrences > 1)
        document_wordsf(document, " (%lld records)", (long long)entry->occurrences);
    document_link(document, " ", entry->url);
}

static void
add_row(struct draft *draft, const struct entry *entry)
{
    const struct entry *proof[ENTRY_CHAIN_MOST];
    document_row(draft->document, false);
    add_when(draft, entry);
    document_cell(draft->document);
    document_text(draft->document, !sv_empty(entry->role)    ? entry->role
                                   : !sv_empty(entry->actor) ? entry->actor
                                                             : entry->source);
    add_what(draft, entry);
    document_prove_row(draft->document, proof, chain_of(draft, entry, proof));
}

static void
add_folded(struct draft *draft, enum significance significance, const char *width)
{
    const struct entry *proof[2] = {NULL, NULL};
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (entry->significance != significance || is_shown(draft, entry))
            continue;
        proof[0] = proof[0] == NULL ? entry : proof[0];
        proof[1] = entry;
        count++;
    }
    if (count == 0)
        return;
    document_begin(draft->document, BLOCK_STATEMENT);
    document_left_out(draft->document);
    document_wordsf(draft->document, "%zu %s of width %s %s not listed here", count,
                    count == 1 ? "row" : "rows", width, count == 1 ? "is" : "are");
    document_words(draft->document, count > 2 ? "; the footnote has the first and the last." : ".");
    document_prove(draft->document, proof, 2);
}

/* What people hid is in no other section, and is counted here, with who did. */
static void
add_hidden(struct draft *draft)
{
    const struct incident *incident = draft->incident;
    size_t hidden = incident_hidden(incident), told = 0;
    if (hidden == 0)
        return;
    document_begin(draft->document, BLOCK_REMARK);
    document_wordsf(draft->document, "%zu %s hidden by people", hidden,
                    hidden == 1 ? "row is" : "rows are");
    for (size_t i = 0; i < incident->decision_count && told < HIDDEN_TOLD; i++) {
        const struct decided *decided = &incident->decisions[i];
        if (decided->decision.verb != DECISION_HIDE || decided->state != DECIDED_APPLIED)
            continue;
        document_words(draft->document, told++ == 0 ? ": by " : ", by ");
        document_text(draft->document, decided->decision.author);
        document_wordsf(draft->document, " (decision " SV_FMT ")", SV_ARG(decided->decision.id));
    }
    document_words(draft->document, hidden > told ? " and others." : ".");
}

/* A row that tells the day, where it is another than the one of the last row. */
static void
add_day(struct draft *draft, const struct entry *entry, struct civil *day)
{
    struct civil at;
    civil_from_ns(entry->time_ns, &at);
    if (at.year == day->year && at.month == day->month && at.day == day->day)
        return;
    document_day(draft->document, entry->time_ns);
    *day = at;
}

static void
add_shown(struct draft *draft)
{
    struct civil day = {0};
    document_begin_table(draft->document,
                         draft->second_zone ? SV("Time (UTC) | Local | Who | What | Evidence")
                                            : SV("Time (UTC) | Who | What | Evidence"),
                         true);
    for (size_t i = 0; i < draft->incident->entry_count; i++)
        if (is_shown(draft, &draft->incident->entries[i])) {
            add_day(draft, &draft->incident->entries[i], &day);
            add_row(draft, &draft->incident->entries[i]);
        }
    document_end_table(draft->document);
}

void
fill_timeline(struct draft *draft)
{
    size_t shown = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++)
        shown += is_shown(draft, &draft->incident->entries[i]);
    if (shown > 0)
        add_shown(draft);
    else
        document_say(draft->document, BLOCK_REMARK, SV("No key row was found in the records."));
    add_folded(draft, SIGNIFICANCE_STANDARD, "standard");
    add_folded(draft, SIGNIFICANCE_FULL, "full");
    add_hidden(draft);
}
