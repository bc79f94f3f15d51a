/*
 * Revisions of an incident: listing and comparing them on stdout, and finding the one that somebody
 * means. Main thread. `incident` as for casebook_incident().
 */
#ifndef APP_REVISIONS_SHOW_H
#define APP_REVISIONS_SHOW_H

#include "base/config/config.h"
#include "hindcast/revisions.h"

int revisions_show(const struct config *config, const char *incident, bool json,
                   const volatile bool *stop, struct err *err) MUST_CHECK;

/* NULL `to`: the newest; NULL `from`, too: the newest against the one before. */
int
revisions_compare(const struct config *config, const char *incident, const char *from,
                  const char *to, bool json, const volatile bool *stop, struct err *err) MUST_CHECK;

/*
 * The incident as it was at a revision (its number) or at a moment (--as-of, by when revisions were
 * published), the other NULL; says on stderr which revision that is, and what may be missing.
 * NOT_FOUND: there is none. USAGE: no number, no time.
 */
int revision_incident(struct store *store, struct arena *arena, const char *incident,
                      const char *revision, const char *as_of, struct stored_incident *ret_stored,
                      struct err *err) MUST_CHECK;

#endif
