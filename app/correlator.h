/*
 * The correlator: from the configuration to derived rows, once or again and again. One thread, one
 * connection. What was done is told on stdout, what is waited for on stderr.
 */
#ifndef APP_CORRELATOR_H
#define APP_CORRELATOR_H

#include "base/config/config.h"
#include "hindcast/correlation.h"

struct correlator {
    const struct config *config;
    const struct correlation_config *correlation;
    const volatile bool *stop;
};

/* Takes in what is there; `rebuild`: derives everything again. FAILED where it was stopped. */
int correlator_once(const struct correlator *correlator, bool rebuild, struct err *err) MUST_CHECK;
/*
 * Goes on until *stop: works, then waits for a batch or correlate.interval, here and nowhere else
 * while the database is away. Serves metrics.listen.
 */
int correlator_follow(const struct correlator *correlator, struct err *err) MUST_CHECK;

#endif
