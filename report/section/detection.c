/*
 * Detection, and what went well or poorly around it: who noticed first, how long what took, where
 * nothing happened. Candidates only; people judge.
 */
#include <stdlib.h>

#include "report/draft.h"
#include "report/facts.h"
#include "report/order.h"
#include "report/searched.h"
#include "report/section/fills.h"

#define SILENCE_NS (30 * NS_PER_MINUTE) /* longer without a record, or without word to others */
#define ANSWER_NS (15 * NS_PER_MINUTE)  /* a later response is none that went well */
#define BACK_NS (60 * NS_PER_MINUTE)    /* nor is a change that is taken back later */

static void
add_signal(struct document *document, const char *words, const struct entry *entry)
{
    if (entry == NULL)
        return;
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, words);
    document_words(document, ", ");
    document_time(document, entry->time_ns);
    document_words(document, ", ");
    document_text(document, entry->source);
    document_words(document, ": ");
    document_quote(document, entry->text);
    document_prove(document, &entry, 1);
}

/* What was seen first, where it is no alert, is what a person wrote if somebody is named. */
static bool
is_by_person(const struct entry *found)
{
    return found != NULL && !is_alert(found) && is_of_person(found);
}

static bool
is_from_customers(const struct entry *entry)
{
    return has_reason(entry, SV("from_customers"));
}

static const char *
detected_by(const struct entry *found, const struct entry *alert)
{
    return found == NULL                 ? ""
           : found == alert              ? "Detected by the first alert"
           : is_from_customers(found)    ? "Detected by a report of a customer"
           : is_word_of_customers(found) ? "Detected by a person who tells what customers say"
           : is_by_person(found)         ? "Detected by a person"
                                         : "Detected by this signal";
}

static const char *
reported_by(const struct entry *report)
{
    return report == NULL || !is_word_of_customers(report) ? "First report by a person"
           : is_from_customers(report)                     ? "First report by a customer"
                                       : "First report by a person, of what customers say";
}

/* ---- who was first ---- */

struct first {
    const char *what;
    const struct entry *entry;
};

static int
by_time(const void *left, const void *right)
{
    const struct first *a = left, *b = right;
    if (a->entry->time_ns != b->entry->time_ns)
        return a->entry->time_ns < b->entry->time_ns ? -1 : 1;
    return a->entry < b->entry ? -1 : a->entry > b->entry;
}

/* The first of two or three kinds of signals, and how long after it the others came. */
static void
add_order(struct draft *draft, struct first *firsts, size_t count)
{
    struct document *document = draft->document;
    const struct entry *proof[3];
    qsort(firsts, count, sizeof(*firsts), by_time);
    document_begin(document, BLOCK_STATEMENT);
    document_wordsf(document, "First was %s", firsts[0].what);
    for (size_t i = 0; i < count; i++) {
        int64_t after = firsts[i].entry->time_ns - firsts[0].entry->time_ns;
        proof[i] = firsts[i].entry;
        if (i == 0)
            continue;
        document_wordsf(document, "%s %s ", i > 1 ? " and" : ",", firsts[i].what);
        if (after > 0) {
            document_duration(document, after);
            document_words(document, " later");
            say_open_order(draft, firsts[0].entry, firsts[i].entry);
        } else {
            document_words(document, "at the same time");
        }
    }
    document_words(document, ".");
    document_prove(document, proof, count);
}

/* An alert, a colleague and customers; fewer than two kinds tell no order. */
static void
tell_who_was_first(struct draft *draft)
{
    struct first firsts[3], all[] = {
                                {"an alert", first_entry(draft, is_alert)},
                                {"a report by a colleague", first_report(draft, false)},
                                {"word of customers", first_report(draft, true)},
                            };
    size_t count = 0;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (all[i].entry != NULL)
            firsts[count++] = all[i];
    if (count > 1 && answered_before(draft, all[0].entry) == NULL)
        add_order(draft, firsts, count);
}

void
fill_detection(struct draft *draft)
{
    const struct entry *alert = first_entry(draft, is_alert);
    const struct entry *report = first_person_report(draft);
    const struct entry *found = milestone_entry(draft, milestone_at(draft, MILESTONE_DETECTED));
    add_signal(draft->document, detected_by(found, alert), found);
    bool first = answered_before(draft, alert) == NULL;
    add_signal(draft->document, first ? "First alert" : "First alert in view",
               alert == found ? NULL : alert);
    add_signal(draft->document, reported_by(report), report == found ? NULL : report);
    const struct entry *customers = first_report(draft, true);
    add_signal(draft->document, "First word of customers",
               customers == found || customers == report ? NULL : customers);
    const struct entry *work = first_at_work(draft);
    bool seen = report != NULL || is_by_person(found);
    add_signal(draft->document, "First response of a person", seen ? NULL : work);
    tell_who_was_first(draft);
    if (alert == NULL)
        say_no_record(draft, "is an alert that fired", "whether an alert fired is not known");
    if (!seen && work == NULL)
        say_no_message(draft, "says that a person saw it", "whether a person saw it is not known");
}

