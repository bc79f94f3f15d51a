/*
 * What the files of report/ share: the draft being written, safe text, citations, facts. A draft
 * belongs to one call of report_markdown(); nothing here is seen outside this folder.
 */
#ifndef REPORT_DRAFT_H
#define REPORT_DRAFT_H

#include "base/clock.h"
#include "hindcast/report.h"

#define CITES_MAX 6 /* ids at the end of one line */
#define CITE_MIN 12 /* hex digits of an id, more where 12 are not unique */

struct draft {
    const struct incident *incident;
    const struct report_context *context;
    struct strbuf *out;
    bool *cited; /* by entry */
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

/* ---- cite.c ---- */

size_t cite_length(const struct incident *incident);
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
const struct entry *entry_named(const struct incident *incident, struct sv entry_id);
bool is_alert(const struct entry *entry);
bool is_change(const struct entry *entry);
bool is_update(const struct entry *entry); /* users were told */
bool is_todo(const struct entry *entry);   /* something to do later, even in passing */
bool is_rollback(const struct entry *entry);
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
    FILL(timeline) FILL(response) FILL(changes) FILL(factors) FILL(mitigators) FILL(poorly)        \
        FILL(actions) FILL(followup) FILL(communication) FILL(questions) FILL(data)
#define FILL(name) void fill_##name(struct draft *draft);
FILLS
#undef FILL

#endif
