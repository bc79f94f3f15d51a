/*
 * Detectors: forms of secrets, addresses and names as patterns (detectors.tsv), some with a check
 * that a pattern cannot express. Made once, then read only; one thread at a time, since they share
 * the room for a match.
 */
#ifndef REPORT_REDACT_DETECTORS_H
#define REPORT_REDACT_DETECTORS_H

#include "base/arena.h"
#include "base/err.h"
#include "report/redact/kinds.h"

struct detectors;

/* CONFIG: a line of the text is wrong; the message names it. `name` is of the file. */
int detectors_new(struct sv text, const char *name, struct detectors **ret_detectors,
                  struct err *err) MUST_CHECK;
/* Those that are built in. INTERNAL: they are wrong. */
int detectors_built_in(struct detectors **ret_detectors, struct err *err) MUST_CHECK;
/* NULL is none. */
void detectors_free(struct detectors *detectors);

size_t detectors_count(const struct detectors *detectors);
enum redact_kind detectors_kind(const struct detectors *detectors, size_t at);

/*
 * What detector `at` finds in the text from `from` on: the bytes [*ret_from, *ret_to), never empty,
 * and where to go on. False: nothing more. The text is UTF-8.
 */
bool detectors_next(struct detectors *detectors, size_t at, struct sv text, size_t from,
                    size_t *ret_from, size_t *ret_to, size_t *ret_next);

#endif
