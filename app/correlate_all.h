/*
 * Correlating all scopes over an open store: what `correlate` and `draft` do. The thread that owns
 * the store.
 */
#ifndef APP_CORRELATE_ALL_H
#define APP_CORRELATE_ALL_H

#include "hindcast/casebook.h"

struct correlate_summary {
    size_t scopes, events, nodes, raised, others, entries;
    bool stopped; /* as asked, before all scopes were done */
};

enum correlate_mode {
    CORRELATE_ALL,    /* every scope; only what changed is written */
    CORRELATE_BEHIND, /* only scopes with something new */
    CORRELATE_ANEW,   /* every scope, and every derived row is written again */
};

/* Load, correlate and save scopes, each in one transaction of its own, until *stop. */
int correlate_all(struct store *store, const struct correlation_config *config,
                  enum correlate_mode mode, const volatile bool *stop,
                  struct correlate_summary *ret_summary, struct err *err) MUST_CHECK;

#endif
