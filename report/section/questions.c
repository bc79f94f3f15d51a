/*
 * Open questions: moments in an order that their meaning does not allow, moments that are in doubt,
 * rows whose time or order is.
 */
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/order.h"
#include "report/section/fills.h"
#include "report/section/hypotheses.h"
#include "report/section/sizes.h"

/* Milestones that stand in an order which their meaning does not allow. */
static void
ask_about_order(struct draft *draft)
{
    static const enum milestone pairs[][2] = {{MILESTONE_IMPACT_STARTED, MILESTONE_DETECTED},
                                              {MILESTONE_DETECTED, MILESTONE_ACKNOWLEDGED},
                                              {MILESTONE_DETECTED, MILESTONE_DECLARED},
                                              {MILESTONE_DETECTED, MILESTONE_MITIGATED},
                                              {MILESTONE_MITIGATED, MILESTONE_RECOVERED},
                                              {MILESTONE_RECOVERED, MILESTONE_RESOLVED}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        const struct milestone_row *a = milestone_at(draft, pairs[i][0]);
        const struct milestone_row *b = milestone_at(draft, pairs[i][1]);
        if (a == NULL || b == NULL || a->time_ns <= b->time_ns)
            continue;
        const struct entry *proof[] = {milestone_entry(draft, a), milestone_entry(draft, b)};
        document_begin(draft->document, BLOCK_STATEMENT);
        document_wordsf(draft->document,
                        "“%s” lies after “%s”, which cannot be. Which of the two is wrong?",
                        moment_name(a->milestone), moment_name(b->milestone));
        document_prove(draft->document, proof, 2);
    }
}

/* What reads as a moment and cannot be one: correlation noted why at the row. */
static const struct {
    struct sv reason;
    const char *words;
} doubts[] = {
    {{"came_to_nothing", 15},
     " reads as an act against it, and what follows says that it failed or did not help. What did "
     "it change?"},
    {{"no_recovery_after", 17},
     " reads as an act against it, and no record says that it worked again afterwards. Did it end "
     "the impact?"},
    {{"before_detection", 16},
     " reads as an answer, and stands before anything was noticed. What was known then?"},
    {{"before_recovery", 15},
     " calls it over, and stands before the service worked again. Which one is off?"},
};

/* What was done once it worked again is no longer against it. */
static void
ask_about_contradictions(struct draft *draft)
{
    const struct milestone_row *over = milestone_at(draft, MILESTONE_RECOVERED);
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        for (size_t k = 0; k < sizeof(doubts) / sizeof(doubts[0]); k++) {
            /* What several records tell of a change is asked once. */
            if (!sv_empty(entry->chain) || entry->significance == SIGNIFICANCE_FULL ||
                !has_reason(entry, doubts[k].reason) ||
                (over != NULL && entry->time_ns > over->time_ns) || count++ >= LIST_MAX)
                continue;
            document_begin(draft->document, BLOCK_STATEMENT);
            entry_words(draft->document, entry);
            document_words(draft->document, ", ");
            document_time(draft->document, entry->time_ns);
            document_words(draft->document, ",");
            document_words(draft->document, doubts[k].words);
            document_prove(draft->document, &entry, 1);
        }
    }
    add_more(draft, count, LIST_MAX, "contradictions");
}

static void
ask_about_confidence(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->milestone_count; i++) {
        const struct milestone_row *row = &draft->incident->milestones[i];
        const struct entry *proof = milestone_entry(draft, row);
        if (proof == NULL || is_told(row) || count++ >= LIST_MAX)
            continue;
        document_begin(draft->document, BLOCK_STATEMENT);
        document_wordsf(draft->document, "Is “%s” right at ", moment_name(row->milestone));
        document_time(draft->document, row->time_ns);
        document_words(draft->document, ", ");
        document_quote(draft->document, proof->text);
        document_wordsf(draft->document, "? That is unclear: %d of 100 such moments were right.",
                        row->confidence);
        document_prove(draft->document, &proof, 1);
    }
    add_more(draft, count, LIST_MAX, "doubtful moments");
}

