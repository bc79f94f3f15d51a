/*
 * What the sections of a draft share: the document they add to, facts, lists. A draft belongs to
 * one call of report_document(); nothing here is seen outside report/.
 */
#ifndef REPORT_DRAFT_H
#define REPORT_DRAFT_H

#include "base/clock.h"
#include "hindcast/document.h"
#include "hindcast/report.h"

#define LIST_MAX 100 /* rows of one list; the others are counted and stand in the full timeline */

/* The entries by a text of theirs, those of one text in the order of the incident. */
enum entry_field { BY_ID, BY_NODE, BY_SERVICE, BY_ACTOR, ENTRY_FIELDS };

struct entry_index {
    enum entry_field field;
    const struct entry **at;
    size_t count;
};

struct draft {
    const struct incident *incident;
    const struct report_context *context;
    struct document *document;
    struct entry_index by[ENTRY_FIELDS];
    uint32_t *moments; /* by entry: its milestones as bits; those past LIST_MAX are not set */
    size_t left_out;   /* rows that lists count and do not show */
    bool second_zone;
    int64_t start_ns, end_ns; /* of impact as far as known, else of the records */
    const struct entry *start_entry, *end_entry;
};

/* ---- index.c ---- */

/* Lives as long as the incident; released by its owner. */
void entry_index_init(struct entry_index *index, const struct incident *incident,
                      enum entry_field field);
void entry_index_release(struct entry_index *index);
/* The place of the first entry whose text is not less. */
size_t entry_index_from(const struct entry_index *index, struct sv text);
/* The entries with just this text, in their order. */
const struct entry *const *
entry_index_find(const struct entry_index *index, struct sv text, size_t *ret_count);

/* A row that competes for a place in a list. */
struct ranked {
    size_t place; /* where the list shows it */
    int64_t rank; /* the greater, the more it matters; of equals the earlier place */
};
/* Moves the LIST_MAX rows that matter most to the front, by place; returns how many are shown. */
size_t list_best(struct ranked *rows, size_t count);
/* After a list of `count` rows of which `shown` stand there: a note of how many more there are. */
void add_more(struct draft *draft, size_t count, size_t shown, const char *what);

/* ---- facts.c ---- */

const struct milestone_row *milestone_at(const struct draft *draft, enum milestone milestone);
const struct entry *milestone_entry(const struct draft *draft, const struct milestone_row *row);
const struct entry *entry_named(const struct draft *draft, struct sv entry_id);
bool is_alert(const struct entry *entry);
bool is_change(const struct entry *entry);
bool is_update(const struct entry *entry); /* users were told */
bool is_todo(const struct entry *entry);   /* something to do later, even in passing */
bool is_rollback(const struct entry *entry);
/* Is its order against the row before not established? */
bool order_is_open(const struct draft *draft, const struct entry *entry);
const struct entry *first_entry(const struct draft *draft, bool (*test)(const struct entry *));
const struct entry *first_person_report(const struct draft *draft);
/* First and last entry of a node; false when it has none. */
bool node_entries(const struct draft *draft, const struct node *node,
                  const struct entry **ret_first, const struct entry **ret_last);

/* ---- one function for each `fill` of the template ---- */

#define FILLS                                                                                      \
    FILL(metadata)                                                                                 \
    FILL(summary)                                                                                  \
    FILL(well)                                                                                     \
    FILL(impact)                                                                                   \
    FILL(detection)                                                                                \
    FILL(timeline)                                                                                 \
    FILL(response)                                                                                 \
    FILL(changes)                                                                                  \
    FILL(factors) FILL(mitigators) FILL(poorly) FILL(actions) FILL(followup) FILL(communication)   \
        FILL(questions) FILL(data)
#define FILL(name) void fill_##name(struct draft *draft);
FILLS
#undef FILL

#endif