/* "{before} DURATION{after}." */
static void
add_span(struct draft *draft, const char *before, const struct entry *from, const struct entry *to,
         const char *after)
{
    struct document *document = draft->document;
    const struct entry *proof[] = {from, to};
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, before);
    document_words(document, " ");
    document_duration(document, to->time_ns - from->time_ns);
    document_words(document, after);
    say_open_order(draft, from, to);
    document_words(document, ".");
    document_prove(document, proof, 2);
}

/* The same where both entries exist in that order, at most this far apart. */
static void
candidate_span(struct draft *draft, const struct entry *from, const struct entry *to,
               int64_t most_ns, const char *before, const char *after)
{
    if (from != NULL && to != NULL && from != to && to->time_ns >= from->time_ns &&
        to->time_ns - from->time_ns <= most_ns)
        add_span(draft, before, from, to, after);
}

static bool
somebody_wrote_between(const struct entry *from, const struct entry *to)
{
    bool wrote = false;
    for (const struct entry *entry = from + 1; entry < to && !wrote; entry++)
        wrote = entry->record_kind == RECORD_CHAT && is_of_person(entry);
    return wrote;
}

/* Whoever works on it has answered; only some say so, and others may have written before. */
static const char *
answered_words(const struct entry *found, const struct entry *taken)
{
    if (found == NULL || taken == NULL)
        return "";
    if (taken->kind == ENTRY_ALERT_ACKNOWLEDGED || taken->act == ACT_ACK)
        return "A responder acknowledged";
    return somebody_wrote_between(found, taken) ? "It was acknowledged" : "The first response came";
}

static bool
is_taken_back(const struct entry *entry)
{
    return is_rollback(entry) && !is_under_way(entry);
}

void
fill_well(struct draft *draft)
{
    struct document *document = draft->document;
    size_t before = document->block_count;
    const struct entry *alert = first_entry(draft, is_alert);
    const struct entry *report = first_person_report(draft);
    const struct entry *found = milestone_entry(draft, milestone_at(draft, MILESTONE_DETECTED));
    const struct entry *taken = milestone_entry(draft, milestone_at(draft, MILESTONE_ACKNOWLEDGED));
    if (alert != NULL && report != NULL && alert->time_ns < report->time_ns)
        candidate_span(draft, alert, report, INT64_MAX, "The first alert came",
                       " before the first report by a person");
    candidate_span(draft, found, taken, ANSWER_NS, answered_words(found, taken),
                   " after detection");
    candidate_span(draft, found, first_entry(draft, is_taken_back), BACK_NS,
                   "A change was taken back", " after detection");
    candidate_span(draft, found, first_entry(draft, is_update), SILENCE_NS,
                   "The first update to others came", " after detection");
    if (document->block_count == before)
        document_say(document, BLOCK_REMARK, SV("No candidate was found in the records."));
}

/* The longest stretch of the window in which nobody spoke and nothing was recorded. */
static bool
longest_silence(const struct draft *draft, const struct entry **ret_from,
                const struct entry **ret_to)
{
    int64_t longest = SILENCE_NS;
    const struct entry *before = NULL;
    bool found = false;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (entry->time_ns < draft->start_ns || entry->time_ns > draft->end_ns)
            continue;
        if (before != NULL && entry->time_ns - before->time_ns > longest) {
            longest = entry->time_ns - before->time_ns;
            *ret_from = before;
            *ret_to = entry;
            found = true;
        }
        before = entry;
    }
    return found;
}

static void
add_silence(struct document *document, const struct entry *from, const struct entry *to)
{
    const struct entry *proof[] = {from, to};
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, "Nothing was recorded for ");
    document_duration(document, to->time_ns - from->time_ns);
    document_words(document, ", from ");
    document_time(document, from->time_ns);
    document_words(document, " to ");
    document_time(document, to->time_ns);
    document_words(document, ".");
    document_prove(document, proof, 2);
}

void
fill_poorly(struct draft *draft)
{
    struct document *document = draft->document;
    size_t before = document->block_count;
    const struct entry *alert = first_entry(draft, is_alert), *report = first_person_report(draft);
    const struct entry *found = milestone_entry(draft, milestone_at(draft, MILESTONE_DETECTED));
    const struct entry *again = milestone_entry(draft, milestone_at(draft, MILESTONE_REOPENED));
    const struct entry *taken = milestone_entry(draft, milestone_at(draft, MILESTONE_ACKNOWLEDGED));
    const struct entry *told = first_entry(draft, is_update), *from = NULL, *to = NULL;
    if (alert != NULL && report != NULL && report->time_ns < alert->time_ns &&
        answered_before(draft, alert) == NULL)
        add_span(draft, "A person reported it", report, alert, " before the first alert");
    if (found != NULL && taken != NULL && taken->time_ns - found->time_ns > ANSWER_NS)
        add_span(draft, answered_words(found, taken), found, taken, " after detection");
    if (found != NULL && told != NULL && told->time_ns - found->time_ns > SILENCE_NS)
        add_span(draft, "The first update to others came", found, told, " after detection");
    if (longest_silence(draft, &from, &to))
        add_silence(document, from, to);
    if (again != NULL) {
        document_begin(document, BLOCK_STATEMENT);
        document_words(document, "Trouble came back after a recovery: ");
        document_quote(document, again->text);
        document_prove(document, &again, 1);
    }
    if (document->block_count == before)
        document_say(document, BLOCK_REMARK, SV("No candidate was found in the records."));
}
