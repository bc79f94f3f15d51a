/*
 * Changes near the start, questions about factors, what limited the damage. A
 * change is a candidate: near in time, or of the same service; the draft states no cause.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/order.h"
#include "report/searched.h"
#include "report/section/fills.h"

#define CHANGES_MAX 20
#define QUESTIONS_MAX 3
#define LOOK_BACK_NS (24 * NS_PER_HOUR)
#define QUESTION_NS (2 * NS_PER_HOUR)

struct candidate {
    const struct entry *entry;
    int64_t distance_ns; /* to the start, never negative */
};

static int
compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->distance_ns != y->distance_ns)
        return x->distance_ns < y->distance_ns ? -1 : 1;
    return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* Returns how many there are; the nearest CHANGES_MAX are written. */
static size_t
find_changes(const struct draft *draft, struct candidate ret_nearest[CHANGES_MAX])
{
    size_t count = 0;
    struct candidate *all = memory_calloc(draft->incident->entry_count, sizeof(*all));
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        int64_t after = entry->time_ns - draft->start_ns;
        if (sv_empty(entry->chain) && (is_change(entry) || announces_change(entry)) &&
            after >= -LOOK_BACK_NS && entry->time_ns <= draft->end_ns)
            all[count++] = (struct candidate){entry, after < 0 ? -after : after};
    }
    qsort(all, count, sizeof(*all), compare_candidates);
    for (size_t i = 0; i < count && i < CHANGES_MAX; i++)
        ret_nearest[i] = all[i];
    free(all);
    return count;
}

static void
add_distance(struct draft *draft, const struct candidate *change)
{
    document_duration(draft->document, change->distance_ns);
    document_words(draft->document,
                   change->entry->time_ns < draft->start_ns ? " before" : " after");
}

/* The row that the distance is counted from may be another clock's. */
static void
add_doubt(struct draft *draft, const struct candidate *change)
{
    const struct entry *start = draft->start_entry, *entry = change->entry;
    if (start == NULL || start->time_ns != draft->start_ns)
        return;
    say_open_order(draft, entry->time_ns < start->time_ns ? entry : start,
                   entry->time_ns < start->time_ns ? start : entry);
}

/* A repository "org/service" names the service. */
static bool
names_service(struct sv name, struct sv service)
{
    struct sv rest = name, part = SV_NONE;
    if (sv_empty(service) || sv_eq(name, service))
        return sv_eq(name, service);
    while (sv_split(&rest, '/', &part))
        continue;
    return sv_eq(part, service);
}

static bool
shares_service(const struct draft *draft, const struct entry *entry)
{
    for (size_t i = 0; i < draft->incident->service_count; i++)
        if (!sv_empty(entry->service) &&
            names_service(entry->service, draft->incident->services[i]))
            return true;
    return false;
}

static void
add_change(struct draft *draft, const struct candidate *change)
{
    struct document *document = draft->document;
    const struct entry *proof[ENTRY_CHAIN_MOST + 1];
    size_t proofs = chain_of(draft, change->entry, proof);
    proof[proofs++] = draft->start_entry;
    document_row(document, false);
    document_cell(document);
    document_time(document, change->entry->time_ns);
    document_cell(document);
    if (change->entry == draft->start_entry) {
        document_words(document,
                       draft->start_known ? "the candidate for the start" : start_words(draft));
    } else {
        add_distance(draft, change);
        add_doubt(draft, change);
    }
    document_cell(document);
    document_text(document, told_without_person(change->entry));
    if (is_rollback(change->entry) && sv_empty(change->entry->told))
        document_words(document, " (takes a change back)");
    document_words(document, change_outcome(change->entry));
    document_cell(document);
    document_text(document, change->entry->service);
    document_cell(document);
    if (!sv_empty(change->entry->service) && draft->incident->service_count > 0)
        document_words(document, shares_service(draft, change->entry) ? "yes" : "no");
    else
        document_words(document, "not known");
    document_cell(document); /* for the verdict of people */
    document_prove_row(document, proof, proofs);
}

