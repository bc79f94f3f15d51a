/*
 * What another configuration would change, over all history: `hindcast correlate --what-if`.
 * Changes nothing. Main thread.
 */
#ifndef APP_WHAT_IF_H
#define APP_WHAT_IF_H

#include "base/config/config.h"

struct what_if_request {
    const char *path; /* an INI file; what it does not name stays as it is applied */
    int64_t since_ns; /* of incidents' last signs; TIME_NONE: all */
    bool json;
};

/* Everything of a scope is in memory at once, its result twice. CONFIG: nothing was applied yet, or
 * nothing could be correlated with what the file says. */
int what_if(const struct config *config, const struct what_if_request *request,
            const volatile bool *stop, struct err *err) MUST_CHECK;

#endif
