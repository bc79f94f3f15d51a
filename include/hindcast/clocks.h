/*
 * Pairs of cause and effect on two clocks, out of the records that are stored: what
 * correlate/clock/offsets.h makes intervals of. One connection, one thread; errors as in store.h.
 */
#ifndef HINDCAST_CLOCKS_H
#define HINDCAST_CLOCKS_H

#include "base/arena.h"
#include "hindcast/store.h"

#define CLOCK_SAMPLES_MAX 5000000 /* read at once */

/* Cause and effect; the name of the broker's clock is empty. */
struct clock_sample {
    struct sv from, to;
    int64_t lag_us; /* at `to` less at `from`, with what `to` was cut to added; within 130 years */
};

/*
 * Of records in [since, until), TIME_NONE: no bound. A record and its append, where the broker's
 * clock told when that was (LogAppendTime, as the first and the last of these records of the
 * partition have it); a span and its parent, when they begin, and, of a call that is waited for,
 * when they end. A clock is the host's, else the source's. LIMIT where there are more than
 * `most`. Needs the snapshot of READ_RECORDS.
 */
int store_clock_samples(struct store *store, struct arena *arena, int64_t since_ns,
                        int64_t until_ns, size_t most, struct clock_sample **ret_samples,
                        size_t *ret_count, struct err *err) MUST_CHECK;

#endif
