/*
 * Waiting between attempts: exponential backoff with jitter, in one place. The owner of a
 * connection uses it on its own thread; the delays depend on the seed only, so that tests can know
 * them.
 */
#ifndef HINDCAST_RETRY_H
#define HINDCAST_RETRY_H

#include <stdbool.h>
#include <stdint.h>

struct retry_policy {
    int64_t first_ns; /* before the second attempt */
    int64_t max_ns;   /* no single wait is longer */
    int attempts;     /* in all; 0: no end */
};

/* Waits from 100 ms to 10 s, without end: for a server that is away. */
extern const struct retry_policy retry_server;

struct retry {
    struct retry_policy policy;
    uint64_t random;
    int tries; /* failures so far */
};

/* `seed` should differ between threads, so that they do not all come back at once. */
void retry_init(struct retry *retry, const struct retry_policy *policy, uint64_t seed);
/* After a success. */
void retry_reset(struct retry *retry);
/* After a failure: nanoseconds to wait before the next attempt, or -1 to give up. */
int64_t retry_next_ns(struct retry *retry);
/* The same, and waits. False: give up, or `stop` (may be NULL) became true. */
bool retry_wait(struct retry *retry, const volatile bool *stop);

#endif
