/*
 * Telling that a command waits, and for what: once for each state, not once for each attempt, and
 * once more when it goes on. On stderr; one thread.
 */
#ifndef APP_WAIT_NOTICE_H
#define APP_WAIT_NOTICE_H

#include <stdint.h>

struct wait_notice {
    const char *command; /* "ingest" */
    char told[160];      /* the reason told last; empty: it does not wait */
    int64_t since_ns;    /* monotonic: when it began to wait */
};

/* `reason` is compared and shown cut to what fits. */
void wait_notice_tell(struct wait_notice *notice, const char *reason);
/* Nothing where no wait was told. */
void wait_notice_over(struct wait_notice *notice);

#endif
