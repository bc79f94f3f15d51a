/*
 * Correlating all scopes over an open store: shared by `correlate` and `draft`. The thread that
 * owns the store.
 */
#ifndef CMD_CORRELATE_H
#define CMD_CORRELATE_H

#include "base/config/config.h"
#include "hindcast/casebook.h"

struct correlate_summary {
    size_t scopes, events, nodes, raised, others, entries;
    bool stopped; /* by a signal, before all scopes were done */
};

/*
 * The correlator's settings. `rules` is initialized here and keeps the text of correlate.rules
 * while the settings are in use; the caller releases it, also after a failure.
 */
int cmd_correlation_config(const struct config *config, struct strbuf *rules,
                           struct correlation_config *ret_config, struct err *err) MUST_CHECK;
enum correlate_mode {
    CORRELATE_ALL,    /* every scope; only what changed is written */
    CORRELATE_BEHIND, /* only scopes with something new */
    CORRELATE_ANEW,   /* every scope, and every derived row is written again */
};
/* Load, correlate and save scopes, each in one transaction of its own. */
int cmd_correlate_all(struct store *store, const struct correlation_config *config,
                      enum correlate_mode mode, struct correlate_summary *ret_summary,
                      struct err *err) MUST_CHECK;

#endif
