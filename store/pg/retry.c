/*
 * Backoff: see hindcast/retry.h. Called by whoever owns the connection, on its thread.
 */
#include "hindcast/retry.h"

#include <time.h>

#include "base/clock.h"

#define SLICE_NS (50 * NS_PER_MS)

const struct retry_policy retry_server = {.first_ns = 100 * NS_PER_MS, .max_ns = 10 * NS_PER_S};

void
retry_init(struct retry *retry, const struct retry_policy *policy, uint64_t seed)
{
    *retry = (struct retry){.policy = *policy, .random = seed * 2 + 1};
}

void
retry_reset(struct retry *retry)
{
    retry->tries = 0;
}

/* splitmix64 */
static uint64_t
next_random(struct retry *retry)
{
    uint64_t z = retry->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t
retry_next_ns(struct retry *retry)
{
    retry->tries++;
    if (retry->policy.attempts > 0 && retry->tries >= retry->policy.attempts)
        return -1;
    int64_t wait = retry->policy.first_ns;
    for (int i = 1; i < retry->tries && wait < retry->policy.max_ns; i++)
        wait *= 2;
    if (wait > retry->policy.max_ns)
        wait = retry->policy.max_ns;
    /* Half is fixed, half is chance. */
    return wait / 2 + (int64_t)(next_random(retry) % (uint64_t)(wait / 2 + 1));
}

bool
retry_wait(struct retry *retry, const volatile bool *stop)
{
    int64_t wait = retry_next_ns(retry);
    if (wait < 0)
        return false;
    int64_t until = clock_after(wait);
    for (;;) {
        int64_t left = until - clock_monotonic_ns();
        if (stop != NULL && *stop)
            return false;
        if (left <= 0)
            return true;
        if (left > SLICE_NS)
            left = SLICE_NS;
        nanosleep(&(struct timespec){left / NS_PER_S, left % NS_PER_S}, NULL);
    }
}
