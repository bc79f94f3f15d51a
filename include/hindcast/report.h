/*
 * Postmortem drafts: a pure function from a stored incident to Markdown with stable bytes. Numbers
 * come from rows only; each generated line ends with the ids of the entries that prove it; what a
 * machine cannot know is a prompt for people, marked TODO(human). No cause is stated.
 */
#ifndef HINDCAST_REPORT_H
#define HINDCAST_REPORT_H

#include "base/strbuf.h"
#include "hindcast/incident.h"

/* What the draft says about its sources; counts only, no wall clock. */
struct report_context {
    struct sv number;     /* "INC-2026-0042" */
    struct sv digest_hex; /* of the incident's canonical export */
    int64_t records_read, records_quarantined, records_lost;
    struct sv time_zone; /* of a second time column; absent: UTC only */
    struct sv rest_name; /* of the file beside the draft that holds every row; absent: none */
};

/*
 * The draft, checked with report_check_citations(): where a line lacks evidence there is no draft
 * (ERR_INTERNAL), so whoever has one may hand it out. `out` is cleared first and after an error.
 * Needs nodes and entries of the incident. Lists are short: what they only count, `ret_left_out`
 * rows in all, is in the full timeline, and the draft says where.
 */
int report_markdown(const struct incident *incident, const struct report_context *context,
                    struct strbuf *out, size_t *ret_left_out, struct err *err) MUST_CHECK;

/*
 * Every line a machine wrote must cite an entry that exists: returns the number of uncited or
 * wrongly cited lines and describes the first in `ret_problem` (added to it).
 *
 * A line needs no citation when it is blank, inside an HTML comment, a heading ("#"), a note of the
 * tool ("> "), a prompt ("- TODO(human): " or a table row that begins "| TODO(human) "), or the
 * head or separator of a table. Every other line was generated and ends with one or more " [e:ID]"
 * (in a table: in its last cell), where ID is 12 or more digits that begin exactly one entry's id.
 * Text of records cannot look like a citation: its brackets are escaped.
 */
size_t report_check_citations(struct sv markdown, const struct incident *incident,
                              struct strbuf *ret_problem);

#endif
