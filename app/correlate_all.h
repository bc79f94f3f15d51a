/*
 * Correlating all scopes over an open store: what `correlate` and `draft` do. The thread that owns
 * the store.
 */
#ifndef APP_CORRELATE_ALL_H
#define APP_CORRELATE_ALL_H

#include "hindcast/casebook.h"

struct correlate_summary {
    size_t scopes, events, nodes, raised, others, entries;
    size_t parts;     /* of the scopes: computed by what is new to them; counted is what that is */
    size_t elsewhere; /* scopes that another correlator computes */
    /* When records that wait for incidents of very many are to be taken in, of the wall clock;
     * INT64_MAX: none wait, or nobody asked (all modes but SHARED take all of them in). */
    int64_t wake_ms;
    bool stopped; /* as asked, before all scopes were done */
    bool differs; /* what is applied, and was worked with, is not what `own` says */
    char config_digest[SHA256_HEX + 1]; /* of what was worked with */
    char own_digest[SHA256_HEX + 1];    /* of what `own` says */
};

enum correlate_mode {
    CORRELATE_ALL,    /* every scope; only what changed is written */
    CORRELATE_BEHIND, /* only scopes with something new */
    CORRELATE_SHARED, /* of these only what no other correlator computes */
    CORRELATE_ANEW,   /* every scope, and every derived row is written again */
};

/*
 * Load, correlate and save scopes, each in one transaction of its own, until *stop. Works with the
 * configuration that is applied when it begins; `own` becomes that where none was (app/applied.h).
 */
int correlate_all(struct store *store, const struct correlation_config *own,
                  enum correlate_mode mode, const volatile bool *stop,
                  struct correlate_summary *ret_summary, struct err *err) MUST_CHECK;

#endif
