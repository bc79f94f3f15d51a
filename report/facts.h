/*
 * Facts of an incident that several sections state: milestones, kinds of entries, first and last
 * ones. Pure; everything returned belongs to the incident.
 */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include "report/draft.h"

/* "likely", "possible", "unclear": see confidence.def. */
const char *confidence_word(int confidence);
/* Below that a moment is asked about, and nothing is told of it. */
bool is_told(const struct milestone_row *row);
/* "?" behind the name of a milestone that this entry proves and that is not likely; else "". */
const char *
doubt_mark(const struct incident *incident, const struct entry *entry, enum milestone milestone);
/* NULL where the incident has none that is told; where trouble came back, the last of what ended
 * it. */
const struct milestone_row *milestone_at(const struct draft *draft, enum milestone milestone);
const struct entry *milestone_entry(const struct draft *draft, const struct milestone_row *row);
const struct entry *entry_named(const struct draft *draft, struct sv entry_id);
/* As a reader of postmortems knows it: "Start of impact", "Understood"; never NULL. */
const char *moment_name(enum milestone milestone);
/* "the start", or what distances are counted from where no start is known. */
const char *start_words(const struct draft *draft);
bool is_alert(const struct entry *entry);
bool is_change(const struct entry *entry);
/* " (began)", " (failed or cancelled)": which of the records of one change it is; "" where it was
 * done, and where the words of a chain say so. */
const char *change_outcome(const struct entry *entry);
/* "ended: ": what stands before the words of an alert that is told of later than it fired. */
const char *ended_words(const struct entry *entry); /* of one that ended */
const char *alert_words(const struct draft *draft, const struct entry *entry);
/* What it shows; of a change that is told out of several records without who made it. */
struct sv told_without_person(const struct entry *entry);
/* What it shows beside who did it: of a change that this person made without saying so again. */
struct sv told_beside(const struct entry *entry, struct sv who);
/* The words of a record are quoted; what was put together of several (told) is not, and names
 * nobody: a change is no act of a person where causes are asked for. */
void entry_words(struct document *document, const struct entry *entry);
/* Not said or done by a program. */
bool is_of_person(const struct entry *entry);
/* The entry and, where it tells a change out of several records, theirs: what proves it. Returns
 * how many. */
size_t chain_of(const struct draft *draft, const struct entry *entry,
                const struct entry *ret_proof[ENTRY_CHAIN_MOST]);
bool is_update(const struct entry *entry);    /* users were told */
bool is_todo(const struct entry *entry);      /* something to do later, even in passing */
bool is_rollback(const struct entry *entry);  /* a change was taken back, and that did not fail */
bool is_under_way(const struct entry *entry); /* of such a row: somebody says that it goes on */
/* What correlation noted at it: an act that failed, an answer before anything was noticed ... */
bool has_reason(const struct entry *entry, struct sv name);
bool announces_change(const struct entry *entry); /* a person says that it was deployed */
const struct entry *first_entry(const struct draft *draft, bool (*test)(const struct entry *));
/* What a paging tool says of an alert before the first one in view fired (it was taken, it went on
 * to somebody): then that was not the first. NULL: nothing. */
const struct entry *answered_before(const struct draft *draft, const struct entry *alert);
/* A person says that it is broken: a report, a symptom, or what it was detected by. */
bool is_person_report(const struct entry *entry);
bool is_word_of_customers(const struct entry *entry); /* theirs, or what a person tells of them */
/* Who was first at work on it once there was an alert or a report; NULL: nobody told. */
const struct entry *first_at_work(const struct draft *draft);
/* The first word of customers, else of a colleague; who tells what is broken once people are at
 * work on it reports nothing new. NULL: none. */
const struct entry *first_report(const struct draft *draft, bool customers);
/* Whichever a person told first. */
const struct entry *first_person_report(const struct draft *draft);
/* First and last entry of a node; false when it has none. */
bool node_entries(const struct draft *draft, const struct node *node,
                  const struct entry **ret_first, const struct entry **ret_last);

#endif
