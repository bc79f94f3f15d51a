/*
 * The rule of citations on the bytes of a Markdown draft, for tests: independent of the writer that
 * it judges.
 *
 * Every line a machine wrote cites entries that exist. A line needs no citation when it is blank,
 * inside an HTML comment, a heading ("#"), a note of the tool ("> "), a prompt ("- TODO(human): "
 * or a table row that begins "| TODO(human) "), or the head or separator of a table. Every other
 * line ends with one or more " [e:ID]" (in a table: in its last cell), where ID is 12 or more
 * digits that begin exactly one entry's id.
 */
#ifndef TESTS_LIB_CITATIONS_H
#define TESTS_LIB_CITATIONS_H

#include "base/strbuf.h"
#include "hindcast/incident.h"

/* The number of lines that break the rule; describes the first in `ret_problem` (added to it). */
size_t
citations_check(struct sv markdown, const struct incident *incident, struct strbuf *ret_problem);

#endif
