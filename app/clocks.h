/*
 * `hindcast clocks`, and a timeline by corrected clocks: intervals of what is stored
 * (correlate/clock/offsets.h). Main thread; errors as in hindcast/clocks.h.
 */
#ifndef APP_CLOCKS_H
#define APP_CLOCKS_H

#include "base/config/config.h"
#include "correlate/clock/align.h"

/* Prints the interval of each clock in records of [since, until), TIME_NONE: no bound. */
struct clocks_request {
    int64_t since_ns, until_ns;
    bool json;
};
int clocks_show(const struct config *config, const struct clocks_request *request,
                const volatile bool *stop, struct err *err) MUST_CHECK;
/*
 * The incident as its records' clocks, compared from an hour before it to an hour after it, leave
 * it; what was corrected is told on stderr. Needs the snapshot of READ_RECORDS.
 */
int clocks_align(const struct config *config, struct store *store, struct arena *arena,
                 struct incident *incident, struct err *err) MUST_CHECK;

#endif