/* A start that is an action of people may be the change itself, before anybody felt it. */
static void
ask_about_start(struct draft *draft)
{
    const struct entry *start =
        milestone_entry(draft, milestone_at(draft, MILESTONE_IMPACT_STARTED));
    const struct entry *alert = first_entry(draft, is_alert);
    const struct entry *answer = answered_before(draft, alert);
    if (answer != NULL) {
        const struct entry *both[] = {answer, alert};
        document_begin(draft->document, BLOCK_STATEMENT);
        document_words(draft->document, "An alert was acknowledged at ");
        document_time(draft->document, answer->time_ns);
        document_words(draft->document, ", and the first one in view fired at ");
        document_time(draft->document, alert->time_ns);
        document_words(draft->document, ". Which alert was it, and when did it fire?");
        document_prove(draft->document, both, 2);
        return;
    }
    if (start != NULL && alert != NULL && alert->time_ns < start->time_ns) {
        const struct entry *both[] = {alert, start};
        document_begin(draft->document, BLOCK_STATEMENT);
        document_words(draft->document, "An alert fired at ");
        document_time(draft->document, alert->time_ns);
        document_words(draft->document, ", ");
        document_duration(draft->document, start->time_ns - alert->time_ns);
        document_words(draft->document, " before the candidate for the start");
        say_open_order(draft, alert, start);
        document_words(draft->document, ". Was the service affected from then on?");
        document_prove(draft->document, both, 2);
        return;
    }
    if (start == NULL || alert == NULL || alert->time_ns <= start->time_ns || is_alert(start) ||
        start->record_kind == RECORD_LOG || start->record_kind == RECORD_METRIC)
        return;
    const struct entry *proof[] = {start, alert};
    document_begin(draft->document, BLOCK_STATEMENT);
    document_words(draft->document, "The candidate for the start, ");
    entry_words(draft->document, start);
    document_words(draft->document, ", came ");
    document_duration(draft->document, alert->time_ns - start->time_ns);
    document_words(draft->document, " before the first alert");
    say_open_order(draft, start, alert);
    document_words(draft->document, ". Was the service affected from then on?");
    document_prove(draft->document, proof, 2);
}

/* A name that could be two people's, once each. */
static void
ask_about_names(struct draft *draft)
{
    const struct entry_index *by_actor = &draft->by[BY_ACTOR];
    size_t count = 0;
    for (size_t i = 0; i < by_actor->count; i++) {
        const struct entry *entry = by_actor->at[i];
        bool again = i > 0 && sv_eq(by_actor->at[i - 1]->actor, entry->actor);
        if (again || !sv_starts(entry->actor_reason, SV("could be ")) || count++ >= LIST_MAX)
            continue;
        document_begin(draft->document, BLOCK_STATEMENT);
        document_words(draft->document, "Who is ");
        document_quote(draft->document, entry->actor);
        document_words(draft->document, "? It ");
        document_text(draft->document, entry->actor_reason);
        document_words(draft->document, ".");
        document_prove(draft->document, &entry, 1);
    }
    add_more(draft, count, LIST_MAX, "names");
}

static bool
clock_is_assumed(const struct draft *draft, const struct entry *entry)
{
    (void)draft;
    return entry->time_source != TIME_SOURCE_NATIVE;
}

static void
ask_about_rows(struct draft *draft, bool (*test)(const struct draft *, const struct entry *),
               const char *words)
{
    const struct entry *proof[DOCUMENT_PROOFS_MAX] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (entry->significance != SIGNIFICANCE_KEY || !test(draft, entry))
            continue;
        if (count < DOCUMENT_PROOFS_MAX)
            proof[count] = entry;
        count++;
    }
    if (count == 0)
        return;
    document_begin(draft->document, BLOCK_STATEMENT);
    document_wordsf(draft->document,
                    "Rows of the timeline %s: %zu. Do they stand in the right place?", words,
                    count);
    document_prove(draft->document, proof,
                   count < DOCUMENT_PROOFS_MAX ? count : DOCUMENT_PROOFS_MAX);
}

void
fill_questions(struct draft *draft)
{
    size_t before = draft->document->block_count;
    ask_about_start(draft);
    ask_about_order(draft);
    ask_about_contradictions(draft);
    ask_about_confidence(draft);
    ask_about_hypotheses(draft);
    ask_about_sizes(draft);
    ask_about_names(draft);
    ask_about_rows(draft, clock_is_assumed,
                   "whose time rests on an assumed zone, year or on Kafka");
    ask_about_rows(draft, order_is_open, "whose order against the row before is not established");
    if (draft->document->block_count == before)
        document_say(draft->document, BLOCK_REMARK,
                     SV("No contradiction between records was found."));
}
