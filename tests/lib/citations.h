/*
 * The rule of citations on the bytes of a Markdown draft, for tests: independent of the writer that
 * it judges.
 *
 * Every line a machine wrote ends with a footnote, "[^N]" (in a table: in its last cell). A line
 * needs none when it is blank, a heading ("#"), a note of the tool ("> "), a prompt
 * ("- TODO(human): "), the head or separator of a table, a row whose cells behind the first are
 * blank, "TODO(human)" or "Draft". Footnotes are defined at the end, "[^N]: ...", numbered from 1
 * in the order of their first use, each used and no two of the same entries; each names "e:ID",
 * where ID is 12 or more digits that begin exactly one entry's id.
 */
#ifndef TESTS_LIB_CITATIONS_H
#define TESTS_LIB_CITATIONS_H

#include "base/strbuf.h"
#include "hindcast/incident.h"

/* The number of breaches of the rule; describes the first in `ret_problem` (added to it). */
size_t
citations_check(struct sv markdown, const struct incident *incident, struct strbuf *ret_problem);

#endif
