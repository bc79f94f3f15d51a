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
};

/*
 * The correlator's settings. `rules` is initialized here and keeps the text of correlate.rules
 * while the settings are in use; the caller releases it, also after a failure.
 */
int cmd_correlation_config(const struct config *config, struct strbuf *rules,
                           struct correlation_config *ret_config, struct err *err) MUST_CHECK;
/* Load, correlate and save every scope, or only those with something new. */
int
cmd_correlate_all(struct store *store, const struct correlation_config *config, bool only_behind,
                  struct correlate_summary *ret_summary, struct err *err) MUST_CHECK;

#endif
