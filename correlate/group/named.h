/*
 * Incidents that a record names in words: "INCIDENT #1924" in what a paging tool sends as text, the
 * channel "checkout-inc-1924". For records whose source tells no id of its own. Pure.
 */
#ifndef CORRELATE_NAMED_H
#define CORRELATE_NAMED_H

#include "correlate/group/grouping.h"

/* "#1924", made in the arena, or absent. `text`: what people read of the record. */
struct sv named_incident(struct arena *arena, const struct event *event, struct sv text);

#endif
