/*
 * Worlds of tellworld.h against a real PostgreSQL where incidents of few records are floods
 * (correlate/stored/floods.h): records wait for them, or are taken in, as a clock made by chance
 * says. After each step the tables are those of the records that do not wait, after the last one,
 * when nothing waits, those of the whole, which, saved afterwards, writes no row.
 */
#ifndef TESTS_LIB_FLOODREPLAY_H
#define TESTS_LIB_FLOODREPLAY_H

#include "correlate/stored/advance.h"
#include "tests/lib/tellworld.h"

struct floodreplay {
    struct store *store; /* of the role hindcast_correlate, after casetables_stream() */
    const struct tellworld *world;
    struct correlation_config config;
    struct flood_limits limits;
    unsigned without; /* enum flood_rule; 0: what differs fails the test */
    bool tells;       /* how many records wait */
    uint64_t random;
    int64_t clock_ms;
    size_t waited, stale, unsettled, parts, wholes; /* steps */
};

/* Rows come in order; how many have come after each step. False: a step left something else than
 * it should. */
bool floodreplay_run(struct floodreplay *replay, const size_t *ends, size_t count);

#endif
