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
 * What is known of the clocks of the records from an hour before the incident to an hour after it,
 * by name. Needs the snapshot of READ_RECORDS.
 */
int clocks_around(const struct config *config, struct store *store, struct arena *arena,
                  const struct incident *incident, struct clock_offsets *ret_offsets,
                  struct err *err) MUST_CHECK;
/*
 * The incident as these clocks leave it; what was corrected is told on stderr. Needs the snapshot
 * of READ_RECORDS.
 */
int clocks_align(const struct config *config, struct store *store, struct arena *arena,
                 struct incident *incident, struct err *err) MUST_CHECK;

#endif
