/*
 * What was tried and did not help: acts that correlation found to have come to nothing, with what
 * says so, setbacks that people tell of, and changes that failed.
 */
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/section/fills.h"

#define FOLLOWS_NS (60 * NS_PER_MINUTE) /* as in the rule came_to_nothing */

static bool
came_to_nothing(const struct entry *entry)
{
    return has_reason(entry, SV("came_to_nothing")) && sv_empty(entry->chain) &&
           entry->significance != SIGNIFICANCE_FULL;
}

static bool
is_setback(const struct entry *entry)
{
    return (entry->act == ACT_SETBACK || entry->kind == ENTRY_CHANGE_FAILED) &&
           sv_empty(entry->chain);
}

/* What says that this act failed or did not help: the next setback. */
static const struct entry *
setback_after(const struct draft *draft, const struct entry *act)
{
    const struct entry *end = draft->incident->entries + draft->incident->entry_count;
    for (const struct entry *entry = act + 1; entry < end; entry++) {
        if (entry->time_ns - act->time_ns > FOLLOWS_NS)
            return NULL;
        if (is_setback(entry))
            return entry;
    }
    return NULL;
}

/* The words of a record, or what a change is told as. */
static void
add_words(struct document *document, const struct entry *entry)
{
    if (sv_empty(entry->told))
        document_quote(document, entry->text);
    else
        document_text(document, entry->told);
    document_words(document, change_outcome(entry));
}

static void
add_tried(struct draft *draft, const struct entry *entry)
{
    struct document *document = draft->document;
    const struct entry *proof[1 + ENTRY_CHAIN_MOST];
    size_t proofs = chain_of(draft, entry, proof);
    const struct entry *setback = is_setback(entry) ? NULL : setback_after(draft, entry);
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, is_setback(entry) ? "Did not succeed: " : "Tried: ");
    document_time(document, entry->time_ns);
    document_words(document, ", ");
    document_text(document, sv_empty(entry->actor) ? entry->source : entry->actor);
    document_words(document, ": ");
    add_words(document, entry);
    document_words(document, ".");
    if (setback != NULL) {
        document_words(document, " What follows reads as if it failed or did not help: ");
        document_time(document, setback->time_ns);
        document_words(document, " ");
        add_words(document, setback);
        document_words(document, ".");
        proof[proofs++] = setback;
    } else if (!is_setback(entry) && !sv_empty(entry->told)) {
        document_words(document, " Its records end as failed or cancelled.");
    }
    document_prove(document, proof, proofs);
}

void
fill_tried(struct draft *draft)
{
    const struct incident *incident = draft->incident;
    const struct milestone_row *over = milestone_at(draft, MILESTONE_RECOVERED);
    const struct entry *told = NULL; /* the last setback that stands beside an act */
    size_t count = 0;
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        if (over != NULL && entry->time_ns > over->time_ns)
            break; /* what is done once it works again is no longer against it */
        bool tried = came_to_nothing(entry) && !is_setback(entry);
        if (!tried &&
            (!is_setback(entry) || entry == told || entry->significance == SIGNIFICANCE_FULL))
            continue;
        if (tried && setback_after(draft, entry) != NULL)
            told = setback_after(draft, entry);
        if (count++ < LIST_MAX)
            add_tried(draft, entry);
    }
    add_more(draft, count, LIST_MAX, "attempts");
}