void
fill_changes(struct draft *draft)
{
    struct candidate nearest[CHANGES_MAX];
    size_t count = find_changes(draft, nearest);
    if (count == 0) {
        say_no_record(draft, "is a change", "whether something was changed is not known");
        document_words(draft->document, " Were all sources of changes read?");
        return;
    }
    document_begin_table(
        draft->document,
        draft->start_known
            ? SV("Time | From the start | Candidate | Service | One of its services | "
                 "Verdict | Evidence")
        : draft->key_window ? SV("Time | From the first row | Candidate | Service | One of "
                                 "its services | Verdict | Evidence")
                            : SV("Time | From the first record | Candidate | Service | One of "
                                 "its services | Verdict | Evidence"),
        true);
    for (size_t i = 0; i < count && i < CHANGES_MAX; i++)
        add_change(draft, &nearest[i]);
    document_end_table(draft->document);
    add_more(draft, count, CHANGES_MAX, "changes");
}

static bool
ends_sentence(const struct entry *entry)
{
    return sv_ends(told_without_person(entry), SV("."));
}

static void
ask_about_change(struct draft *draft, const struct candidate *change)
{
    struct document *document = draft->document;
    const struct entry *proof[ENTRY_CHAIN_MOST + 1];
    size_t proofs = chain_of(draft, change->entry, proof);
    proof[proofs++] = draft->start_entry;
    document_begin(document, BLOCK_STATEMENT);
    entry_words(document, change->entry);
    if (!sv_empty(change->entry->told))
        document_words(document, ends_sentence(change->entry) ? " It" : ". It");
    if (change->entry == draft->start_entry) {
        document_wordsf(document, " is %s.",
                        draft->start_known ? "the candidate for the start" : start_words(draft));
    } else {
        document_words(document, " came ");
        add_distance(draft, change);
        document_wordsf(document, " %s", start_words(draft));
        add_doubt(draft, change);
        document_words(document, ".");
    }
    document_words(document, " Is it related, and how is that known?");
    document_prove(document, proof, proofs);
}

static void
ask_about_cause(struct document *document, const struct entry *known)
{
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, "At ");
    document_time(document, known->time_ns);
    document_words(document, " a record says ");
    document_quote(document, known->text);
    document_words(document, ". What conditions made that possible?");
    document_prove(document, &known, 1);
}

void
fill_factors(struct draft *draft)
{
    struct candidate nearest[CHANGES_MAX];
    size_t count = find_changes(draft, nearest), asked = 0;
    const struct entry *known =
        milestone_entry(draft, milestone_at(draft, MILESTONE_CAUSE_IDENTIFIED));
    const struct entry *alert = first_entry(draft, is_alert);
    int64_t latest =
        alert != NULL && alert->time_ns > draft->start_ns ? alert->time_ns : draft->start_ns;
    for (size_t i = 0; i < count && i < CHANGES_MAX && asked < QUESTIONS_MAX; i++) {
        if (nearest[i].entry->time_ns > latest || nearest[i].distance_ns > QUESTION_NS)
            continue;
        ask_about_change(draft, &nearest[i]);
        asked++;
    }
    if (known != NULL)
        ask_about_cause(draft->document, known);
    else if (asked == 0)
        document_say(draft->document, BLOCK_REMARK,
                     SV("The records raise no question about factors."));
}

void
fill_mitigators(struct draft *draft)
{
    size_t count = 0, others = 0;
    const struct milestone_row *row = milestone_at(draft, MILESTONE_MITIGATED);
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        bool marked = row != NULL && sv_eq(row->entry_id, entry->entry_id);
        if (!marked && (!is_rollback(entry) || entry->significance == SIGNIFICANCE_FULL))
            continue;
        count++;
        others += !marked;
        /* What is marked is shown however many others come before it. */
        if (!marked && others > LIST_MAX)
            continue;
        const struct entry *proof[ENTRY_CHAIN_MOST];
        document_begin(draft->document, BLOCK_STATEMENT);
        document_time(draft->document, entry->time_ns);
        document_words(draft->document, marked                ? ", marked as mitigation: "
                                        : is_under_way(entry) ? ", somebody takes a change back: "
                                                              : ", a change taken back: ");
        entry_words(draft->document, entry);
        document_words(draft->document, sv_empty(entry->told) || ends_sentence(entry) ? "" : ".");
        document_prove(draft->document, proof, chain_of(draft, entry, proof));
    }
    add_more(draft, others, LIST_MAX, "changes taken back");
    if (count == 0)
        say_no_record(draft, "tells of an act that ended it", "what ended it is not known");
}
