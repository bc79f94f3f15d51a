/*
 * Decisions, for a review: one question each, and what was in view before it. Nothing that came
 * later, or may have, is shown beside a decision: who looks at it is to see what people saw.
 */
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/section/fills.h"

#define IN_VIEW_MAX 5 /* the last rows of note before a decision; a statement cites one more */
#define LOOK_MAX (10 * LIST_MAX) /* what was done is told once for each decision that it shows */
_Static_assert(IN_VIEW_MAX < DOCUMENT_PROOFS_MAX, "a statement proves each row that it shows");

static bool
is_decision(const struct entry *entry)
{
    return entry->kind == ENTRY_DECISION || entry->act == ACT_DECISION;
}

/* Where nobody said that it was decided: what was done shows it. */
static bool
shows_decision(const struct entry *entry)
{
    return is_rollback(entry) && entry->significance != SIGNIFICANCE_FULL;
}

/* The whole of the moment that its clock leaves open lies before the decision. */
static bool
is_in_view(const struct entry *entry, const struct entry *decision)
{
    return entry->time_ns < decision->time_ns &&
           entry->uncertainty_ns <= decision->time_ns - entry->time_ns;
}

/* Rows of note in view of a decision that were not in view of the one before it (NULL: none). */
struct view {
    const struct entry *last[IN_VIEW_MAX]; /* in their order */
    size_t shown, count;
};

/* `decision`: its place; `slack_ns`: what the widest clock of the incident leaves open. */
static void
find_rows(const struct incident *incident, size_t decision, const struct entry *before,
          int64_t slack_ns, enum significance significance, struct view *view)
{
    *view = (struct view){.shown = 0};
    for (size_t i = decision; i-- > 0;) {
        const struct entry *entry = &incident->entries[i];
        /* From here on all were in view of the decision before. */
        if (before != NULL && entry->time_ns < before->time_ns &&
            slack_ns <= before->time_ns - entry->time_ns)
            break;
        if (entry->significance != significance || entry == before ||
            !is_in_view(entry, &incident->entries[decision]) ||
            (before != NULL && is_in_view(entry, before)))
            continue;
        if (view->count++ < IN_VIEW_MAX)
            view->last[view->shown++] = entry;
    }
    for (size_t i = 0; i < view->shown / 2; i++) {
        const struct entry *one = view->last[i];
        view->last[i] = view->last[view->shown - 1 - i];
        view->last[view->shown - 1 - i] = one;
    }
}

static void
add_view(struct document *document, const struct view *view, bool first)
{
    if (view->count == 0) {
        document_say(document, BLOCK_REMARK,
                     first ? SV("No row of note lies before it.")
                           : SV("No row of note lies between it and the decision before."));
        return;
    }
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, first ? "In view before it" : "In view since the decision before");
    if (view->count > view->shown)
        document_wordsf(document, " (the last %zu of %zu rows of note)", view->shown, view->count);
    for (size_t i = 0; i < view->shown; i++) {
        document_words(document, i == 0 ? ": " : "; ");
        document_time(document, view->last[i]->time_ns);
        document_words(document, " ");
        document_quote(document, view->last[i]->text);
    }
    document_prove(document, view->last, view->shown);
}

static void
ask(struct document *document, const struct entry *entry)
{
    struct sv who = !sv_empty(entry->role)    ? entry->role
                    : !sv_empty(entry->actor) ? entry->actor
                                              : entry->source;
    document_begin(document, BLOCK_STATEMENT);
    document_time(document, entry->time_ns);
    if (!sv_empty(who)) {
        document_words(document, ", ");
        document_text(document, who);
    }
    document_words(document, ": ");
    document_quote(document, entry->text);
    document_words(document,
                   ". How did it look at that moment, and which other ways were weighed?");
    document_prove(document, &entry, 1);
}

static int64_t
widest_clock(const struct incident *incident)
{
    int64_t widest = 0;
    for (size_t i = 0; i < incident->entry_count; i++)
        if (incident->entries[i].uncertainty_ns > widest)
            widest = incident->entries[i].uncertainty_ns;
    return widest;
}

void
fill_decisions(struct draft *draft)
{
    const struct incident *incident = draft->incident;
    const struct entry *before = NULL;
    bool said = first_entry(draft, is_decision) != NULL;
    int64_t slack_ns = widest_clock(incident);
    size_t count = 0, shown = 0, looked_at = 0;
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        struct view view;
        if (!(said ? is_decision(entry) : shows_decision(entry)))
            continue;
        if (count >= LIST_MAX || looked_at++ >= LOOK_MAX) {
            count++;
            continue;
        }
        find_rows(incident, i, before, slack_ns, SIGNIFICANCE_KEY, &view);
        /* Of what was done, all that follows from one decision is told once. */
        if (!said && before != NULL && view.count == 0)
            continue;
        if (view.count == 0)
            find_rows(incident, i, before, slack_ns, SIGNIFICANCE_STANDARD, &view);
        ask(draft->document, entry);
        add_view(draft->document, &view, before == NULL);
        before = entry;
        shown++;
        count++;
    }
    add_more(draft, count, shown, "decisions");
    if (count == 0)
        document_say(draft->document, BLOCK_REMARK, SV("No decision was found in the records."));
}
