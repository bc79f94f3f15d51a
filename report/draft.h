/*
 * What the files of report/ share: the draft being written, safe text, citations, facts. A draft
 * belongs to one call of report_markdown(); nothing here is seen outside this folder.
 */
#ifndef REPORT_DRAFT_H
#define REPORT_DRAFT_H

#include "base/clock.h"
#include "hindcast/report.h"

#define CITES_MAX 6  /* ids at the end of one line */
#define CITE_MIN 12  /* hex digits of an id, more where 12 are not unique */
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
    struct strbuf *out;
    struct entry_index by[ENTRY_FIELDS];
    bool *cited;       /* by entry */
    uint32_t *moments; /* by entry: its milestones as bits; those past LIST_MAX are not set */
    size_t left_out;   /* rows that lists count and do not show */
    size_t cite_length;
    bool second_zone;
    int64_t start_ns, end_ns; /* of impact as far as known, else of the records */
    const struct entry *start_entry, *end_entry;
};

/* ---- text.c: untrusted text and times ---- */

/* As one line of Markdown that shows the bytes and does nothing else. */
void add_safe(struct strbuf *out, struct sv text);
/* In quotation marks. */
void add_quoted(struct strbuf *out, struct sv text);
/* "<https://...>" where the address is plain http or https, else nothing. */
bool add_link(struct strbuf *out, struct sv url);
void add_time(struct strbuf *out, int64_t ns); /* "2026-03-01 10:02 UTC" */
void add_duration(struct strbuf *out, int64_t ns);

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
/* Ends a list of `count` rows of which LIST_MAX are shown: a note of how many more there are. */
void add_more(struct draft *draft, size_t count, const char *what);

/* ---- cite.c ---- */

size_t cite_length(const struct entry_index *by_id);
/* " [e:ab12cd34ef56]" and so on, for up to CITES_MAX entries; NULL entries are skipped. */
void add_cites(struct draft *draft, const struct entry *const *entries, size_t count);
void add_cite(struct draft *draft, const struct entry *entry);
/* Ends a list line: citations, newline. */
void end_line(struct draft *draft, const struct entry *const *entries, size_t count);
/* Ends a table row: citations in the last cell. */
void end_row(struct draft *draft, const struct entry *const *entries, size_t count);

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
    FILL(changes) FILL(factors) FILL(mitigators) FILL(poorly) FILL(actions) FILL(followup)         \
        FILL(communication) FILL(questions) FILL(data)
#define FILL(name) void fill_##name(struct draft *draft);
FILLS
#undef FILL

#endif
