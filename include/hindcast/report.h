/*
 * Postmortem drafts: a pure function from a stored incident to a document, and from that to
 * Markdown with stable bytes. Numbers come from rows only; each generated line names the entries
 * that prove it; what a machine cannot know is a prompt for people, marked TODO(human). No cause is
 * stated.
 */
#ifndef HINDCAST_REPORT_H
#define HINDCAST_REPORT_H

#include "hindcast/clock_interval.h"
#include "hindcast/counted.h"
#include "hindcast/document.h"
#include "hindcast/loaded_file.h"

/* What the draft says and in which order: see docs/postmortem.md. */
struct report_template {
    const char *name; /* of its file, for messages */
    struct sv text;
};
/* What is made of an incident. */
enum report_kind {
#define REPORT_DOCUMENT(name, about) REPORT_##name,
#include "hindcast/report_documents.def"
#undef REPORT_DOCUMENT
    REPORT_KINDS
};
extern const char *const report_kind_names[REPORT_KINDS];
/* "summary": REPORT_summary; NULL: the first. REPORT_KINDS where there is no such document. */
enum report_kind report_kind_find(const char *name);
/* The one in the program. */
struct report_template report_template_built_in(enum report_kind kind);
/* CONFIG, with file and line: what report_document() would refuse of it. */
int report_template_check(const struct report_template *template, struct err *err) MUST_CHECK;

/* What the draft says about its sources; counts only, no wall clock. */
struct report_context {
    const struct report_template *template; /* NULL: that of postmortems in the program */
    struct sv number;                       /* "INC-2026-0042" */
    struct sv digest_hex;                   /* of the incident's canonical export */
    int64_t records_read, records_quarantined, records_lost;
    const struct loaded_file *files; /* of the scope, by name */
    size_t file_count;
    const struct topic_reading *readings; /* of the whole store; rows of a topic in a row */
    size_t reading_count;
    struct skipped_lines skipped;
    const struct clock_interval *clocks; /* of the time around it, by name; none: not compared */
    size_t clock_count;
    struct sv time_zone;  /* of a second time column; absent: UTC only */
    struct sv tz_version; /* of the time zone database; absent: not told */
    struct sv rest_name;  /* of the file beside the draft that holds every row; absent: none */
};

/*
 * The draft as a document, checked with document_check(): where a line lacks evidence there is no
 * draft (ERR_INTERNAL), so whoever has one may hand it to any writer. Needs nodes and entries of
 * the incident. Lists are short: what they only count, `ret_left_out` rows in all, is in the full
 * timeline, and the draft says where. document_release() gives it back.
 */
int
report_document(const struct incident *incident, const struct report_context *context,
                struct document *ret_document, size_t *ret_left_out, struct err *err) MUST_CHECK;

/* The same as Markdown. `out` is cleared first and after an error. */
int report_markdown(const struct incident *incident, const struct report_context *context,
                    struct strbuf *out, size_t *ret_left_out, struct err *err) MUST_CHECK;

#endif
